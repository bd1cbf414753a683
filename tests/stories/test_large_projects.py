"""Where there is very much, the window does little at a time."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sam2_annotator.doc.commands import AddLabel, AddObject, SetLabel, SetMask
from sam2_annotator.ui.canvas import scene, tag_item
from sam2_annotator.ui.canvas.mask_cache import MaskCache
from sam2_annotator.values.ids import FrameIndex, LabelId, ObjectId
from support.drawing import blocks
from support.drawn import picture_file
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
