"""Which size of candidate is preselected (PRM-3)."""

from sam2_annotator.ui.size_memory import SizeMemory
from sam2_annotator.values.ids import LabelId, ObjectId

DOG, CAT = LabelId(1), LabelId(2)


def noted(*kept: tuple[int, LabelId | None, int | None]) -> SizeMemory:
    memory = SizeMemory()
    for number, label, index in kept:
        memory.note(ObjectId(number), label, index)
    return memory


def test_the_same_size_twice_in_a_row() -> None:
    assert noted((1, None, 2)).preferred(None) is None
    assert noted((1, None, 2), (2, None, 2)).preferred(None) == 2
    assert noted((1, None, 2), (2, None, 1)).preferred(None) is None


def test_changing_ones_mind_about_an_object_counts_once() -> None:
    assert noted((1, None, 0), (1, None, 1), (1, None, 2)).preferred(None) is None
    assert noted((1, None, 0), (1, None, 2), (2, None, 2)).preferred(None) == 2


def test_leaving_the_best_one_breaks_the_row() -> None:
    assert noted((1, None, 2), (2, None, None), (3, None, 2)).preferred(None) is None
    assert noted((1, None, None), (2, None, None)).preferred(None) is None


def test_a_label_goes_by_its_own_objects_once_it_has_enough() -> None:
    memory = noted((1, DOG, 2), (2, DOG, 2), (3, CAT, 0), (4, CAT, 0))
    assert memory.preferred(DOG) == 2
    assert memory.preferred(CAT) == 0
    assert memory.preferred(LabelId(3)) == 0
    assert noted((1, DOG, 2), (2, DOG, 1), (3, CAT, 0), (4, CAT, 0)).preferred(DOG) is None
