"""Masks shown before they are asked for: under the resting pointer, and while a point is dragged (PRM-4)."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sam2_annotator.engine.messages import Preview
from sam2_annotator.values.intents import PromptAction
from support.canvas import Mouse
from support.drawn import picture_file
from support.fake_engine import FakeService

CTRL = Qt.KeyboardModifier.ControlModifier
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return picture_file(tmp_path / "a.png")


def asked(service: FakeService) -> list[Preview]:
    return [request for request in service.asked if isinstance(request, Preview)]


def rest(driver, x: float, y: float) -> None:
    place = driver.place(x, y)
    Mouse(driver.window.canvas).move(place.x(), place.y())


def previewing(start, picture: Path):
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    driver.app.state.settings.change({"hover_preview": True})
    return driver, service


def test_it_is_off_by_default(start, picture: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    rest(driver, 30, 30)
    QTest.qWait(200)
    assert asked(service) == []


def test_a_resting_pointer_shows_what_a_click_would_outline(start, picture: Path) -> None:
    driver, service = previewing(start, picture)
    view = driver.app.state.view
    rest(driver, 30, 30)
    QTest.qWait(30)
    assert asked(service) == [], "it waits until the pointer rests"
    driver.until(lambda: view.preview is not None)
    assert view.preview.ghost
    assert driver.objects() == (), "nothing is written"
    rest(driver, 80, 50)
    assert view.preview is None, "the pointer left it"
    driver.until(lambda: view.preview is not None)
    QApplication.sendEvent(driver.window.canvas, QEvent(QEvent.Type.Leave))
    assert view.preview is None
    QTest.qWait(150)
    assert view.preview is None


def test_never_while_a_button_is_down(start, picture: Path) -> None:
    driver, service = previewing(start, picture)
    viewport = driver.window.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, driver.place(30, 30))
    QTest.mouseMove(viewport, driver.place(31, 30))
    QTest.qWait(200)
    assert asked(service) == []
    QTest.mouseRelease(viewport, LEFT, NONE, driver.place(31, 30))
    driver.answered()


def test_the_click_takes_the_place_of_its_preview(start, picture: Path) -> None:
    driver, service = previewing(start, picture)
    rest(driver, 30, 30)
    driver.until(lambda: driver.app.state.view.preview is not None)
    driver.click(30, 30)
    driver.answered()
    assert driver.app.state.view.preview is None
    assert driver.mask() is not None
    before = len(asked(service))
    rest(driver, 50, 40)
    QTest.qWait(200)
    assert len(asked(service)) == before, "not while a draft takes further clicks"


def test_it_is_offered_once_where_decoding_is_quick(start, picture: Path) -> None:
    driver = start(FakeService(decode=0.01))
    driver.open(picture)
    for x in (20, 40, 60, 80):
        driver.click(x, 30, modifier=CTRL)
        driver.answered()
    driver.skip_naming()
    offers = [text for text in driver.notices if "before you click" in text]
    assert offers == ["A click is answered in 10 ms here. The mask under the pointer can be shown before you click."]
    driver.app.router.route(PromptAction.TOGGLE_PREVIEW)
    assert driver.app.state.settings.now.hover_preview


def dragged(driver, *places: tuple[float, float]) -> QPoint:
    viewport = driver.window.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, driver.place(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(viewport, driver.place(*place))
    return driver.place(*places[-1])


def quick(start, picture: Path, decode: float = 0.01):
    service = FakeService(decode=decode)
    driver = start(service)
    driver.open(picture)
    for x in (20, 40, 60):
        driver.click(x, 20)
        driver.answered()
    QTest.qWait(600)  # no double click
    return driver, service


def test_the_mask_follows_a_dragged_point(start, picture: Path) -> None:
    driver, _ = quick(start, picture)
    before = driver.mask()
    end = dragged(driver, (60, 20), (66, 26), (70, 40))
    view = driver.app.state.view
    driver.until(lambda: view.preview is not None)
    assert not view.preview.ghost
    assert view.preview.mask != before
    assert driver.mask() == before
    QTest.mouseRelease(driver.window.canvas.viewport(), LEFT, NONE, end)
    driver.answered()
    assert view.preview is None
    assert driver.mask() != before


def test_escape_ends_the_drag_and_its_preview(start, picture: Path) -> None:
    driver, _ = quick(start, picture)
    before = driver.mask()
    end = dragged(driver, (60, 20), (66, 26), (70, 40))
    view = driver.app.state.view
    driver.until(lambda: view.preview is not None)
    driver.press(Qt.Key.Key_Escape)
    QTest.mouseRelease(driver.window.canvas.viewport(), LEFT, NONE, end)
    rest(driver, 71, 41)
    assert view.preview is None
    assert driver.mask() == before


def test_a_slow_model_answers_on_release(start, picture: Path) -> None:
    driver, service = quick(start, picture, decode=0.2)
    end = dragged(driver, (60, 20), (66, 26), (70, 40))
    QTest.qWait(100)
    assert asked(service) == []
    QTest.mouseRelease(driver.window.canvas.viewport(), LEFT, NONE, end)
    driver.answered()
