"""Which object lies over which."""

from collections.abc import Iterable

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import Lift, LiftObjects, PlaceObjects
from sam2_annotator.values.ids import ItemId, ObjectId
from support.documents import add_clip, add_object


@pytest.fixture
def item(project: Project) -> ItemId:
    """A clip with objects 1 to 5, 5 on top."""
    item = add_clip(project)
    for _ in range(5):
        add_object(project, item)
    return item


def stack(project: Project, item: ItemId) -> list[int]:
    return [row.number for row in sorted(project.objects(item), key=lambda row: row.z)]


def ids(numbers: Iterable[int]) -> tuple[ObjectId, ...]:
    return tuple(map(ObjectId, numbers))


@pytest.mark.parametrize(
    ("moved", "lift", "expected"),
    [
        ((2,), Lift.FORWARD, [1, 3, 2, 4, 5]),
        ((2,), Lift.BACK, [2, 1, 3, 4, 5]),
        ((2, 4), Lift.FORWARD, [1, 3, 2, 5, 4]),
        ((4, 5), Lift.FORWARD, [1, 2, 3, 4, 5]),
        ((3, 5), Lift.FORWARD, [1, 2, 4, 3, 5]),
        ((1, 3), Lift.BACK, [1, 3, 2, 4, 5]),
        ((2, 4), Lift.TO_FRONT, [1, 3, 5, 2, 4]),
        ((4, 2), Lift.TO_BACK, [2, 4, 1, 3, 5]),
    ],
)
def test_objects_are_lifted(
    project: Project, item: ItemId, moved: tuple[int, ...], lift: Lift, expected: list[int]
) -> None:
    project.apply(LiftObjects(item, ids(moved), lift))
    assert stack(project, item) == expected
    project.undo()


@pytest.mark.parametrize(
    ("moved", "over", "expected"),
    [((1,), 4, [2, 3, 4, 1, 5]), ((5, 3), 1, [1, 3, 5, 2, 4]), ((3,), None, [3, 1, 2, 4, 5])],
)
def test_objects_are_put_over_another(
    project: Project, item: ItemId, moved: tuple[int, ...], over: int | None, expected: list[int]
) -> None:
    project.apply(PlaceObjects(item, ids(moved), None if over is None else ObjectId(over)))
    assert stack(project, item) == expected
    with pytest.raises(ValueError, match="over itself"):
        project.apply(PlaceObjects(item, ids((2,)), ObjectId(2)))


def test_only_rows_that_move_are_written(project: Project, item: ItemId) -> None:
    assert project.apply(LiftObjects(item, ids((4,)), Lift.FORWARD)).objects == set(ids((4, 5)))
    assert not project.apply(LiftObjects(item, ids((4,)), Lift.TO_FRONT))
