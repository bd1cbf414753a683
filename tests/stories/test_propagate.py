"""A person tracks an object through a clip, corrects it, stops, and takes it back."""

import math
from pathlib import Path

from PySide6.QtCore import Qt

from sam2_annotator.engine.messages import Propagate
from sam2_annotator.errors import DocError
from sam2_annotator.values.intents import Delete, DeleteScope, GoToFrame, SelectObjects, StepFrame
from sam2_annotator.values.states import MaskState
from support.drawn import video_file
from support.fake_engine import DRIFT, FakeService

CTRL = Qt.KeyboardModifier.ControlModifier
FRAMES = 12


def opened(start, tmp_path: Path, service: FakeService):
    driver = start(service)
    driver.open(video_file(tmp_path / "clip.mp4", FRAMES))
    driver.click(30, 32)
    driver.answered()
    return driver


def run_ended(driver) -> None:
    driver.until(lambda: driver.app.state.view.run is None)


def test_t_accepts_the_draft_and_tracks_to_the_end_in_one_step(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService())
    driver.press(Qt.Key.Key_T)
    run_ended(driver)
    assert not driver.objects()[0].draft
    assert driver.masked_frames() == list(range(FRAMES))
    assert driver.mask(frame=5).box[0] == driver.mask(frame=0).box[0] + 5 * DRIFT
    assert driver.frame == FRAMES - 1, "the view follows"
    assert any("12 frames" in text for text in driver.notices)
    driver.skip_naming()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.masked_frames() == [0]


def test_esc_stops_at_once_and_keeps_what_is_finished(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService(rests_at=4))
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames()) >= 3)
    driver.skip_naming()
    driver.press(Qt.Key.Key_Escape)
    assert driver.app.state.view.run.stopping
    run_ended(driver)
    kept = driver.masked_frames()
    assert 3 <= len(kept) < FRAMES
    assert kept == list(range(len(kept)))


def test_frames_a_person_made_are_never_overwritten(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService())
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    (row,) = driver.objects()
    route = driver.app.router.route
    route(GoToFrame(4))
    driver.until(lambda: driver.frame == 4)
    route(Delete(DeleteScope.HERE, (row.id,)))
    route(GoToFrame(0))
    driver.press(Qt.Key.Key_T)
    run_ended(driver)
    states = driver.project.states(driver.item)[row.id]
    assert states[4] is MaskState.ABSENT
    assert states[0] is MaskState.KEY
    assert states[5] is MaskState.PROPAGATED


def test_the_view_stays_where_the_person_went(start, tmp_path: Path) -> None:
    service = FakeService(rests_at=4)
    driver = opened(start, tmp_path, service)
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: driver.frame >= 2)
    driver.app.router.route(GoToFrame(1))
    service.rests_at = math.inf
    run_ended(driver)
    assert driver.frame == 1
    assert driver.masked_frames() == list(range(FRAMES))


def test_a_prompt_during_a_run_is_answered_and_the_run_goes_on_for_the_rest(start, tmp_path: Path) -> None:
    service = FakeService(rests_at=4)
    driver = opened(start, tmp_path, service)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.click(30, 10)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    first, second = driver.objects()
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames(2)) >= 3)
    driver.app.router.route(StepFrame(0))
    driver.app.router.route(SelectObjects((first.id,)))
    before = driver.project.prompts_of(driver.item, first.id)
    driver.click(50, 40)
    driver.answered()
    assert driver.app.state.view.run is not None, "the run goes on"
    assert len(driver.project.prompts_of(driver.item, first.id)) == len(before) + 1
    service.rests_at = math.inf
    run_ended(driver)
    assert driver.masked_frames(2) == list(range(FRAMES))
    assert len(driver.masked_frames(1)) < FRAMES, "the touched object ended where it was"
    runs = [request for request in service.asked if isinstance(request, Propagate)]
    assert [len(run.objects) for run in runs] == [2, 1]
    assert runs[1].objects[0].object_id == second.id


def test_the_view_stays_where_the_person_prompted(start, tmp_path: Path) -> None:
    service = FakeService(rests_at=4)
    driver = opened(start, tmp_path, service)
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: driver.frame >= 2)
    driver.click(20, 10)
    prompted = driver.frame
    driver.answered()
    service.rests_at = math.inf
    run_ended(driver)
    assert driver.frame == prompted


def test_both_ways_from_the_middle(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", FRAMES))
    driver.app.router.route(GoToFrame(6))
    driver.until(lambda: driver.frame == 6)
    driver.click(50, 32)
    driver.answered()
    driver.press(Qt.Key.Key_T, CTRL)
    run_ended(driver)
    assert driver.masked_frames() == list(range(FRAMES))
    assert driver.mask(frame=3).box[0] == driver.mask(frame=6).box[0] - 3 * DRIFT


def test_undo_during_a_run_ends_it_and_takes_it_back(start, tmp_path: Path, qtbot) -> None:
    driver = opened(start, tmp_path, FakeService(rests_at=4))
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames()) >= 4)
    driver.skip_naming()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.masked_frames() == [0]
    qtbot.wait(300)
    assert driver.masked_frames() == [0]
    assert driver.project.redo_title is not None


def test_without_an_object_the_program_says_what_to_do(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", FRAMES))
    driver.press(Qt.Key.Key_T)
    assert driver.app.state.view.run is None
    assert any("Outline an object first" in text for text in driver.notices)


def test_a_run_ends_when_the_file_takes_no_more(start, tmp_path: Path, monkeypatch) -> None:
    service = FakeService(rests_at=4)
    driver = opened(start, tmp_path, service)
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames()) >= 3)
    driver.skip_naming()

    def full(*arguments: object) -> None:
        raise DocError("The project cannot be saved: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("sam2_annotator.doc.store.transaction", full)
        service.rests_at = math.inf
        run_ended(driver)
    assert len(driver.masked_frames()) < FRAMES
    assert not any(f"{FRAMES} frames" in text for text in driver.notices), "it does not say that all were tracked"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.masked_frames() == [0], "what was written is still one step"


def test_an_object_brought_back_has_its_frames_on_the_time_line_again(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService())
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    (row,) = driver.objects()
    codes = driver.window.timeline._model.codes
    before = list(codes(row.id))
    assert before[0]
    driver.app.router.route(Delete(DeleteScope.WHOLE, (row.id,)))
    assert not any(codes(row.id))
    driver.press(Qt.Key.Key_Z, CTRL)
    assert list(codes(row.id)) == before


def test_what_a_run_may_lack_is_said_while_it_goes_on(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService(warns="This run may need 9 GB of disk."))
    driver.press(Qt.Key.Key_T)
    run_ended(driver)
    assert "This run may need 9 GB of disk." in driver.notices
    assert driver.masked_frames() == list(range(FRAMES))
