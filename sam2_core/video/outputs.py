"""From stored logits to what the caller sees: masks at the clip's size, kept apart if so wanted."""

from collections.abc import Hashable, Sequence

import torch
from torch import Tensor

from sam2_core.modeling.sam2_base import NO_OBJ_SCORE
from sam2_core.ops.overlap import keep_apart
from sam2_core.ops.transforms import resize_logits
from sam2_core.transfer import to_device
from sam2_core.video.state import ObjectState, VideoState

MASK_LOGIT = 10.0  # logit of a mask given by the user


def frame_logits(
    state: VideoState, frame: int, objects: Sequence[ObjectState], *, fresh_cond: bool | None = None
) -> Tensor:
    """Mask logits of the objects on a frame, float32 (N, 1, H, W) on the compute device; -1024 where there is nothing.

    `fresh_cond` says which results since the last preflight are seen: conditioning ones, others, or both (None).
    """
    if not objects:
        return torch.zeros(0, 1, *state.size, device=state.device)
    outputs = [o.output(frame, fresh_cond=fresh_cond) for o in objects]
    stored = [output.low_res for output in outputs if output is not None]
    enlarged: list[Tensor] = []
    if stored:  # all in one go to the device
        enlarged = list(torch.split(resize_logits(to_device(torch.cat(stored), state.device), state.size), 1))
    planes = [enlarged.pop(0) if output is not None else _nothing(state) for output in outputs]
    logits = torch.cat([_given(state, frame, o, plane) for o, plane in zip(objects, planes, strict=True)])
    return keep_apart(logits) if state.options.non_overlap_masks else logits


def _nothing(state: VideoState) -> Tensor:
    """(1, 1, H, W)"""
    return torch.full((1, 1, *state.size), NO_OBJ_SCORE, device=state.device)


def _given(state: VideoState, frame: int, track: ObjectState, plane: Tensor) -> Tensor:
    """The user's own mask (1, 1, H, W) where there is one of the clip's size, else `plane`."""
    given = track.masks.get(frame)
    if not state.options.improved or given is None or given.shape != state.size:
        return plane
    mask = torch.from_numpy(given.mask()).to(state.device)[None, None]
    return torch.where(mask, MASK_LOGIT, -MASK_LOGIT)


def ids_and_logits(state: VideoState, frame: int, *, fresh_cond: bool | None = None) -> tuple[list[Hashable], Tensor]:
    """All objects in the order they were made, and their logits as `frame_logits` gives them."""
    return list(state.objects), frame_logits(state, frame, list(state.objects.values()), fresh_cond=fresh_cond)
