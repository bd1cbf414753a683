"""One pass of the tracker in one direction: the policy's state per object, and which results a frame may read."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.memory_bank import BankRules, Selection
from sam2_core.video.policy import FrameRecord, Keep, Key, PolicyState, RunInfo
from sam2_core.video.state import ObjectState, VideoState


@dataclass(frozen=True, slots=True)
class Member:
    """One object in a run: the number its results carry, and the policy's state."""

    number: int
    policy_state: PolicyState


@dataclass(frozen=True, slots=True)
class Run:
    """A pass in one direction, by object."""

    reverse: bool
    members: Mapping[Hashable, Member]


@dataclass(frozen=True, slots=True)
class StoredBank:
    """A BankView of an object's results. `run`: only results of that run are read; None: those of all."""

    track: ObjectState
    keys: tuple[int, ...]
    num_frames: int
    rules: BankRules
    run: int | None

    @property
    def tracked(self) -> "StoredBank":
        """Itself: `in` asks for a remembered result."""
        return self

    def __contains__(self, frame: object) -> bool:
        output = self.track.non_cond.peek(frame)
        return output is not None and output.keep is not Keep.SKIP and self.run in (None, output.run)

    def record(self, frame: int) -> FrameRecord | None:
        """The numbers of a frame that may be read."""
        if frame in self.keys:
            return self.track.cond[frame].record
        output = self.track.non_cond.peek(frame) if frame in self else None
        return None if output is None else output.record

    def anchors(self) -> list[int]:
        """Frames kept as anchors, ascending."""
        return [frame for frame in sorted(self.track.non_cond.anchors) if frame in self]


def begin(
    model: SAM2Base,
    state: VideoState,
    tracks: Sequence[ObjectState],
    frames: Mapping[Hashable, Sequence[int]],
    *,
    reverse: bool,
) -> Run:
    """A run of objects over their frames, in the order of travel. Where a current result of the same direction lies
    right before the first of them, the object goes on with the run that made it.
    """
    members = {}
    for track in tracks:
        first, last = frames[track.obj_id][0], frames[track.obj_id][-1]
        before = first + 1 if reverse else first - 1
        output = track.non_cond.peek(before)
        if output is not None and output.revision == track.revision and track.tracked.get(before) is reverse:
            number = output.run
        else:
            number = state.next_run()
        members[track.obj_id] = Member(number, _policy_state(model, state, track, first, last, reverse=reverse))
    return Run(reverse, members)


def selection_in(model: SAM2Base, state: VideoState, track: ObjectState, frame: int, member: Member) -> Selection:
    """What a frame of a run reads."""
    return state.policy.select(member.policy_state, bank(model, state, track, frame, member.number), frame)


def bank_of(model: SAM2Base, state: VideoState, track: ObjectState, frame: int, *, reverse: bool) -> Selection:
    """What a frame reads that is prompted anew: as in the run that came by, or a new one."""
    output = track.non_cond.peek(frame)
    member = Member(
        0 if output is None else output.run, _policy_state(model, state, track, frame, frame, reverse=reverse)
    )
    return selection_in(model, state, track, frame, member)


def bank(model: SAM2Base, state: VideoState, track: ObjectState, frame: int, run: int) -> StoredBank:
    """What a frame may read. In improved mode it never reads itself."""
    keys = tuple(t for t in track.cond if not (state.options.improved and t == frame))
    shared = state.policy.shared
    return StoredBank(track, keys, state.pointer_frames, bank_rules(model, state), None if shared else run)


def bank_rules(model: SAM2Base, state: VideoState) -> BankRules:
    """The model's figures, as its attributes and the options are now."""
    limit = model.max_cond_frames_in_attn
    return BankRules(
        maps=model.num_maskmem,
        stride=model.memory_temporal_stride_for_eval,
        max_cond=state.options.max_cond_frames if state.options.improved and limit == -1 else limit,
        pointers=model.max_obj_ptrs_in_encoder,
        past_pointers=model.only_obj_ptrs_in_the_past_for_eval,
        signed=model.use_signed_tpos_enc_to_obj_ptrs,
    )


def _policy_state(
    model: SAM2Base, state: VideoState, track: ObjectState, first: int, last: int, *, reverse: bool
) -> PolicyState:
    keys = tuple(Key(t, t in track.masks, output.record.area) for t, output in track.cond.items())
    info = RunInfo(track.obj_id, reverse, first, last, state.num_frames, keys, bank_rules(model, state))
    return state.policy.start(info)
