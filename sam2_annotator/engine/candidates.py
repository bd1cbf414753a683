"""Ordering the masks of an ambiguous click, and telling whether prompts continue earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sam2_annotator.engine.messages import Candidate
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet


@dataclass(frozen=True, slots=True)
class Answer:
    """Candidates from the smallest to the largest; `best` has the highest predicted IoU."""

    candidates: tuple[Candidate, ...]
    best: int

    @property
    def shown(self) -> Candidate:
        """The candidate with the highest predicted IoU."""
        return self.candidates[self.best]

    def changed(self, change: Callable[[Mask], Mask]) -> Answer:
        """The same with another mask in each place."""
        masks = (change(candidate.mask) for candidate in self.candidates)
        return replace(self, candidates=tuple(map(replace_mask, self.candidates, masks)))

    def led_to(self, mask: Mask | None) -> bool:
        """True when an object that shows `mask` (None: unknown) may show one of these candidates."""
        return mask is None or any(candidate.mask == mask for candidate in self.candidates)

    def index_of(self, mask: Mask | None) -> int:
        """The candidate with exactly these pixels, `best` when there is none."""
        return next((i for i, candidate in enumerate(self.candidates) if candidate.mask == mask), self.best)


def replace_mask(candidate: Candidate, mask: Mask) -> Candidate:
    """The candidate with other pixels."""
    return candidate if mask is candidate.mask else replace(candidate, mask=mask)


def rank(candidates: Sequence[Candidate]) -> tuple[Answer, tuple[int, ...]]:
    """The candidates by area, and for each place the index it had before; on equal areas the order stays."""
    order = tuple(sorted(range(len(candidates)), key=lambda index: candidates[index].mask.area))
    ranked = tuple(candidates[index] for index in order)
    best = max(range(len(ranked)), key=lambda place: (ranked[place].iou, -order[place]))
    return Answer(ranked, best), order


def has_positive(prompts: PromptSet) -> bool:
    """True when points or a box say where the object is, and not only where it is not."""
    return prompts.box is not None or any(point.positive for point in prompts.points)


def extends(prompts: PromptSet, earlier: PromptSet) -> bool:
    """True when `prompts` are the earlier ones with points added at the end."""
    same = (prompts.box, prompts.mask) == (earlier.box, earlier.mask)
    count = len(earlier.points)
    return same and len(prompts.points) > count and prompts.points[:count] == earlier.points
