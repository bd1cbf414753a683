"""What the window shows while no project is open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.icons import pixmap
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import ElidedLabel, describe, repolish, row_layout, set_role, text_label
from sam2_annotator.values.intents import DocumentAction, OpenPaths

RECENT_SHOWN = 5
_MARK = 88
_ICON_ROOM = 34  # of the icon at the beginning of a row


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """A project opened before; `place` is the folder a person knows it by, `opened` when, in words."""

    path: Path
    title: str
    place: str = ""
    opened: str = ""


class _RecentRow(QPushButton):
    """The name of a project, where it lies and when it was opened."""

    def __init__(self, theme: Theme, entry: RecentEntry) -> None:
        super().__init__()
        what = " · ".join(filter(None, (entry.place, entry.opened))) or str(entry.path)
        describe(self, "recentProject", entry.title, what=what)
        set_role(self, "row")
        name, place = text_label(entry.title), ElidedLabel("muted")
        theme.set_icon(self, "open-folder")
        place.setText(entry.place)
        layout = row_layout(margins=(_ICON_ROOM, 6, 10, 6), spacing=10)
        layout.addWidget(name)
        layout.addWidget(place, 1)
        layout.addWidget(text_label(entry.opened, "muted"))
        self.setLayout(layout)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Room for the line."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()


class WelcomePanel(QWidget):
    """Ways to begin. Emits OPEN_FILE, OPEN_FOLDER, OPEN_SAMPLE and, for a drop or a recent project, OpenPaths."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(tr("Welcome"))
        self.setAcceptDrops(True)
        self._theme = theme
        self._usual = tr("Drop pictures, a folder or a video here.")
        self._target = QFrame()
        self._target.setObjectName("dropTarget")
        self._message = text_label(self._usual, "title")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._way_out, self._formats = QWidget(), text_label("", "muted")
        self._recent_title = text_label(tr("Recent projects"), "heading")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(1)
        self._recent_rows: list[QPushButton] = []
        self._lay_out()
        self.set_recent(())

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._target)
        inside.setContentsMargins(32, 36, 32, 36)
        inside.setSpacing(12)
        mark = QLabel()
        ratio = self.devicePixelRatioF()
        drawing = pixmap("app", "", round(_MARK * ratio))
        drawing.setDevicePixelRatio(ratio)
        mark.setPixmap(drawing)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(mark)
        inside.addWidget(self._message)
        note = text_label(tr("Nothing is uploaded: pictures and videos stay on this computer."), "muted")
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        note.setWordWrap(True)
        inside.addWidget(note)
        inside.addWidget(self._make_way_out())
        inside.addSpacing(8)
        inside.addLayout(self._make_buttons())
        outside = QVBoxLayout(self)
        outside.setContentsMargins(24, 24, 24, 24)
        outside.addStretch(2)
        centre, middle = row_layout(), QWidget()
        middle.setMaximumWidth(720)
        centre.addStretch(1)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._target)
        column.addSpacing(14)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        centre.addWidget(middle, 8)
        centre.addStretch(1)
        outside.addLayout(centre)
        outside.addStretch(3)

    def _make_way_out(self) -> QWidget:
        """What can be done when a folder had nothing to open; hidden until then."""
        self.another_button = self._button(
            "open-folder", "chooseAnother", tr("Choose another"), DocumentAction.OPEN_FOLDER
        )
        self.formats_button = QPushButton(tr("Which formats?"))
        describe(self.formats_button, "whichFormats", tr("Which formats?"))
        self.formats_button.clicked.connect(lambda: self._formats.setVisible(self._formats.isHidden()))
        formats = tr(
            "Pictures: JPEG, PNG, TIFF, WebP, BMP, PPM. Clips: MP4, MOV, MKV, WebM, AVI and others FFmpeg reads."
        )
        self._formats.setText(formats)
        self._formats.setObjectName("formatsNote")
        self._formats.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._formats.setWordWrap(True)
        self._formats.hide()
        buttons = row_layout(spacing=8)
        buttons.addStretch()
        buttons.addWidget(self.another_button)
        buttons.addWidget(self.formats_button)
        buttons.addStretch()
        rows = QVBoxLayout(self._way_out)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(buttons)
        rows.addWidget(self._formats)
        self._way_out.hide()
        return self._way_out

    def _make_buttons(self) -> QVBoxLayout:
        opens = row_layout(spacing=8)
        opens.addStretch()
        for icon, name, title, action in (
            ("open-picture", "openPicture", tr("Open picture"), DocumentAction.OPEN_FILE),
            ("open-folder", "openFolder", tr("Open folder"), DocumentAction.OPEN_FOLDER),
            ("open-video", "openVideo", tr("Open video"), DocumentAction.OPEN_FILE),
        ):
            opens.addWidget(self._button(icon, name, title, action))
        opens.addStretch()
        sample = self._button("sample", "openSample", tr("Try the sample"), DocumentAction.OPEN_SAMPLE)
        below = row_layout()
        below.addStretch()
        below.addWidget(sample)
        below.addStretch()
        rows = QVBoxLayout()
        rows.setSpacing(8)
        rows.addLayout(opens)
        rows.addLayout(below)
        return rows

    def _button(self, icon: str, name: str, title: str, action: DocumentAction) -> QPushButton:
        button = QPushButton(title)
        describe(button, name, title)
        self._theme.set_icon(button, icon)
        button.setIconSize(QSize(20, 20))
        button.clicked.connect(lambda: self.intent.emit(action))
        return button

    def set_recent(self, recent: tuple[RecentEntry, ...]) -> None:
        """The last projects, newest first; five are shown."""
        for row in self._recent_rows:
            self._recent.removeWidget(row)
            row.deleteLater()
        self._recent_rows = [self._recent_row(entry) for entry in recent[:RECENT_SHOWN]]
        self._recent_title.setVisible(bool(recent))

    def _recent_row(self, entry: RecentEntry) -> QPushButton:
        row = _RecentRow(self._theme, entry)
        row.clicked.connect(partial(self._open, (entry.path,)))
        self._recent.addWidget(row)
        return row

    @property
    def message(self) -> str:
        """The line above the buttons."""
        return self._message.text()

    def set_message(self, text: str) -> None:
        """A line above the buttons; "" for the usual one."""
        self._message.setText(text or self._usual)
        self._way_out.hide()
        self._formats.hide()

    def set_nothing_found(self, folder: str) -> None:
        """A folder had nothing to open: choose another, or see what can be opened."""
        self.set_message(tr("No pictures we can read in {name}.", name=folder))
        self._way_out.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that files may be dropped here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._show_dropping(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Back to normal."""
        self._show_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._show_dropping(False)
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self._open(paths)

    def _show_dropping(self, dropping: bool) -> None:
        self._target.setProperty("dropping", dropping)
        repolish(self._target)

    def _open(self, paths: tuple[Path, ...]) -> None:
        self.intent.emit(OpenPaths(paths))
