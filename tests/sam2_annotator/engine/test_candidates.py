from __future__ import annotations

import numpy as np
import pytest

from sam2_annotator.engine.candidates import extends, rank
from sam2_annotator.engine.messages import Candidate
from sam2_annotator.masks import rle
from sam2_annotator.values.prompt import Box, Point, PromptSet

A, B, C = Point(1, 1), Point(2, 2), Point(3, 3, positive=False)


def candidate(area: int, iou: float) -> Candidate:
    return Candidate(rle.encode(np.arange(16).reshape(4, 4) < area), iou)


def test_smallest_comes_first_and_the_old_places_are_told() -> None:
    given = [candidate(9, 0.2), candidate(2, 0.9), candidate(5, 0.4)]
    answer, order = rank(given)
    assert [one.mask.area for one in answer.candidates] == [2, 5, 9]
    assert order == (1, 2, 0)
    assert answer.best == 0
    assert answer.shown is given[1]


def test_of_equal_ious_the_first_given_is_best() -> None:
    answer, _ = rank([candidate(9, 0.5), candidate(2, 0.5)])
    assert answer.shown.mask.area == 9


def test_mask_tells_the_candidate_shown() -> None:
    answer, _ = rank([candidate(9, 0.2), candidate(2, 0.9)])
    other = candidate(4, 0).mask
    assert (answer.index_of(candidate(9, 0).mask), answer.index_of(None), answer.index_of(other)) == (1, 0, 0)
    assert (answer.led_to(candidate(9, 0).mask), answer.led_to(None), answer.led_to(other)) == (True, True, False)


@pytest.mark.parametrize(
    ("prompts", "earlier", "expected"),
    [
        (PromptSet((A, B)), PromptSet((A,)), True),
        (PromptSet((A, B, C)), PromptSet((A,)), True),
        (PromptSet((A,)), PromptSet((A,)), False),
        (PromptSet((B, A)), PromptSet((A,)), False),
        (PromptSet((A,)), PromptSet((A, B)), False),
        (PromptSet((A, B), Box(0, 0, 4, 4)), PromptSet((A,)), False),
        (PromptSet((A,), Box(0, 0, 4, 4)), PromptSet(box=Box(0, 0, 4, 4)), True),
        (PromptSet((A,), mask=candidate(3, 0).mask), PromptSet(mask=candidate(4, 0).mask), False),
    ],
)
def test_only_points_at_the_end_continue(prompts: PromptSet, earlier: PromptSet, expected: bool) -> None:
    assert extends(prompts, earlier) is expected
