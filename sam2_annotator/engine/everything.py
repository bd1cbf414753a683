"""Masks of everything in a picture, a few points at a time, so that a click never waits for more than those."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from sam2_annotator.engine.messages import FindEverything, Found, Proposal, Proposals
from sam2_annotator.engine.pace import Pace
from sam2_annotator.masks import boxes, metrics, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.shaping import CleanUp
from sam2_core.session import ImageSession

_AT_ONCE = {"cpu": 4, "mps": 16}  # points in a batch; a CPU gains little from more, CUDA takes what it has room for

_SAME = 0.5  # IoU from which on two masks are of one thing


def search(
    session: ImageSession, key: str | None, pixels: npt.NDArray[np.uint8], request: FindEverything
) -> Generator[Found | Proposals, None, None]:
    """Tells each batch of points, then the masks, best first. pixels: uint8 RGB (H, W, 3); `key` names the picture's
    embedding, None makes one.

    Raises:
        sam2_core.errors.Cancelled: the ticket's token was set while a part of the picture was embedded.
    """
    device = session.model.device.type
    steps = session.everything(
        key,
        pixels,
        cancel=request.ticket.token,
        points_per_batch=_AT_ONCE.get(device),
        **_arguments(request.options),
    )
    pace: Pace | None = None
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            records = end.value
            break
        pace = pace or Pace(-(-total // done))
        pace.step()
        yield Found(request.ticket, done, total, pace.seconds_left)
    masks = (rle.from_coco(record["segmentation"]["size"], record["segmentation"]["counts"]) for record in records)
    proposals = [
        Proposal(mask, float(record["predicted_iou"]), float(record["stability_score"]))
        for record, mask in zip(records, masks, strict=True)
    ]
    proposals.sort(key=lambda proposal: -proposal.iou)
    least = request.options.min_area
    if least > 0:
        clean = CleanUp(fill_holes=least - 1, drop_specks=least - 1)
        proposals = [Proposal(shaped(one.mask, clean), one.iou, one.stability) for one in proposals]
    wanted = tuple(
        one for one in proposals if one.mask.area >= max(1, least) and not _is_known(one.mask, request.known)
    )
    yield Proposals(request.ticket, request.media.item, request.frame, wanted)


def _is_known(mask: Mask, known: Iterable[Mask]) -> bool:
    return any(
        not boxes.is_empty(boxes.intersection(mask.box, other.box)) and metrics.iou(mask, other) >= _SAME
        for other in known
    )


def _arguments(options: EverythingOptions) -> dict[str, Any]:
    """As the generator calls them; what is left to the model is not named."""
    filters = {
        "pred_iou_thresh": options.pred_iou_thresh,
        "stability_score_thresh": options.stability_score_thresh,
    }
    return {
        "points_per_side": options.points_per_side,
        "box_nms_thresh": options.box_nms_thresh,
        "crop_n_layers": options.crop_layers,
        "crop_n_points_downscale_factor": 2,
        "use_m2m": options.use_m2m,
        **{name: value for name, value in filters.items() if value is not None},
    }
