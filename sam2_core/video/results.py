"""Typed results of a video session, on the host and free of tensors."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from sam2_core.ops.overlap import keep_apart
from sam2_core.ops.smoothing import smooth
from sam2_core.ops.transforms import resize_logits
from sam2_core.video.outputs import MASK_LOGIT
from sam2_core.video.policy import FrameRecord
from sam2_core.video.state import ObjectState
from sam2_core.video.store import Candidates, FrameOutput

Logits = npt.NDArray[np.float16]
ABSENT_LOGIT = -32.0  # shown for an absent object, in place of the decoder's -1024


@dataclass(frozen=True, slots=True)
class Candidate:
    """One mask of an ambiguous click: logits_low_res (s, s) and its predicted IoU."""

    logits_low_res: Logits
    iou: float

    def mask(self, height: int, width: int) -> npt.NDArray[np.bool_]:
        """The mask, bool (height, width)."""
        return _upscaled(self.logits_low_res, height, width) > 0


@dataclass(frozen=True, slots=True, eq=False)
class ObjectResult:
    """One object on one frame.

    logits_low_res: float16 (s, s), all -32 where the object is absent. iou: predicted, 0..1. score: object score, above
    0 where the object is present. prompted: the user gave prompts here. revision: of the object's prompts this was
    computed from; stale: the prompts changed since. candidates: all masks of a single click, else None; candidate: the
    one in use. record: numbers of the result before it was smoothed. given: the user's own mask, bool (H, W), where the
    prompt was a mask.
    """

    obj_id: Hashable
    logits_low_res: Logits
    iou: float
    score: float
    present: bool
    prompted: bool
    revision: int
    stale: bool
    record: FrameRecord
    candidates: tuple[Candidate, ...] | None = None
    candidate: int | None = None
    given: npt.NDArray[np.bool_] | None = None

    def logits(self, height: int, width: int) -> npt.NDArray[np.float32]:
        """Mask logits at a size: the user's own mask where it has that size, else bilinear; float32 (height, width)."""
        if self.given is not None and self.given.shape == (height, width):
            return np.where(self.given, np.float32(MASK_LOGIT), np.float32(-MASK_LOGIT))
        return _upscaled(self.logits_low_res, height, width)

    def mask(self, height: int, width: int) -> npt.NDArray[np.bool_]:
        """The mask, bool (height, width)."""
        return self.logits(height, width) > 0


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """All objects of one finished frame. apart: masks of different objects may not overlap."""

    frame: int
    objects: tuple[ObjectResult, ...]
    apart: bool = False

    def masks(self, height: int, width: int) -> dict[Hashable, npt.NDArray[np.bool_]]:
        """Masks by object id, bool (height, width); all False where an object is absent."""
        planes = [o.logits(height, width) for o in self.objects]
        if self.apart and len(planes) > 1:
            planes = list(keep_apart(torch.from_numpy(np.stack(planes))[:, None])[:, 0].numpy())
        return {o.obj_id: plane > 0 for o, plane in zip(self.objects, planes, strict=True)}


def _upscaled(low_res: Logits, height: int, width: int) -> npt.NDArray[np.float32]:
    plane = torch.from_numpy(low_res.astype(np.float32))[None, None]
    result: npt.NDArray[np.float32] = resize_logits(plane, (height, width))[0, 0].numpy()
    return result


def object_result(obj_id: Hashable, track: ObjectState, frame: int, *, smoothing: float = 0.0) -> ObjectResult | None:
    """The newest result of an object on a frame, None where there is none; `smoothing` as in `ModelConfig`."""
    output = track.output(frame)
    if output is None:
        return None
    score = float(output.object_score_logits)
    given = track.masks.get(frame)
    candidates = output.candidates
    prompted = track.is_prompted(frame)
    return ObjectResult(
        obj_id,
        _low_res(output, score, smoothing),
        output.record.iou,
        score,
        score > 0,
        prompted,
        output.revision,
        not prompted and output.revision != track.revision,
        output.record,
        _candidates(candidates, smoothing) if candidates is not None else None,
        candidates.best if candidates is not None else None,
        given.mask() if given is not None else None,
    )


def _low_res(output: FrameOutput, score: float, smoothing: float) -> Logits:
    if score <= 0:
        side = output.low_res.shape[-1]
        return np.full((side, side), ABSENT_LOGIT, np.float16)
    logits: Logits = smooth(output.low_res[0].half().numpy(), smoothing)[0]
    return logits


def _candidates(given: Candidates, smoothing: float) -> tuple[Candidate, ...]:
    planes: Logits = smooth(given.low_res[0].clamp(min=ABSENT_LOGIT).half().numpy(), smoothing)
    return tuple(Candidate(plane, float(iou)) for plane, iou in zip(planes, given.ious[0], strict=True))
