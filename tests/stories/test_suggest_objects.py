"""Suggested objects: looked for, shown lightly, taken over by clicks or all at once (PRM-9)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sam2_annotator.engine.messages import FindEverything
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.states import MaskOrigin
from support.canvas import Mouse
from support.drawn import frames_folder, picture_file
from support.fake_engine import SUGGESTED, FakeService
from support.window import Driver

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return picture_file(tmp_path / "a.png")


def searches(service: FakeService) -> list[FindEverything]:
    return [request for request in service.asked if isinstance(request, FindEverything)]


def searched(start, path: Path, **service) -> tuple[Driver, FakeService]:
    fake = FakeService(**service)
    driver = start(fake)
    driver.open(path)
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: not suggestions(driver).searching)
    return driver, fake


def suggestions(driver: Driver):
    found = driver.app.state.view.suggestions
    assert found is not None
    return found


def shown(driver: Driver) -> list[int]:
    return [one.number for one in suggestions(driver).shown]


def button(driver: Driver, name: str) -> QWidget:
    found = driver.window.findChild(QWidget, name)
    assert found is not None
    return found


def next_click(driver: Driver) -> str:
    return driver.window.status.next_click


def test_they_are_shown_and_not_in_the_document(start, picture: Path) -> None:
    driver, _ = searched(start, picture)
    assert shown(driver) == [0, 1, 2, 3]
    assert driver.objects() == ()
    driver.until(lambda: len(driver.app.presenters.suggest._on_canvas) == 4)
    assert driver.window.canvas.tool == "suggest"
    assert "accept 4" in next_click(driver)
    assert button(driver, "suggestAll").text() == "Accept 4"


def test_a_click_takes_the_one_under_the_pointer_and_undo_gives_it_back(start, picture: Path) -> None:
    driver, _ = searched(start, picture)
    driver.until(lambda: len(driver.app.presenters.suggest._on_canvas) == 4)
    driver.click(20, 20)
    driver.skip_naming()
    (row,) = driver.objects()
    mask = driver.project.mask_row(driver.item, FrameIndex(0), row.id)
    assert mask is not None
    assert driver.mask() == driver.app.controllers.edits.suggest._search.found[1].mask, "the smallest there"
    assert (mask.origin, mask.iou) == (MaskOrigin.PROMPTED, pytest.approx(0.8))
    assert shown(driver) == [0, 2, 3]
    assert driver.project.undo_title == "Accept suggestion"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    assert shown(driver) == [0, 1, 2, 3]
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert shown(driver) == [0, 2, 3]


def test_enter_takes_all_as_one_step_with_the_current_label(start, picture: Path) -> None:
    driver, _ = searched(start, picture)
    driver.press(Qt.Key.Key_Return)
    assert len(driver.objects()) == 4
    assert "Accepted 4 suggestions." in driver.notices
    assert shown(driver) == []
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    assert shown(driver) == [0, 1, 2, 3]


def test_filters_decide_what_is_shown_and_taken(start, picture: Path) -> None:
    driver, _ = searched(start, picture)
    quality, least, most = (button(driver, name) for name in ("suggestQuality", "suggestLeast", "suggestMost"))
    quality.setValue(75)
    assert shown(driver) == [0, 1]
    least.setValue(100)
    assert shown(driver) == [0]
    quality.setValue(0)
    most.setValue(250)
    assert shown(driver) == [2]
    QTest.mouseClick(button(driver, "suggestAll"), Qt.MouseButton.LeftButton)
    assert len(driver.objects()) == 1
    assert "No suggestion of this quality and size" in next_click(driver)


def test_a_right_click_drops_one_and_escape_the_rest(start, picture: Path) -> None:
    driver, service = searched(start, picture)
    driver.until(lambda: len(driver.app.presenters.suggest._on_canvas) == 4)
    driver.click(60, 20, RIGHT)
    assert shown(driver) == [0, 1, 3]
    driver.press(Qt.Key.Key_Escape)
    assert driver.app.state.view.suggestions is None
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.canvas.tool == "prompt"
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(searches(service)) == 2)


def test_the_pointer_makes_one_stronger(start, picture: Path) -> None:
    driver, _ = searched(start, picture)
    driver.until(lambda: len(driver.app.presenters.suggest._on_canvas) == 4)
    place = driver.place(20, 10)
    mouse = Mouse(driver.window.canvas)
    mouse.move(place.x(), place.y())
    scene = driver.window.canvas.scene()
    assert scene._overlay.suggestion == 0
    before = driver.window.canvas.grab().toImage()
    mouse.move(5, 5)
    assert scene._overlay.suggestion is None
    assert driver.window.canvas.grab().toImage() != before


def test_a_click_during_the_search_is_answered_before_it_ends(start, picture: Path) -> None:
    service = FakeService(search=0.3)
    driver = start(service)
    driver.open(picture)
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: suggestions(driver).done > 0)
    driver.press(Qt.Key.Key_P)
    driver.click(80, 50)
    driver.answered()
    assert driver.mask() is not None
    assert suggestions(driver).searching, "the search goes on"
    driver.until(lambda: not suggestions(driver).searching)
    assert driver.app.presenters.suggest._on_canvas == (), "shown with their tool alone"
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(driver.app.presenters.suggest._on_canvas) == 4)
    assert len(searches(service)) == 1, "what was found waits"


def test_escape_stops_the_search(start, picture: Path) -> None:
    service = FakeService(search=5)
    driver = start(service)
    driver.open(picture)
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(searches(service)) == 1)
    assert suggestions(driver).searching
    assert button(driver, "suggestStop").isVisible()
    driver.press(Qt.Key.Key_Escape)
    assert driver.app.state.view.suggestions is None
    assert searches(service)[0].ticket.token.is_set
    driver.until(lambda: driver.app.threads.engine.waiting == 0)
    assert driver.notices == []


def test_another_picture_ends_it(start, tmp_path: Path) -> None:
    picture_file(tmp_path / "a.png")
    picture_file(tmp_path / "b.png")
    service = FakeService(search=5)
    driver = start(service)
    driver.open(tmp_path)
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(searches(service)) == 1)
    driver.press(Qt.Key.Key_PageDown)
    driver.until(lambda: driver.app.state.view.suggestions is None)
    assert searches(service)[0].ticket.token.is_set
    service.search = 0.0
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(shown(driver)) == 4)
    assert [search.media.path.name for search in searches(service)] == ["a.png", "b.png"]


def test_a_frame_of_a_clip(start, tmp_path: Path) -> None:
    driver, _ = searched(start, frames_folder(tmp_path / "clip", 4))
    driver.press(Qt.Key.Key_Return)
    assert driver.masked_frames() == [0]
    driver.press(Qt.Key.Key_D)
    assert driver.app.state.view.suggestions is None


def test_objects_that_are_there_are_not_suggested(start, picture: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    driver.click(60, 20)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: not suggestions(driver).searching)
    assert len(searches(service)[0].known) == 1
    assert len(shown(driver)) == len(SUGGESTED) - 1


def test_nothing_found_and_errors_are_said(start, picture: Path) -> None:
    driver, service = searched(start, picture, finds_nothing=True)
    assert any(text.startswith("No objects found") for text in driver.notices)
    assert shown(driver) == []
    service.fails = True
    QTest.mouseClick(button(driver, "suggestSearch"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.app.state.view.suggestions is None)
    assert any("out of memory" in text for text in driver.notices)


def test_another_grid_looks_again(start, picture: Path) -> None:
    driver, service = searched(start, picture)
    combo = button(driver, "suggestDensity")
    combo.setFocus()
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    driver.until(lambda: len(searches(service)) == 2)
    assert [search.options.points_per_side for search in searches(service)] == [20, 32]


def test_closing_the_project_during_a_search(start, picture: Path) -> None:
    service = FakeService(search=5)
    driver = start(service)
    driver.open(picture)
    driver.press(Qt.Key.Key_U)
    driver.until(lambda: len(searches(service)) == 1)
    driver.press(Qt.Key.Key_W, CTRL)
    driver.until(lambda: driver.app.state.bus.project is None)
    assert driver.app.state.view.suggestions is None
    driver.until(lambda: driver.app.threads.engine.waiting == 0)
