"""Shows every panel with made-up values, in each theme: `python -m sam2_annotator.ui.panels.gallery PICTURE.png`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QTabWidget, QVBoxLayout, QWidget

from sam2_annotator.ui.labels.entries import AttributeEntry, LabelEntry
from sam2_annotator.ui.notices import Notice, Tone
from sam2_annotator.ui.panels.attributes import AttributesPanel
from sam2_annotator.ui.panels.candidates import CandidateEntry, CandidateStrip
from sam2_annotator.ui.panels.files import FileEntry, FilesPanel, FileState
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.panels.notices_view import NoticesView
from sam2_annotator.ui.panels.objects import ObjectEntry, ObjectsPanel
from sam2_annotator.ui.panels.options_strip import Hint, OptionsStrip
from sam2_annotator.ui.panels.propagation_bar import PropagationBar, RunState
from sam2_annotator.ui.panels.status_bar import EngineState, Saved, SaveState, StatusBar
from sam2_annotator.ui.panels.timeline import LaneEntry, Timeline
from sam2_annotator.ui.panels.transport import Transport
from sam2_annotator.ui.panels.welcome import RecentEntry, WelcomePanel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice
from sam2_annotator.ui.theme.widgets import row_layout, set_role
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.palette import colour, ring
from sam2_annotator.values.states import Direction, MaskState

SIZE = QSize(1280, 800)
_FRAMES = 20_000
_NAMES = ("dog", "cat", "", "person", "bicycle", "dog", "traffic light", "cat", "boat")
_STATES = (MaskState.KEY, MaskState.PROPAGATED, MaskState.CONFIRMED, None, MaskState.ABSENT, MaskState.EMPTY)


def objects(theme: Theme) -> ObjectsPanel:
    """Objects in every state."""
    panel = ObjectsPanel(theme)
    rows = tuple(
        ObjectEntry(
            object_id=ObjectId(number),
            number=number,
            label=name,
            state=_STATES[number % len(_STATES)],
            area=number * 3107 if _STATES[number % len(_STATES)] else 0,
            visible=number != 4,
            locked=number == 5,
            draft=number == len(_NAMES),
            colour=colour(number),
            ring=ring(number),
        )
        for number, name in enumerate(_NAMES, start=1)
    )
    panel.set_rows(rows)
    panel.set_selection((ObjectId(2),))
    return panel


def labels(theme: Theme) -> LabelsPanel:
    """A few labels, one current."""
    panel = LabelsPanel(theme)
    names = ("dog", "cat", "person", "bicycle", "traffic light")
    panel.set_rows(
        tuple(LabelEntry(LabelId(i), n, i, 7 * i % 11, colour(i)) for i, n in enumerate(names, start=1)), LabelId(2)
    )
    return panel


def attributes(theme: Theme) -> AttributesPanel:
    """One of each kind, of two objects that differ in one."""
    panel = AttributesPanel(theme)
    flag, choice, number, text = AttributeKind.FLAG, AttributeKind.CHOICE, AttributeKind.NUMBER, AttributeKind.TEXT
    entries = (
        AttributeEntry(AttributeId(1), AttributeSpec("occluded", flag, per_frame=True), True, since=FrameIndex(812)),
        AttributeEntry(AttributeId(2), AttributeSpec("pose", choice, ("sits", "runs")), mixed=True, said=True),
        AttributeEntry(AttributeId(3), AttributeSpec("age", number), 2.5, said=True),
        AttributeEntry(AttributeId(4), AttributeSpec("remark", text)),
    )
    objects = (ObjectId(1), ObjectId(2))
    panel.set_entries(entries, objects, FrameIndex(812), about="2 objects", defined=True)
    return panel


def files(theme: Theme) -> FilesPanel:
    """Items in every state."""
    panel = FilesPanel(theme)
    states = tuple(FileState)
    folder = Path("holiday")
    panel.model.put(
        FileEntry(
            MediaRef(ItemId(i), MediaKind.IMAGE, folder / f"IMG_{4000 + i}.jpg"),
            states[i * 7 % 4],
            objects=i * 5 % 4,
            flags=i % 5 == 0,
            missing=i == 7,
        )
        for i in range(1, 10_001)
    )
    panel.set_current(ItemId(4))
    return panel


def timeline(theme: Theme) -> Timeline:
    """Three tracks with key frames, gaps, empty and flagged frames."""
    panel = Timeline(theme)
    panel.set_clip(_FRAMES, 29.97)
    panel.set_lanes(tuple(LaneEntry(ObjectId(n), n, _NAMES[n - 1], colour(n)) for n in (1, 2, 4)))
    key, confirmed, tracked = MaskState.KEY, MaskState.CONFIRMED, MaskState.PROPAGATED
    first = {f: confirmed if f < 6000 else tracked for f in range(15_500)} | {0: key, 6000: key, 9200: key}
    first |= dict.fromkeys(range(11_000, 11_900), MaskState.EMPTY)
    second = dict.fromkeys(range(3000, _FRAMES), tracked) | {3000: key}
    second |= dict.fromkeys(range(7000, 8200), MaskState.ABSENT)
    panel.set_states(ObjectId(1), first, flagged=range(12_400, 12_700))
    panel.set_states(ObjectId(2), second, flagged=(5000, 16_400))
    panel.set_states(ObjectId(4), dict.fromkeys(range(9000), confirmed) | {4500: key})
    panel.set_selection((ObjectId(2),))
    panel.set_frame(8112)
    return panel


def candidates(theme: Theme) -> CandidateStrip:
    """Three masks of growing size."""
    strip = CandidateStrip(theme)
    strip.set_candidates(tuple(CandidateEntry(_thumbnail(s), q) for s, q in ((0.3, 0.71), (0.6, 0.94), (0.9, 0.83))), 1)
    return strip


def _thumbnail(share: float) -> QImage:
    image = QImage(152, 116, QImage.Format.Format_RGB32)
    image.fill(QColor("#7f8a76"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colour(2)))
    painter.drawEllipse(QRectF(76 - 70 * share, 58 - 52 * share, 140 * share, 104 * share))
    painter.end()
    return image


def bars(theme: Theme, run: RunState | None) -> QWidget:
    """Transport and propagation bar in one row, over the time line."""
    transport, propagation = Transport(theme), PropagationBar(theme)
    transport.set_clip(_FRAMES, 29.97)
    transport.set_frame(8112, 270.671)
    propagation.set_objects(2, 5)
    propagation.set_run(run)
    bar = QWidget()
    set_role(bar, "footer")
    row = row_layout()
    row.addWidget(transport)
    row.addWidget(propagation, 1)
    bar.setLayout(row)
    return bar


def window(theme: Theme) -> QWidget:
    """The panels where the main window has them."""
    canvas = QWidget()
    canvas.setObjectName("gallery")
    canvas.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    canvas.setStyleSheet(f"#gallery {{ background: {theme.tokens.canvas}; }}")
    canvas.setMinimumSize(200, 160)
    strip = candidates(theme)
    strip.setParent(canvas)
    notices = NoticesView(theme, canvas)
    notices.show_notice(Notice("Using sam2-nano on the CPU: a click takes about 0.2 s here.", Tone.PLAIN))
    done = Notice("Forward: 1,204 frames, 2 objects.", Tone.SUCCESS, (("Undo", DocumentAction.UNDO),))
    notices.show_notice(done)
    options = OptionsStrip(theme)
    hints = (Hint("Click", "add"), Hint("Right click", "take away"), Hint("Drag", "box"), Hint("Enter", "accept"))
    options.set_tool("prompt", "Prompt", (*hints, Hint("M", "other candidate"), Hint("Esc", "discard")))
    options.set_label("cat", colour(2))
    status = StatusBar(theme)
    status.set_next_click("Click: add to cat 2 · Right click: take away · Enter: accept")
    status.set_pointer(512.4, 300.8, "118 94 60")
    status.set_under_pointer("cat 2", 6214)
    status.set_zoom(1.25)
    status.set_frame(8112, _FRAMES, 270.671)
    status.set_engine(EngineState("CPU", "sam2-nano", "propagating", 0.4, busy=True))
    status.set_saved(SaveState(Saved.SAVED, "12:03"))
    left, right = QVBoxLayout(), QVBoxLayout()
    run = RunState(Direction.FORWARD, 1204, 3310, 18.4, 114.0)
    for widget, stretch in ((options, 0), (canvas, 1), (bars(theme, run), 0), (bars(theme, None), 0)):
        left.addWidget(widget, stretch)
    left.addWidget(timeline(theme))
    for groups in (
        (("Objects", objects(theme)), ("Labels", labels(theme))),
        (("Files", files(theme)),),
        (("Labels", labels(theme)),),
        (("Attributes", attributes(theme)),),
    ):
        tabs = QTabWidget()
        for title, panel in groups:
            tabs.addTab(panel, title)
        tabs.setFixedWidth(310)
        right.addWidget(tabs)
    return _frame(left, right, status, strip)


def _frame(left: QVBoxLayout, right: QVBoxLayout, status: StatusBar, strip: CandidateStrip) -> QWidget:
    result = QWidget()
    outside = QVBoxLayout(result)
    inside = row_layout(spacing=4)
    for column in (left, right):
        column.setSpacing(0)
    inside.addLayout(left, 1)
    inside.addLayout(right)
    outside.setContentsMargins(0, 0, 0, 0)
    outside.setSpacing(0)
    outside.addLayout(inside, 1)
    outside.addWidget(status)
    result.resize(SIZE)
    strip.move(SIZE.width() - 310 - strip.width() - 20, 14)
    strip.show()
    return result


def welcome(theme: Theme) -> QWidget:
    """The empty window."""
    panel = WelcomePanel(theme)
    panel.set_recent(
        tuple(RecentEntry(Path(f"/home/ann/{n}.s2a"), n) for n in ("street cameras", "cells 2024", "dogs"))
    )
    panel.resize(SIZE)
    return panel


def picture(theme: Theme) -> QImage:
    """The window and the empty window of every theme, below one another."""
    shots: list[QImage] = []
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT, ThemeChoice.HIGH_CONTRAST):
        theme.choose(choice)
        for widget in (window(theme), welcome(theme)):
            widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            widget.show()
            QApplication.processEvents()
            shots.append(widget.grab().toImage())
            widget.close()
    result = QImage(SIZE.width() * 2, SIZE.height() * len(shots) // 2, QImage.Format.Format_RGB32)
    painter = QPainter(result)
    for place, shot in enumerate(shots):
        painter.drawImage(place % 2 * SIZE.width(), place // 2 * SIZE.height(), shot)
    painter.end()
    return result


def main() -> int:
    """Write the picture named on the command line."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m sam2_annotator.ui.panels.gallery PICTURE.png\n")
        return 2
    theme = Theme(QApplication([]))
    return 0 if picture(theme).save(sys.argv[1]) else 1


if __name__ == "__main__":
    sys.exit(main())
