"""Points, boxes and masks on a frame: checked first, computed next, and only then part of the state (ENGINE: session).

SAM 2 paper (arXiv 2408.00714), section 4: prompt encoder and mask decoder on a video frame.
"""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from sam2_core.errors import InvalidPrompt
from sam2_core.modeling.sam2_base import SAM2Base, SamOutput
from sam2_core.ops.components import fill_holes
from sam2_core.transfer import to_device, to_host
from sam2_core.video import memory
from sam2_core.video.runs import bank_of
from sam2_core.video.signals import numbers, record, records
from sam2_core.video.state import MaskPrompt, ObjectState, PointPrompts, VideoState
from sam2_core.video.store import Candidates, FrameOutput
from sam2_core.video.validation import check_frame

LOGIT_LIMIT = 32.0


def add_points(
    model: SAM2Base, state: VideoState, frame: int, obj_id: Hashable, prompts: PointPrompts, *, refine: bool = True
) -> bool:
    """Segment the object by all points of the frame (in model pixels); they replace its earlier prompts there.

    With `refine`, the frame's present result is handed to the decoder as mask prompt. Returns whether the result
    conditions the tracker.

    Raises:
        InvalidPrompt: no such frame. The state is as before then, and after any other error.
    """
    check_frame(state, frame)
    track = state.objects.get(obj_id) or state.new_object(obj_id)
    initial = is_initial(track, frame, state)
    is_cond = initial or state.options.add_all_frames_to_correct_as_cond
    features = memory.frame_features(model, state, frame)
    if initial:
        embedding = model.without_memory(features.embedding)
    else:
        bank = bank_of(model, state, track, frame, reverse=track.tracked.get(frame, False))
        embedding = memory.condition(model, state, features, [track], bank)
    previous = track.output(frame, fresh_cond=is_cond) if refine else None
    mask_inputs = None
    if previous is not None:
        mask_inputs = to_device(previous.low_res, state.device).clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
    sam = model.forward_sam_heads(
        embedding,
        points=(to_device(prompts.coords[None], state.device), to_device(prompts.labels[None], state.device)),
        mask_inputs=mask_inputs,
        high_res=features.high_res,
        multimask_output=model.use_multimask(len(prompts.labels), initial=initial),
    )
    output = _prompted_output(model, state, track, frame, sam, initial=initial, ambiguous=len(prompts.labels) == 1)
    _keep(state, obj_id, track, frame, output, is_cond=is_cond)
    track.points[frame] = prompts
    track.masks.pop(frame, None)
    return is_cond


def add_mask(model: SAM2Base, state: VideoState, frame: int, obj_id: Hashable, mask: npt.NDArray[np.bool_]) -> bool:
    """Take a mask, bool (H, W), as the object's result on a frame. Returns whether it conditions the tracker.

    Raises:
        InvalidPrompt: no such frame. The state is as before then.
    """
    check_frame(state, frame)
    track = state.objects.get(obj_id) or state.new_object(obj_id)
    initial = is_initial(track, frame, state)
    is_cond = initial or state.options.add_all_frames_to_correct_as_cond
    plane = torch.from_numpy(np.ascontiguousarray(mask)).to(state.device)[None, None].float()
    size = (model.image_size, model.image_size)
    if mask.shape != size:
        resized = F.interpolate(plane, size=size, mode="bilinear", align_corners=False, antialias=True)
        plane = (resized >= 0.5).float()
    features = memory.frame_features(model, state, frame)
    sam = model.use_mask_as_output(features.embedding, features.high_res, plane)
    output = _prompted_output(model, state, track, frame, sam, initial=initial)
    _keep(state, obj_id, track, frame, output, is_cond=is_cond)
    track.masks[frame] = MaskPrompt.of(mask)
    track.points.pop(frame, None)
    return is_cond


