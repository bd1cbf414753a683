"""How masks of everything in a picture are looked for."""

from __future__ import annotations

from dataclasses import dataclass

MAX_POINTS_PER_SIDE = 128
MAX_CROP_LAYERS = 3


@dataclass(frozen=True, slots=True)
class EverythingOptions:
    """A grid of `points_per_side` squared points; masks are kept whose IoU prediction is above `pred_iou_thresh` and
    whose stability score is at least `stability_score_thresh` (None: what suits the model), and of several whose boxes
    overlap by more than `box_nms_thresh` (IoU) the best one.

    `crop_layers` adds looks at 4, 16, … overlapping parts of the picture, for small things. Holes and parts of fewer
    than `min_area` px are mended, masks of fewer are left out. `use_m2m` refines each mask once more.
    """

    points_per_side: int = 32
    pred_iou_thresh: float | None = None
    stability_score_thresh: float | None = None
    box_nms_thresh: float = 0.7
    crop_layers: int = 0
    min_area: int = 0
    use_m2m: bool = False
