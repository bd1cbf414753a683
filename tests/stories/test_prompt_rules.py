"""Every rule about prompts (INTERACTION 3), driven with the mouse and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sam2_annotator.doc.commands import SetMask
from sam2_annotator.engine.messages import LoadModel, PredictMask
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.intents import ChangeModel, PromptAction, SelectObjects, SetLocked
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import rectangle
from support.drawn import picture_file, video_file
from support.fake_engine import RADII, SPECK, FakeService

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return picture_file(tmp_path / "a.png")


def points(driver, number: int = 1):
    row = next(row for row in driver.objects() if row.number == number)
    found = driver.project.prompts(driver.item, driver.frame, row.id)
    return () if found is None else found.prompts.points


def accepted(driver, x: float, y: float) -> None:
    driver.click(x, y, modifier=CTRL)
    driver.answered()
    driver.skip_naming()


def asked(service: FakeService) -> list[PredictMask]:
    return [request for request in service.asked if isinstance(request, PredictMask)]


# --------------------------------------------------------------------------------- undo and what is not answered


def test_undo_while_waiting_brings_the_mask_of_the_click_before(start, picture: Path) -> None:
    driver = start(FakeService(predict=0.2))
    driver.open(picture)
    driver.click(20, 20)
    driver.click(60, 40)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert len(points(driver)) == 1
    driver.answered()
    one = driver.mask()
    assert one is not None
    assert driver.project.redo_title == "Add point"
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert len(points(driver)) == 2
    driver.answered()
    assert driver.mask() != one
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == one
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()


def test_undo_of_another_object_leaves_what_is_asked(start, picture: Path) -> None:
    driver = start(FakeService(predict=0.2))
    driver.open(picture)
    driver.click(20, 20, modifier=CTRL)
    driver.skip_naming()
    driver.click(70, 40)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert len(driver.objects()) == 1
    driver.answered()
    assert driver.mask(1) is not None


@pytest.mark.parametrize("undone", range(1, 5))
def test_no_dot_is_left_without_a_mask(start, picture: Path, undone: int) -> None:
    """Whatever is undone and redone while the model is busy."""
    driver = start(FakeService(predict=0.1))
    driver.open(picture)
    for x in (20, 40, 60, 80):
        driver.click(x, 30)
    for _ in range(undone):
        driver.press(Qt.Key.Key_Z, CTRL)
    for _ in range(undone - 1):
        driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    driver.answered()
    left = len(points(driver))
    assert left == 3
    assert driver.mask() is not None
    for _ in range(left):
        assert driver.mask() is not None
        driver.press(Qt.Key.Key_Z, CTRL)
        driver.answered()
    assert driver.objects() == ()


def test_collected_points_are_one_question_and_undo_asks_for_the_rest(start, picture: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    for x in (20, 50):
        driver.click(x, 30, modifier=SHIFT)
    assert asked(service) == []
    QTest.keyRelease(driver.window.canvas, Qt.Key.Key_Shift)
    driver.answered()
    assert len(asked(service)) == 1
    both = driver.mask()
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.answered()
    assert len(points(driver)) == 1
    assert driver.mask() not in (None, both)


# --------------------------------------------------------------------------------------------- candidates, sizes


def large(driver, x: float) -> None:
    driver.click(x, 30)
    driver.answered()
    driver.press(Qt.Key.Key_M)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()


def test_the_size_chosen_twice_is_not_kept_when_that_is_turned_off(start, picture: Path) -> None:
    driver = start()
    driver.app.state.settings.change({"remember_size": False})
    driver.open(picture)
    for x in (20, 40, 60):
        large(driver, x)
    driver.click(80, 30)
    driver.answered()
    assert driver.mask(4).area < driver.mask(1).area


def test_going_through_the_sizes_counts_as_one_choice(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    driver.click(20, 30)
    driver.answered()
    for _ in range(4):
        driver.press(Qt.Key.Key_M)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.click(60, 30)
    driver.answered()
    assert driver.app.state.view.offer.chosen == 1


def test_without_candidates_the_best_is_taken_and_none_are_shown(start, picture: Path) -> None:
    driver = start()
    driver.app.state.settings.change({"candidates": False})
    driver.open(picture)
    driver.click(30, 30)
    driver.answered()
    assert driver.mask() is not None
    assert not driver.window.candidates.isVisible()


# ------------------------------------------------------------------------------------------------- keys on drafts


def test_enter_only_deselects_while_an_object_is_refined(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 20, 20)
    driver.click(70, 40)
    driver.answered()
    driver.press(Qt.Key.Key_1, CTRL)
    driver.press(Qt.Key.Key_Return)
    assert driver.app.state.view.selection == ()
    assert [row.draft for row in driver.objects()] == [False, True]


def test_n_accepts_the_draft_and_the_next_click_is_another_object(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 20, 20)
    driver.click(70, 40)
    driver.answered()
    driver.press(Qt.Key.Key_1, CTRL)
    driver.press(Qt.Key.Key_N)
    assert not any(row.draft for row in driver.objects())
    driver.click(40, 50)
    assert len(driver.objects()) == 3


def test_a_draft_in_which_nothing_was_found_is_not_accepted(start, picture: Path) -> None:
    driver = start(FakeService(finds_nothing=True))
    driver.open(picture)
    driver.click(30, 30)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    assert driver.objects()[0].draft
    assert "no mask to keep" in driver.notices[-1]
    driver.press(Qt.Key.Key_Escape)
    assert driver.objects() == ()


def test_backspace_takes_points_then_the_box_then_the_draft(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    driver.drag(10, 10, 50, 40)
    driver.answered()
    driver.click(30, 30, RIGHT)
    driver.answered()
    driver.press(Qt.Key.Key_Backspace)
    driver.answered()
    assert points(driver) == ()
    assert driver.mask().area == 40 * 30
    driver.press(Qt.Key.Key_Backspace)
    assert driver.objects() == ()


def test_backspace_with_nothing_prompted_deletes_what_is_selected(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    driver.app.state.bus.apply(_drawn(driver))
    driver.press(Qt.Key.Key_1, CTRL)
    driver.press(Qt.Key.Key_Backspace)
    assert driver.objects() == ()


def test_a_draft_stays_with_its_item(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png"))
    first = driver.item
    driver.click(30, 30)
    driver.answered()
    driver.press(Qt.Key.Key_PageDown)
    assert driver.item != first
    driver.press(Qt.Key.Key_PageUp)
    driver.until(lambda: driver.item == first)
    assert driver.objects()[0].draft
    assert driver.window.canvas._scene.prompts.points


# --------------------------------------------------------------------------- points: sign, moving, double clicks


def test_right_click_flips_and_left_click_removes_a_point(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    for x in (20, 60):
        driver.click(x, 30)
        driver.answered()
    QTest.qWait(600)  # no double click
    driver.click(60, 30, RIGHT)
    assert [point.positive for point in points(driver)] == [True, False]
    driver.answered()
    QTest.qWait(600)
    driver.click(60, 30)
    driver.answered()
    assert len(points(driver)) == 1


def test_alt_click_takes_away(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    driver.click(20, 30)
    driver.click(50, 30, modifier=Qt.KeyboardModifier.AltModifier)
    assert [point.positive for point in points(driver)] == [True, False]
    driver.answered()


def test_the_second_click_of_a_double_click_is_no_click(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    viewport, place = driver.window.canvas.viewport(), driver.place(30, 30)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert len(points(driver)) == 1
    driver.answered()


def test_a_right_drag_does_nothing(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    viewport = driver.window.canvas.viewport()
    QTest.mousePress(viewport, RIGHT, Qt.KeyboardModifier.NoModifier, driver.place(30, 30))
    QTest.mouseMove(viewport, driver.place(60, 30))
    QTest.mouseRelease(viewport, RIGHT, Qt.KeyboardModifier.NoModifier, driver.place(60, 30))
    assert driver.objects() == ()


def test_a_click_on_another_object_refines_and_never_selects(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 30, 30)
    driver.click(31, 31)
    driver.answered()
    assert driver.app.state.view.selection == ()
    assert len(driver.objects()) == 2


# --------------------------------------------------------------------------------- masks that were made otherwise


def _drawn(driver, origin: MaskOrigin = MaskOrigin.EDITED) -> SetMask:
    from sam2_annotator.doc.commands import AddObject

    made = driver.app.state.bus.apply(AddObject(driver.item))
    mask = rectangle(10, 10, 50, 40, width=96, height=64)
    return SetMask(driver.item, FrameIndex(driver.frame), made.created[0], mask, MaskState.KEY, origin=origin)


@pytest.mark.parametrize("origin", [MaskOrigin.EDITED, MaskOrigin.IMPORTED, MaskOrigin.PROPAGATED])
def test_a_negative_click_takes_from_a_mask_whatever_made_it(start, picture: Path, origin: MaskOrigin) -> None:
    driver = start()
    driver.open(picture)
    driver.app.state.bus.apply(_drawn(driver, origin))
    drawn = driver.mask()
    driver.press(Qt.Key.Key_1, CTRL)
    driver.click(30, 25, RIGHT)
    driver.answered()
    refined = driver.mask()
    assert 0 < refined.area < drawn.area
    assert driver.project.prompts(driver.item, driver.frame, driver.objects()[0].id).prompts.mask == drawn
    driver.click(20, 20, RIGHT)
    driver.answered()
    assert driver.mask().area < refined.area
    driver.press(Qt.Key.Key_Backspace)
    driver.answered()
    assert driver.mask() == refined
    driver.press(Qt.Key.Key_Backspace)
    driver.answered()
    assert driver.mask() == drawn
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == refined


def test_points_a_hand_drawn_mask_contradicts_are_dropped(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 70, 50)
    driver.press(Qt.Key.Key_1, CTRL)
    driver.click(20, 20)
    driver.answered()
    place = (driver.item, FrameIndex(0), driver.objects()[0].id)
    drawn = rectangle(10, 10, 50, 40, width=96, height=64)
    driver.app.state.bus.apply(SetMask(*place, drawn, MaskState.KEY, origin=MaskOrigin.EDITED))
    driver.click(30, 30, RIGHT)
    driver.answered()
    assert [(round(p.x), round(p.y)) for p in points(driver)] == [(20, 20), (30, 30)]
    assert not rle.within(driver.mask(), (70, 50, 71, 51)).any()


def test_a_box_says_anew_where_the_object_is(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    driver.app.state.bus.apply(_drawn(driver))
    driver.press(Qt.Key.Key_1, CTRL)
    driver.drag(60, 10, 90, 30)
    driver.answered()
    assert driver.mask().area == 30 * 20


def test_refine_hands_a_drawn_mask_to_the_model(start, picture: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    driver.app.state.bus.apply(_drawn(driver))
    drawn = driver.mask()
    driver.app.router.route(PromptAction.REFINE)
    assert "Select" in driver.notices[-1]
    driver.press(Qt.Key.Key_1, CTRL)
    driver.app.router.route(PromptAction.REFINE)
    driver.answered()
    (request,) = asked(service)
    assert request.prompts.mask == drawn
    (point,) = request.prompts.points
    assert rle.within(drawn, (int(point.x), int(point.y), int(point.x) + 1, int(point.y) + 1)).all()


# ------------------------------------------------------------------------------------------- another model, clean-up


def test_prompts_are_run_again_with_another_model_in_one_step(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(video_file(tmp_path / "clip.mp4", 5))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_D)
    driver.until(lambda: driver.frame == 1)
    driver.click(33, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    before = [driver.mask(frame=frame) for frame in (0, 1)]
    driver.app.router.route(ChangeModel("other"))
    driver.until(lambda: sum(isinstance(request, LoadModel) for request in service.asked) == 2)
    service.speckled = True
    driver.app.state.settings.change({"drop_specks": 0})
    driver.app.router.route(PromptAction.RUN_AGAIN)
    assert "Select" in driver.notices[-1]
    driver.press(Qt.Key.Key_1, CTRL)
    driver.app.router.route(PromptAction.RUN_AGAIN)
    driver.answered()
    after = [driver.mask(frame=frame) for frame in (0, 1)]
    assert after == [rle.union(mask, SPECK) for mask in before]
    driver.press(Qt.Key.Key_Z, CTRL)
    assert [driver.mask(frame=frame) for frame in (0, 1)] == before


def test_locked_objects_are_not_run_again(start, picture: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture)
    accepted(driver, 30, 30)
    (one,) = driver.objects()
    driver.app.router.route(SetLocked((one.id,), True))
    driver.app.router.route(SelectObjects((one.id,)))
    before = len(asked(service))
    driver.app.router.route(PromptAction.RUN_AGAIN)
    assert len(asked(service)) == before


def test_clean_up_shows_live_and_joins_the_click(start, picture: Path) -> None:
    driver = start(FakeService(speckled=True))
    driver.open(picture)
    driver.click(30, 32)
    driver.answered()
    clean = driver.mask()
    assert not rle.intersect(clean, SPECK), "specks of up to four pixels are dropped by default"
    driver.app.state.settings.change({"drop_specks": 0})
    driver.answered()
    assert rle.intersect(driver.mask(), SPECK)
    driver.app.state.settings.change({"keep_largest": True})
    driver.answered()
    assert driver.mask() == clean
    driver.app.state.settings.change({"grow": 2})
    driver.answered()
    assert driver.mask().area > clean.area
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == (), "no steps of their own"


def test_other_objects_are_left_out(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 30, 32)
    other = driver.mask(1)
    driver.app.state.settings.change({"avoid_others": "locked"})
    driver.click(36, 32)
    driver.answered()
    assert rle.intersect(driver.mask(2), other)
    driver.app.router.route(SetLocked((driver.objects()[0].id,), True))
    driver.app.state.settings.change({"avoid_others": "all"})
    driver.answered()
    assert not rle.intersect(driver.mask(2), other)


def test_an_accepted_object_keeps_its_mask_when_options_change(start, picture: Path) -> None:
    driver = start()
    driver.open(picture)
    accepted(driver, 30, 32)
    before = driver.mask()
    driver.app.state.settings.change({"grow": 5})
    assert not driver.app.state.view.waiting
    assert driver.mask() == before
    assert RADII[0] ** 2 < before.area
