import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.timeline import LaneEntry, Timeline
from sam2_annotator.ui.panels.timeline_paint import GUTTER, LANE, RULER
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import GoToFrame, SelectObjects
from sam2_annotator.values.states import MaskState

FRAMES = 20_000
ORANGE = (0xE6, 0x9F, 0x00)
LANES = tuple(LaneEntry(ObjectId(n), n, "dog", ORANGE) for n in range(1, 6))


@pytest.fixture
def timeline(qtbot: QtBot, theme: Theme) -> Timeline:
    timeline = Timeline(theme)
    qtbot.addWidget(timeline)
    timeline.resize(GUTTER + 1008, 160)
    with qtbot.waitExposed(timeline):
        timeline.show()
    timeline.set_clip(FRAMES, 25.0)
    timeline.set_lanes(LANES)
    return timeline


def told_by(timeline: Timeline) -> list[object]:
    told: list[object] = []
    timeline.intent.connect(told.append)
    return told


def wheel(timeline: Timeline, x: int, notches: int) -> None:
    viewport = timeline.viewport()
    place = QPointF(x, RULER + 5)
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_pressing_and_dragging_scrubs(qtbot: QtBot, timeline: Timeline) -> None:
    told = told_by(timeline)
    viewport, y = timeline.viewport(), RULER + 10
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER + 100, y))
    qtbot.mouseMove(viewport, QPoint(GUTTER + 250, y))
    qtbot.mouseMove(viewport, QPoint(GUTTER + 250, y + 3))
    qtbot.mouseMove(viewport, QPoint(GUTTER + 5000, y))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER + 5000, y))
    qtbot.mouseMove(viewport, QPoint(GUTTER + 10, y))
    frames = [intent.frame for intent in told if isinstance(intent, GoToFrame)]
    assert len(frames) == len(told) == 3
    assert frames == [pytest.approx(2000, abs=25), pytest.approx(5000, abs=25), FRAMES - 1]


def test_the_wheel_zooms_at_the_pointer(qtbot: QtBot, timeline: Timeline) -> None:
    told = told_by(timeline)
    place = GUTTER + 600
    for notches in (1, 1, 1, 1, 1, 1):
        wheel(timeline, place, notches)
    for x in (place, place + 100):
        qtbot.mouseClick(timeline.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, RULER + 5))
    at, beside = (intent.frame for intent in told if isinstance(intent, GoToFrame))
    assert at == pytest.approx(12_000, abs=25)
    assert beside - at == pytest.approx(2000 / 1.25**6, abs=8)


def test_keys_step_when_reached_by_tab(qtbot: QtBot, timeline: Timeline) -> None:
    told = told_by(timeline)
    timeline.set_frame(10)
    timeline.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(timeline, key)
    assert told == [GoToFrame(9), GoToFrame(11), GoToFrame(0), GoToFrame(FRAMES - 1)]


def test_a_click_on_a_name_selects_the_object(qtbot: QtBot, timeline: Timeline) -> None:
    told = told_by(timeline)
    place = QPoint(40, RULER + LANE * 2 + LANE // 2)
    qtbot.mouseClick(timeline.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [SelectObjects((ObjectId(2),))]


def colours(image: QImage, y: int, left: int, right: int) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(left, right)}


def test_states_differ_in_shape_and_an_urgent_frame_never_vanishes(timeline: Timeline, theme: Theme) -> None:
    states = dict.fromkeys(range(5000), MaskState.CONFIRMED) | dict.fromkeys(range(5000, 15_000), MaskState.PROPAGATED)
    timeline.set_states(ObjectId(1), states, flagged=(7_777,))
    image = timeline.viewport().grab().toImage()
    middle = RULER + LANE + LANE // 2
    solid = colours(image, middle, GUTTER + 20, GUTTER + 240)
    hatched = colours(image, middle, GUTTER + 400, GUTTER + 740)
    gap = colours(image, middle - 3, GUTTER + 800, GUTTER + 990)
    assert solid == {QColor(*ORANGE).name()}
    assert len(hatched) > 1
    assert gap == {theme.tokens.lane}
    column = GUTTER + round(7_777 / 20)
    assert theme.tokens.danger in colours(image, middle - 6, column - 1, column + 2)


def test_a_key_frame_is_a_diamond_at_any_zoom(timeline: Timeline, theme: Theme) -> None:
    states = dict.fromkeys(range(FRAMES), MaskState.PROPAGATED) | {10_000: MaskState.KEY}
    timeline.set_states(ObjectId(1), states)
    middle = RULER + LANE + LANE // 2
    image = timeline.viewport().grab().toImage()
    assert theme.tokens.text in colours(image, middle, GUTTER + 496, GUTTER + 505)


def test_twenty_thousand_frames_are_fluent(timeline: Timeline) -> None:
    for lane in LANES:
        timeline.set_states(lane.object_id, {f: MaskState(("key", "propagated")[f % 2]) for f in range(FRAMES)})
    begin = time.perf_counter()
    for step in range(20):
        timeline.update_frame(step, {ObjectId(1): MaskState.CONFIRMED})
        timeline.viewport().repaint()
    redraw = (time.perf_counter() - begin) / 20
    begin = time.perf_counter()
    for frame in range(100):
        timeline.set_frame(frame * 150)
        timeline.viewport().repaint()
    move = (time.perf_counter() - begin) / 100
    assert redraw < 0.5
    assert move < 0.1
