"""Items come and go."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, RemoveItems, SetMask
from sam2_annotator.errors import DocError
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, new_item, rectangle


def test_items_keep_their_order_and_come_once(project: Project) -> None:
    first = project.apply(AddItems((new_item("b.mp4"), new_item("a.png", MediaKind.IMAGE, 1), new_item("b.mp4"))))
    assert first.created == (1, 2)
    again = project.apply(AddItems((new_item("a.png", MediaKind.IMAGE, 1), new_item("c.mp4"))))
    assert again.created == (3,)
    assert [row.path.name for row in project.items()] == ["b.mp4", "a.png", "c.mp4"]
    assert not project.apply(AddItems((new_item("c.mp4"),)))


def test_a_name_that_is_not_utf_8_is_kept(project: Project) -> None:
    project.apply(AddItems((new_item("caf\udce9.mp4"),)))
    assert [row.path.name for row in project.items()] == ["caf\udce9.mp4"]
    assert project.undo_title == "Add caf?.mp4"


def test_an_item_goes_with_all_that_is_on_it(project: Project) -> None:
    item, other = add_clip(project), add_clip(project, "other.mp4")
    object_id = add_object(project, item)
    kept = add_object(project, other)
    project.apply(SetMask(item, FrameIndex(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY))
    changes = project.apply(RemoveItems((item,)))
    assert changes.items == {item}
    assert changes.objects == {object_id}
    assert changes.masks == {(item, 0)}
    assert project.object(kept) is not None
    project.undo()
    assert project.mask_row(item, FrameIndex(0), object_id) is not None


def test_titles_name_one_and_count_many(project: Project) -> None:
    assert AddItems((new_item("a.png"),)).title == "Add a.png"
    assert AddItems((new_item("a.png"), new_item("b.png"))).title == "Add 2 items"
    assert RemoveItems((ItemId(1), ItemId(2))).title == "Remove 2 items"
    with pytest.raises(DocError):
        project.apply(RemoveItems((ItemId(1),)))


def test_a_file_that_can_be_read_at_last_tells_its_size(project: Project) -> None:
    unread = new_item("a.png", MediaKind.IMAGE, 0)
    (item,) = project.apply(AddItems((unread,)), recorded=False).created
    assert not project.apply(AddItems((unread,)))
    changes = project.apply(AddItems((new_item("a.png", MediaKind.IMAGE, 1),)), recorded=False)
    assert changes.items == {item}
    row = project.item(ItemId(item))
    assert row is not None
    assert row.frames == 1
    assert not project.apply(AddItems((new_item("a.png", MediaKind.IMAGE, 9),))), "one that is known stays as it is"
