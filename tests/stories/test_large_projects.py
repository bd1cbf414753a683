"""Where there is very much, the window does little at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddLabel, AddObject, SetLabel, SetMask
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import LabelRow
from sam2_annotator.ui.canvas import scene, tag_item
from sam2_annotator.ui.canvas.mask_cache import MaskCache
from sam2_annotator.ui.controllers import large_edits
from sam2_annotator.ui.dialogs.progress import ProgressDialog
from sam2_annotator.values.ids import FrameIndex, LabelId, ObjectId
from sam2_annotator.values.intents import Delete, DeleteScope
from sam2_annotator.values.states import MaskState
from support.drawing import blocks
from support.drawn import picture_file, video_file
from support.fake_engine import FakeService
from support.window import Driver

CROWD = 150


@pytest.fixture
def crowd(start, tmp_path: Path) -> Driver:
    """Very many objects in one picture, every one of 4 x 4 px."""
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.app.state.view.use_tool("select")
    for n in range(CROWD):
        made = ObjectId(driver.project.apply(AddObject(driver.item)).created[0])
        x, y = 6 * (n % 15), 6 * (n // 15)
        mask = blocks((x, y, x + 4, y + 4))
        driver.project.apply(SetMask.predicted(driver.item, FrameIndex(0), made, mask, iou=0.9))
    driver.app.state.bus.apply(AddObject(driver.item))
    QApplication.processEvents()
    return driver


class Counts:
    """How often the costly things were done since `clear`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tags = self.arts = self.placed = 0
        set_mask, get, place_tags = tag_item.TagItem.set_mask, MaskCache.get, scene.place_tags

        def count_tag(item: tag_item.TagItem, mask: object) -> None:
            self.tags += 1
            set_mask(item, mask)

        def count_art(cache: MaskCache, *wanted: object) -> object:
            self.arts += 1
            return get(cache, *wanted)

        def count_placed(boxes: list[object], *more: object) -> object:
            self.placed += len(boxes)
            return place_tags(boxes, *more)

        monkeypatch.setattr(tag_item.TagItem, "set_mask", count_tag)
        monkeypatch.setattr(MaskCache, "get", count_art)
        monkeypatch.setattr(scene, "place_tags", count_placed)

    def clear(self) -> None:
        self.tags = self.arts = self.placed = 0

    @property
    def most(self) -> int:
        return max(self.tags, self.arts, self.placed)


