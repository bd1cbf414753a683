"""Tracking: preflight of the prompts, and one frame after the other with the memory bank (paper, section 4)."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sam2_core.devices import in_batches
from sam2_core.errors import Cancelled
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.components import fill_holes
from sam2_core.video import memory
from sam2_core.video.memory_bank import Selection
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.store import FrameOutput

BATCH = 8  # objects decoded together; bounds the memory of one step


def encode_prompted(model: SAM2Base, state: VideoState, *, except_frame: int | None = None) -> None:
    """Give prompted results their memory maps; called when the prompts move to another frame, while the image
    features of the frame left are still at hand."""
    for track in state.objects.values():
        for fresh in (track.fresh_non_cond, track.fresh_cond):
            for frame, output in fresh.items():
                if output.memory is None and frame != except_frame:
                    memory.encode_stored(model, state, frame, output)


def preflight(model: SAM2Base, state: VideoState) -> None:
    """Move the results of prompts into the memory bank; a conditioning result replaces a tracked one of its frame."""
    encode_prompted(model, state)
    for track in state.objects.values():
        touched = [*track.fresh_non_cond, *track.fresh_cond]
        for frame, output in track.fresh_non_cond.items():
            track.non_cond[frame] = output
        track.cond.update(track.fresh_cond)
        track.fresh_non_cond.clear()
        track.fresh_cond.clear()
        for frame in track.cond:
            track.non_cond.discard(frame)
        if state.options.clear_non_cond_mem_around_input:
            reach = model.memory_temporal_stride_for_eval * model.num_maskmem
            for frame in touched:
                track.non_cond.discard_near(frame, reach)


def track_frame(
    model: SAM2Base,
    state: VideoState,
    frame: int,
    tracks: Sequence[ObjectState],
    *,
    reverse: bool,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Result and memory of a frame for the objects; a conditioning result stays as it is. Objects that read the same
    frames are decoded together.

    Raises:
        Cancelled: asked for between two steps; the objects done before keep their new results.
    """
    groups: dict[Selection, list[ObjectState]] = defaultdict(list)
    for track in tracks:
        if frame not in track.cond:
            groups[memory.bank_of(model, state, track, frame, reverse=reverse)].append(track)
    batch = 1 if model.non_overlap_masks_for_mem_enc else BATCH  # the flag would tie an object to its batch
    for selection, members in groups.items():

        def together(some: Sequence[ObjectState], selection: Selection = selection) -> Sequence[ObjectState]:
            if cancelled():
                raise Cancelled
            features = memory.frame_features(model, state, frame)
            _track_together(model, state, frame, features, some, selection)
            return some

        in_batches(state.device, members, batch, together)  # smaller ones where memory is short
    reach = max(state.window, model.memory_temporal_stride_for_eval * model.num_maskmem)
    for track in tracks:
        track.tracked[frame] = reverse
        if state.options.improved:
            track.non_cond.compact(frame, reach)


def _track_together(
    model: SAM2Base,
    state: VideoState,
    frame: int,
    features: ImageFeatures,
    tracks: Sequence[ObjectState],
    selection: Selection,
) -> None:
    sam = model.forward_sam_heads(
        memory.condition(model, state, features, tracks, selection),
        high_res=features.high_res,
        multimask_output=model.use_multimask(0, initial=False),
    )
    maps = memory.encode(model, features, sam.high_res, sam.object_score_logits, interacted=False)
    low_res = fill_holes(sam.low_res, state.options.fill_hole_area)
    parts = [low_res, sam.obj_ptr, sam.object_score_logits, sam.chosen_iou, maps]
    parts = [part.to(state.storage) for part in parts]
    for i, track in enumerate(tracks):
        # clones: a slice would keep the whole batch alive
        logits, pointer, score, iou, memory_map = (part[i : i + 1].clone() for part in parts)
        track.non_cond[frame] = FrameOutput(logits, pointer, score, iou, track.revision, memory=memory_map)
