"""A person opens a picture, clicks an object and keeps it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.values.intents import Delete, DeleteScope, GoToFrame, SetLocked
from sam2_annotator.values.states import MaskState
from support.drawn import picture_file, video_file
from support.fake_engine import RADII, FakeService

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_dot_is_there_at_once_and_the_mask_follows(start, tmp_path: Path) -> None:
    driver = start(FakeService(predict=0.3))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    (draft,) = driver.objects()
    assert draft.draft
    row = driver.project.prompts(driver.item, driver.frame, draft.id)
    assert [(round(p.x), round(p.y), p.positive) for p in row.prompts.points] == [(30, 32, True)]
    assert driver.mask() is None
    driver.answered()
    assert driver.mask().area > 0


def test_a_click_and_its_mask_are_one_undo_step(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.click(60, 32)
    driver.answered()
    first = driver.mask().area
    driver.press(Qt.Key.Key_Z, CTRL)
    assert 0 < driver.mask().area < first
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    driver.press(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert driver.mask().area == first


def test_an_answer_that_comes_after_undo_is_dropped(start, tmp_path: Path, qtbot) -> None:
    driver = start(FakeService(predict=0.3))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    qtbot.wait(600)
    assert driver.objects() == ()
    assert driver.project.redo_title is not None


def test_m_goes_through_the_three_candidates(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    areas = [driver.mask().area]
    for _ in RADII:
        driver.press(Qt.Key.Key_M)
        areas.append(driver.mask().area)
    assert areas[0] == areas[3]
    assert len(set(areas)) == 3
    assert areas[1] == max(areas)


def test_a_size_picked_twice_is_preselected(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    for _ in range(2):
        driver.click(30, 32)
        driver.answered()
        driver.press(Qt.Key.Key_M)
        driver.press(Qt.Key.Key_Return)
        driver.press(Qt.Key.Key_Escape)
    largest = driver.mask(2).area
    driver.click(30, 32)
    driver.answered()
    assert driver.mask(3).area == largest


def test_a_drag_makes_a_box(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.drag(10, 10, 50, 40)
    driver.answered()
    x0, y0, x1, y1 = driver.mask().box
    assert abs(x0 - 10) <= 1
    assert abs(y0 - 10) <= 1
    assert abs(x1 - 50) <= 1
    assert abs(y1 - 40) <= 1


def test_only_the_newest_prompts_are_answered(start, tmp_path: Path) -> None:
    service = FakeService(predict=0.2)
    driver = start(service)
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(20, 20)
    driver.click(50, 20)
    driver.click(70, 40)
    driver.answered()
    row = driver.project.prompts(driver.item, driver.frame, driver.objects()[0].id)
    assert len(row.prompts.points) == 3
    assert driver.mask().area > 2 * RADII[0] ** 2


def test_accepting_names_the_first_object_in_place_and_the_label_stays(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    field = driver.window.name_field
    assert field.isVisible()
    QTest.keyClicks(field, "dog")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    driver.click(70, 20)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    assert not field.isVisible()
    labels = {row.id: row.name for row in driver.project.labels()}
    assert [labels[row.label] for row in driver.objects()] == ["dog", "dog"]
    assert not any(row.draft for row in driver.objects())


def test_esc_discards_the_draft_and_undo_brings_it_back(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Escape)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask().area > 0


def test_an_empty_answer_says_so_and_keeps_the_prompts(start, tmp_path: Path) -> None:
    driver = start(FakeService(finds_nothing=True))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    assert any("Nothing found" in text for text in driver.notices)
    (draft,) = driver.objects()
    assert driver.project.mask_row(driver.item, driver.frame, draft.id).state is MaskState.EMPTY
    assert driver.project.prompts(driver.item, driver.frame, draft.id).prompts


def test_a_failing_engine_is_told_in_one_sentence_and_once(start, tmp_path: Path) -> None:
    driver = start(FakeService(fails=True))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.click(50, 32)
    driver.answered()
    told = [text for text in driver.notices if "out of memory" in text]
    assert told == ["The device is out of memory. Choose a smaller model."]


def test_digits_label_and_delete_removes(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    QTest.keyClicks(driver.window.name_field, "cat")
    QTest.keyClick(driver.window.name_field, Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_1, CTRL)
    driver.press(Qt.Key.Key_0)
    assert driver.objects()[0].label is None
    driver.press(Qt.Key.Key_1)
    assert driver.objects()[0].label is not None
    driver.press(Qt.Key.Key_Delete)
    assert driver.objects() == ()


def test_ctrl_click_and_its_mask_are_one_undo_step(start, tmp_path: Path) -> None:
    driver = start(FakeService(predict=0.1))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32, modifier=CTRL)
    driver.answered()
    driver.skip_naming()
    assert not driver.objects()[0].draft
    assert driver.mask().area > 0
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()


def test_what_is_written_between_a_click_and_its_mask_does_not_part_them(start, tmp_path: Path) -> None:
    driver = start(FakeService(predict=0.2))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.app.state.bus.apply(AddLabel("dog"))
    driver.answered()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.project.labels() == ()
    assert driver.mask().area > 0
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()


def test_an_accept_before_the_mask_is_undone_alone(start, tmp_path: Path) -> None:
    driver = start(FakeService(predict=0.2))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.answered()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects()[0].draft
    assert driver.mask().area > 0


def test_m_elsewhere_leaves_the_mask_where_the_click_was(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 5))
    driver.click(30, 32)
    driver.answered()
    before = driver.mask()
    driver.app.router.route(GoToFrame(3))
    driver.press(Qt.Key.Key_M)
    assert driver.mask(frame=0) == before
    driver.app.router.route(GoToFrame(0))
    driver.press(Qt.Key.Key_M)
    assert driver.mask(frame=0) != before


def test_a_locked_object_keeps_its_candidate(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    before = driver.mask()
    driver.app.router.route(SetLocked((driver.objects()[0].id,), True))
    driver.press(Qt.Key.Key_M)
    assert driver.mask() == before
    assert any("is locked" in text for text in driver.notices)


def test_a_locked_object_is_not_deleted(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    for x in (30, 60):
        driver.click(x, 32, modifier=CTRL)
        driver.answered()
    driver.skip_naming()
    locked, other = (row.id for row in driver.objects())
    driver.app.router.route(SetLocked((locked,), True))
    driver.app.router.route(Delete(DeleteScope.WHOLE, (locked,)))
    assert driver.notices[-1] == "Locked and left as they are: object 1."
    driver.app.router.route(Delete(DeleteScope.WHOLE, (locked, other)))
    assert [row.id for row in driver.objects()] == [locked]


def test_deleting_says_what_went(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32, modifier=CTRL)
    driver.answered()
    driver.skip_naming()
    driver.app.router.route(Delete(DeleteScope.WHOLE, (driver.objects()[0].id,)))
    assert driver.notices[-1] == "Removed object 1."


def test_undo_in_a_notice_goes_when_it_would_take_back_something_else(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32, modifier=CTRL)
    driver.answered()
    driver.skip_naming()
    driver.app.router.route(Delete(DeleteScope.WHOLE, (driver.objects()[0].id,)))
    assert "Removed object 1." in driver.window.notices.texts
    driver.click(60, 20)
    driver.answered()
    assert "Removed object 1." not in driver.window.notices.texts
