"""Tracking: preflight of the prompts, and one frame after the other with the memory bank (paper, section 4)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch

from sam2_core.errors import Cancelled
from sam2_core.modeling.sam2_base import SAM2Base, SamOutput
from sam2_core.ops.components import fill_holes
from sam2_core.transfer import on_the_way
from sam2_core.video import memory, step
from sam2_core.video.buckets import buckets, slices
from sam2_core.video.memory_bank import Selection
from sam2_core.video.policy import Keep
from sam2_core.video.runs import Run, bank, selection_in
from sam2_core.video.signals import record, records
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.step import Host, Tracked
from sam2_core.video.store import FrameOutput


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
    run: Run,
    *,
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
            groups[selection_in(model, state, track, frame, run.members[track.obj_id])].append(track)
    limit = 1 if model.non_overlap_masks_for_mem_enc else state.batch  # the flag would tie an object to its batch
    parts_of = buckets if state.bucketed and not state.policy.chooses else slices
    started: list[Tracked] = []
    order = [track for members in groups.values() for track in members]
    for selection, members in groups.items():
        first = 0
        for count, size in parts_of(len(members), limit):
            if cancelled():
                _commit(state, frame, order, _outputs(model, state, frame, order, started, run), run)
                raise Cancelled
            started.append(_started(model, state, frame, members[first : first + count], size, selection, run))
            first += count
    _commit(state, frame, order, _outputs(model, state, frame, order, started, run), run)
    for track in tracks:
        track.tracked[frame] = run.reverse
        member = run.members[track.obj_id]
        view = bank(model, state, track, frame, member.number)
        retained = state.policy.retain(member.policy_state, view, frame)
        if retained is not None:
            track.non_cond.compact(retained)


def _commit(
    state: VideoState, frame: int, tracks: Sequence[ObjectState], made: Sequence[FrameOutput], run: Run
) -> None:
    """Store what was made for the first of the objects, as the policy wants it."""
    for track, output in zip(tracks, made, strict=False):
        output.keep = state.policy.commit(run.members[track.obj_id].policy_state, frame, output.record)
        if output.keep is Keep.SKIP:
            output.memory = None
        track.non_cond[frame] = output


def _started(
    model: SAM2Base,
    state: VideoState,
    frame: int,
    tracks: Sequence[ObjectState],
    size: int,
    selection: Selection,
    run: Run,
) -> Tracked:
    """The objects, which all read the same frames, on their way through the model in a batch of that size."""
    features = memory.frame_features(model, state, frame)
    memory.encode_ahead(model, state)
    padded = [*tracks, *[tracks[-1]] * (size - len(tracks))]
    read = memory.gather(model, state, padded, selection)
    choose = partial(_chosen_by_policy, model, state, frame, tracks, run) if state.policy.chooses else None
    steady = selection.is_full(model.num_maskmem)
    tracked = step.track(model, features, read, steady=steady, choose=choose)
    return Tracked(tracked.together[: len(tracks)], tracked.memories[: len(tracks)])


def _outputs(
    model: SAM2Base, state: VideoState, frame: int, tracks: Sequence[ObjectState], started: Sequence[Tracked], run: Run
) -> list[FrameOutput]:
    """What is stored of the first of the objects, of all batches that were started; the host waits once for them."""
    if not started:
        return []
    host = Host.of(model, on_the_way(torch.cat([one.together for one in started]))())
    low_res = fill_holes(host.low_res, state.options.fill_hole_area)
    # clones: a slice would keep the whole batch alive
    maps = [one.memories[i : i + 1].clone().to(state.storage) for one in started for i in range(len(one.memories))]
    outputs = []
    for i, (track, memory_map) in enumerate(zip(tracks, maps, strict=False)):
        logits, pointer, score = (part[i : i + 1].clone() for part in (low_res, host.pointers, host.scores))
        numbers, number = record(frame, host.numbers[i]), run.members[track.obj_id].number
        outputs.append(FrameOutput(logits, pointer, score, numbers, track.revision, number, memory=memory_map))
    return outputs


def _chosen_by_policy(
    model: SAM2Base, state: VideoState, frame: int, tracks: Sequence[ObjectState], run: Run, sam: SamOutput
) -> SamOutput:
    """The output with the candidates that the policy wants, before anything is made of them."""
    picks = []
    numbers = records(frame, sam.low_res_multi, sam.ious, sam.best, sam.object_score_logits)
    for track, signals in zip(tracks, numbers, strict=True):
        member = run.members[track.obj_id]
        view = bank(model, state, track, frame, member.number)
        (choice,) = state.policy.choose(member.policy_state, view, [signals], frame)
        picks.append(choice.k)
    best = torch.tensor(picks, device=sam.best.device)
    rows = torch.arange(len(picks), device=best.device)
    token = sam.tokens[rows, best] if sam.tokens.shape[1] > 1 else sam.tokens[:, 0]
    low_res = sam.low_res_multi[rows, best][:, None]
    pointer = model.object_pointer(token, sam.object_score_logits)
    return replace(sam, best=best, low_res=low_res, high_res=model.high_res(low_res), obj_ptr=pointer)
