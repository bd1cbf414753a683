"""What decides which stored frames a frame reads, and which are kept: plain numbers in, frame numbers out.

The engine owns tensors, their order and their casts; a policy is ordinary Python and can be tried without a model.
"""

from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from sam2_core.video.memory_bank import BankRules, Selection, select

WINDOW = 16  # frames around the cursor whose memories can be read again: 15 pointers, 6 maps
PolicyState = Any  # a policy's own, made by its `start`; the engine hands it back and looks at nothing in it
Box = tuple[float, float, float, float]


class Keep(Enum):
    """What becomes of a tracked frame: a recent memory, one that stays, or a result that is never remembered."""

    RECENT = "recent"
    ANCHOR = "anchor"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What is known of one object's result on one frame; kept for every frame, also where its map is not.

    iou: predicted, of the candidate in use; score: object score, above 0 where the object is present. area: share of
    the frame; box: x0, y0, x1, y1 in 0..1, None for an empty mask. stability: area above logit 1 by area above -1. ious
    and areas of all candidates; overlaps: IoU of candidates 0 and 1, 0 and 2, ..., 1 and 2, ...
    """

    frame: int
    iou: float
    score: float
    area: float
    box: Box | None
    stability: float
    ious: tuple[float, ...]
    areas: tuple[float, ...]
    overlaps: tuple[float, ...]

    @property
    def present(self) -> bool:
        """Whether the object is there."""
        return self.score > 0


@dataclass(frozen=True, slots=True)
class Key:
    """A frame a person prompted: whether with a mask, and the share of the frame its result covers."""

    frame: int
    is_mask: bool
    area: float


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One pass over a clip for one object: from `start` to `end`, in the order of travel."""

    object: Hashable
    reverse: bool
    start: int
    end: int
    num_frames: int
    keys: tuple[Key, ...]
    rules: BankRules


class BankView(Protocol):
    """What one object has stored, as far as the run may read it."""

    @property
    def keys(self) -> Sequence[int]:
        """Conditioning frames, oldest entry first."""
        ...

    @property
    def tracked(self) -> Container[int]:
        """Other frames with a result that is remembered."""
        ...

    @property
    def num_frames(self) -> int:
        """Frames of the clip, which scale the pointers' distances."""
        ...

    @property
    def rules(self) -> BankRules:
        """The model's figures."""
        ...

    def record(self, frame: int) -> FrameRecord | None:
        """The numbers of a frame in `keys` or `tracked`, None for others."""
        ...

    def anchors(self) -> Sequence[int]:
        """Frames kept as ANCHOR, ascending."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidate `k` of the path that was number `parent` goes on, with its cumulative score."""

    parent: int
    k: int
    score: float = 0.0


class MemoryPolicy(Protocol):
    """Which stored frames are read and kept. Nothing of it lives on the model; all state is per object and run.

    id: names it in reports; max_paths: hypotheses kept at most, of which the engine follows one. shared: a run also
    reads what other runs left; otherwise only its own results and those of the run it continues. chooses: `choose` is
    asked; otherwise the candidate of the highest predicted IoU is taken, before its numbers reach the host.
    """

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def max_paths(self) -> int:
        """Hypotheses kept at most."""
        ...

    @property
    def shared(self) -> bool:
        """Whether results of all runs are read."""
        ...

    @property
    def chooses(self) -> bool:
        """Whether `choose` is asked."""
        ...

    def start(self, run: RunInfo) -> PolicyState:
        """State of one object in one run."""
        ...

    def select(self, st: PolicyState, bank: BankView, frame: int) -> Selection:
        """What memory attention reads on a frame, in the order of the concatenation."""
        ...

    def choose(self, st: PolicyState, bank: BankView, cands: Sequence[FrameRecord], frame: int) -> list[Choice]:
        """What goes on, 1 to `max_paths`; `cands` has an entry per live path, with the best candidate's numbers."""
        ...

    def commit(self, st: PolicyState, frame: int, rec: FrameRecord) -> Keep:
        """What a frame just tracked is stored as."""
        ...

    def retain(self, st: PolicyState, bank: BankView, frame: int) -> frozenset[int] | None:
        """Frames whose maps stay at hand after this frame; None for all. Others are made again when they are read."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """The published rule: all conditioning frames and the last six others, whatever they are worth.

    window: frames on both sides of the cursor whose maps stay at hand, None for all of them.
    """

    window: int | None = WINDOW
    id: str = "published"
    max_paths: int = 1
    shared: bool = True
    chooses: bool = False

    def start(self, run: RunInfo) -> RunInfo:
        """Only the direction matters."""
        return run

    def select(self, st: RunInfo, bank: BankView, frame: int) -> Selection:
        """Keys, then the recent frames, oldest first; pointers by distance."""
        return select(
            frame,
            cond=bank.keys,
            non_cond=bank.tracked,
            num_frames=bank.num_frames,
            reverse=st.reverse,
            rules=bank.rules,
        )

    def choose(self, st: RunInfo, bank: BankView, cands: Sequence[FrameRecord], frame: int) -> list[Choice]:
        """The highest predicted IoU, the first of equals."""
        (only,) = cands
        best = max(range(len(only.ious)), key=only.ious.__getitem__)
        return [Choice(0, best, only.ious[best])]

    def commit(self, st: RunInfo, frame: int, rec: FrameRecord) -> Keep:
        """Everything is remembered."""
        return Keep.RECENT

    def retain(self, st: RunInfo, bank: BankView, frame: int) -> frozenset[int] | None:
        """What can be read again without going back."""
        if self.window is None:
            return None
        reach = max(self.window, bank.rules.stride * bank.rules.maps)
        return frozenset(range(frame - reach, frame + reach + 1))