def test_a_click_among_very_many_objects_touches_two(crowd: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts(monkeypatch)
    crowd.click(2, 2)
    assert [row.number for row in crowd.objects() if row.id in crowd.app.state.view.selection] == [1]
    counts.clear()
    crowd.click(8, 2)
    assert [row.number for row in crowd.objects() if row.id in crowd.app.state.view.selection] == [2]
    assert 1 <= counts.tags <= 2
    assert counts.most <= 4


def test_a_change_of_one_among_very_many_objects_is_shown_alone(crowd: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    bus, chosen = crowd.app.state.bus, crowd.objects()[40]
    label = LabelId(bus.apply(AddLabel("cat")).created[0])
    counts = Counts(monkeypatch)
    bus.apply(SetLabel((chosen.id,), label))
    assert 1 <= counts.tags <= 2
    bus.apply(SetMask.predicted(crowd.item, FrameIndex(0), chosen.id, blocks((60, 40, 80, 60)), iou=0.9))
    assert counts.most <= 6
    crowd.click(75, 59)
    assert crowd.app.state.view.selection[-1:] == (chosen.id,)


def test_selecting_everything_marks_one_stretch_of_the_list(crowd: Driver) -> None:
    objects = tuple(row.id for row in crowd.objects())
    stretches = crowd.window.objects._model.stretches(objects)
    assert len(stretches) == 1
    crowd.app.state.view.select(*objects)
    assert crowd.window.objects._selected_rows() == list(range(len(objects)))


# ------------------------------------------------------------------------------------ what takes long is done elsewhere

FRAMES = 12


@pytest.fixture
def clip(start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A clip with one tracked object and one drawn on its first frame; every command counts as large."""
    driver = start(FakeService(frame=0.01))
    driver.open(video_file(tmp_path / "clip.mp4", FRAMES))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    made = ObjectId(driver.app.state.bus.apply(AddObject(driver.item)).created[0])
    for frame in range(FRAMES):
        mask = SetMask.predicted(driver.item, FrameIndex(frame), made, blocks((60, 40, 80, 60)), iou=0.9)
        driver.app.state.bus.apply(mask)
    monkeypatch.setattr(large_edits, "FEW_ROWS", 0)
    return driver


def threads_of_edits(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The threads in which rows are written from now on."""
    found: set[int] = set()
    init = Edit.__init__

    def note(edit: Edit, *rest: object) -> None:
        found.add(threading.get_ident())
        init(edit, *rest)

    monkeypatch.setattr(Edit, "__init__", note)
    return found


def done(driver: Driver) -> Callable[[], bool]:
    return lambda: driver.app.state.bus.writable is not None


def test_whole_clips_are_merged_deleted_and_marked_by_another_thread(
    clip: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = threads_of_edits(monkeypatch)
    first, second = (row.id for row in clip.objects())
    clip.app.state.view.select(second, first)
    clip.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert clip.app.state.bus.writable is None, "nothing else is written meanwhile"
    clip.until(done(clip))
    assert [row.id for row in clip.objects()] == [second]
    assert clip.app.state.view.selection == (second,)
    assert clip.notices[-1].startswith("Merged")
    clip.app.router.route(Delete(DeleteScope.FROM_HERE))
    clip.until(done(clip))
    states = clip.project.states(clip.item)[second]
    assert MaskState.ABSENT in states.values()
    clip.app.router.route(Delete(DeleteScope.WHOLE))
    clip.until(done(clip))
    assert clip.objects() == ()
    assert threads
    assert threading.get_ident() not in threads


@dataclass(frozen=True)
class Endless:
    """A change that never comes to an end by itself."""

    title: str = "Endless"

    def apply(self, edit: Edit) -> None:
        while True:
            edit.find(LabelRow)


def test_a_large_change_can_be_stopped_and_then_nothing_has_changed(clip: Driver) -> None:
    revision, said = clip.project.revision, len(clip.notices)
    clip.app.controllers.large.apply(Endless(), rows=1, then=lambda changes: pytest.fail("it changed something"))
    clip.until(lambda: clip.window.findChild(ProgressDialog) is not None)
    clip.window.findChild(ProgressDialog).reject()
    clip.until(done(clip))
    assert clip.project.revision == revision
    assert clip.notices[said:] == []
    assert clip.app.state.bus.apply(AddLabel("goes on"))


def test_tracking_goes_on_after_another_thread_had_the_document(clip: Driver) -> None:
    gate = threading.Event()

    def wait(project: Project) -> Changes | None:
        assert gate.wait(20)
        return project.apply(AddLabel("meanwhile"))

    clip.app.state.view.select(clip.objects()[0].id)
    clip.press(Qt.Key.Key_T)
    clip.until(lambda: len(clip.masked_frames(1)) > 2)
    clip.app.controllers.large.run("Wait", wait, lambda changes: None)
    there = len(clip.masked_frames(1))
    clip.until(lambda: bool(clip.app.threads.engine._kept))
    assert clip.app.state.view.run is not None
    assert len(clip.masked_frames(1)) == there
    gate.set()
    clip.until(lambda: clip.app.state.view.run is None)
    assert clip.masked_frames(1) == list(range(FRAMES))
    assert [label.name for label in clip.project.labels()][-1:] == ["meanwhile"]


def test_a_click_answered_while_another_thread_has_the_document_is_not_lost(clip: Driver) -> None:
    gate = threading.Event()

    def wait(project: Project) -> Changes | None:
        assert gate.wait(20)
        return None

    clip.app.state.view.select()
    clip.click(70, 20)
    clip.app.controllers.large.run("Wait", wait, lambda changes: None)
    clip.until(lambda: bool(clip.app.threads.engine._kept))
    gate.set()
    clip.answered()
    assert clip.mask(3) is not None