def choose_candidate(state: VideoState, frame: int, obj_id: Hashable, index: int) -> None:
    """Make candidate `index` of a single-click result the frame's result, with its pointer and memory from then on.

    Raises:
        InvalidPrompt: no such object, no candidates on the frame, or no such candidate.
    """
    track = state.objects.get(obj_id)
    output = track.output(frame) if track is not None else None
    if track is None or output is None or output.candidates is None:
        raise InvalidPrompt(f"object {obj_id!r} has no candidates on frame {frame}")
    given = output.candidates
    count = given.low_res.shape[1]
    if not 0 <= index < count:
        raise InvalidPrompt(f"there is no candidate {index}; there are candidates 0 to {count - 1}")
    (signals,) = records(frame, given.low_res, given.ious, torch.tensor([index]), output.object_score_logits)
    chosen = replace(
        output,
        low_res=given.low_res[:, index : index + 1],
        obj_ptr=given.obj_ptrs[:, index],
        record=signals,
        revision=track.revision + 1,
        memory=None,
        candidates=replace(given, best=index),
    )
    is_cond = frame not in track.fresh_non_cond
    _keep(state, obj_id, track, frame, chosen, is_cond=is_cond)


def clear_prompts(state: VideoState, frame: int, obj_id: Hashable) -> None:
    """Forget the object's prompts on a frame; a conditioning result stays as an ordinary one until it is tracked anew.

    Raises:
        InvalidPrompt: no such frame or object.
    """
    check_frame(state, frame)
    track = state.objects.get(obj_id)
    if track is None:
        raise InvalidPrompt(f"there is no object {obj_id!r}")
    track.points.pop(frame, None)
    track.masks.pop(frame, None)
    track.fresh_cond.pop(frame, None)
    track.fresh_non_cond.pop(frame, None)
    output = track.cond.pop(frame, None)
    if output is not None:
        track.non_cond[frame] = output
        track.tracked.pop(frame, None)
    track.revision += 1


def is_initial(track: ObjectState, frame: int, state: VideoState) -> bool:
    """True where a prompt is decoded without memories: on frames never tracked, and (improved) again on frames whose
    prompts began so, since a frame's own wrong mask is no memory to correct it by.
    """
    if frame not in track.tracked:
        return True
    if state.options.improved:
        prompted = track.fresh_cond.get(frame) or track.cond.get(frame)
        if prompted is not None:
            return prompted.initial
        return not any(t != frame for t in track.cond)
    return not track.cond


def _prompted_output(
    model: SAM2Base,
    state: VideoState,
    track: ObjectState,
    frame: int,
    sam: SamOutput,
    *,
    initial: bool,
    ambiguous: bool = False,
) -> FrameOutput:
    """The result as it is stored; the candidates of an `ambiguous` prompt go with it. The host waits once."""
    count = sam.low_res_multi.shape[1]
    pointers = sam.obj_ptr[:, None]  # (1, 1, D)
    if ambiguous and count > 1:
        tokens = sam.tokens.expand(-1, count, -1)
        pointers = torch.stack([model.object_pointer(t, sam.object_score_logits) for t in tokens.unbind(1)], dim=1)
    signals = numbers(sam.low_res_multi, sam.ious, sam.best, sam.object_score_logits)
    parts = signals, sam.low_res_multi, sam.obj_ptr, sam.object_score_logits, sam.ious, pointers, sam.best
    row, planes, pointer, score, ious, pointers, best = to_host(*parts)
    chosen = int(best[0])
    planes = fill_holes(planes.transpose(0, 1), state.options.fill_hole_area).transpose(0, 1)  # (1, K, s, s)
    output = FrameOutput(
        planes[:, chosen : chosen + 1].clone(),
        pointer,
        score,
        record(frame, row[0].tolist()),
        track.revision + 1,
        interacted=True,
        initial=initial,
    )
    if ambiguous and count > 1:
        output.candidates = Candidates(planes, ious, pointers, chosen)
    return output


def _keep(
    state: VideoState, obj_id: Hashable, track: ObjectState, frame: int, output: FrameOutput, *, is_cond: bool
) -> None:
    (track.fresh_cond if is_cond else track.fresh_non_cond)[frame] = output
    track.revision += 1
    state.objects.setdefault(obj_id, track)
