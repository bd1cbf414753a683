"""What the engine keeps of one clip: prompts, results and memories per object, and the caches shared by the objects."""

import sys
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core.caches import ByteLRU
from sam2_core.frame_reader import READ_AHEAD, FrameReader
from sam2_core.frames import FrameSource
from sam2_core.live_frames import LiveFrames
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.ops import upload
from sam2_core.video.ahead import Ahead, SecondStream
from sam2_core.video.policy import WINDOW, MemoryPolicy, PublishedPolicy
from sam2_core.video.spill import Spill
from sam2_core.video.store import FrameOutput, OutputStore, output_bytes

Compat = Literal["improved", "published"]
IMPROVED_COND_FRAMES = 4  # conditioning frames read per frame; the released training saw two
BATCH = 8  # objects decoded together; bounds the memory of one step
CUDA_BATCH = 16
FEATURE_BYTES = 128 * 2**20  # eight frames at 1024 px in float32


@dataclass(frozen=True, slots=True)
class TrackingOptions:
    """How the caller wants a clip treated; the published predictor's attributes of the same names.

    compat: "published" reproduces the published package, also where it hurts; "improved" does not.
    max_cond_frames: conditioning frames read per frame, -1 for all.
    """

    compat: Compat = "improved"
    fill_hole_area: int = 0
    non_overlap_masks: bool = False
    clear_non_cond_mem_around_input: bool = False
    add_all_frames_to_correct_as_cond: bool = True
    max_cond_frames: int = IMPROVED_COND_FRAMES

    def __post_init__(self) -> None:
        if self.compat not in ("improved", "published"):
            raise ValueError(f"compat must be 'improved' or 'published', not {self.compat!r}")

    @property
    def improved(self) -> bool:
        """True unless the published behaviour was asked for."""
        return self.compat == "improved"


@dataclass(frozen=True, slots=True)
class PointPrompts:
    """Clicks and box corners of one frame: coords float32 (N, 2) in model pixels, labels int32 (N,)."""

    coords: Tensor
    labels: Tensor

    def begins_with(self, other: "PointPrompts") -> bool:
        """True when `other`'s points are the first of these."""
        n = len(other.labels)
        return (
            n <= len(self.labels)
            and torch.equal(self.coords[:n], other.coords)
            and torch.equal(self.labels[:n], other.labels)
        )

    def followed_by(self, other: "PointPrompts") -> "PointPrompts":
        """These points and then `other`'s."""
        return PointPrompts(torch.cat([self.coords, other.coords]), torch.cat([self.labels, other.labels]))


@dataclass(frozen=True, slots=True)
class MaskPrompt:
    """A mask given by the user: bits of bool (H, W) as given, to hand it back unchanged."""

    bits: npt.NDArray[np.uint8]
    shape: tuple[int, int]

    @classmethod
    def of(cls, mask: npt.NDArray[np.bool_]) -> "MaskPrompt":
        """Pack a mask."""
        return cls(np.packbits(mask), (mask.shape[0], mask.shape[1]))

    def mask(self) -> npt.NDArray[np.bool_]:
        """The mask, bool (H, W)."""
        height, width = self.shape
        return np.unpackbits(self.bits, count=height * width).reshape(self.shape).astype(bool)


@dataclass(slots=True)
class ObjectState:
    """One object: its prompts, its conditioning outputs and its tracked outputs.

    `fresh_*` are results since the last preflight, not yet part of the memory bank. `tracked` tells for each frame
    propagation passed whether it went in reverse. `revision` counts the changes of the prompts.
    """

    obj_id: Hashable
    non_cond: OutputStore
    cond: dict[int, FrameOutput] = field(default_factory=dict)
    fresh_cond: dict[int, FrameOutput] = field(default_factory=dict)
    fresh_non_cond: dict[int, FrameOutput] = field(default_factory=dict)
    points: dict[int, PointPrompts] = field(default_factory=dict)
    masks: dict[int, MaskPrompt] = field(default_factory=dict)
    tracked: dict[int, bool] = field(default_factory=dict)
    revision: int = 0

    def output(self, frame: int, *, fresh_cond: bool | None = None) -> FrameOutput | None:
        """Newest output of `frame`: a fresh one (of the given kind, or of either), else conditioning, else tracked."""
        fresh: FrameOutput | None = None
        if fresh_cond is not False:
            fresh = self.fresh_cond.get(frame)
        if fresh is None and fresh_cond is not True:
            fresh = self.fresh_non_cond.get(frame)
        return fresh or self.cond.get(frame) or self.non_cond.get(frame)

    def is_prompted(self, frame: int) -> bool:
        """True where the user gave points or a mask."""
        return frame in self.points or frame in self.masks

    def prompted_frames(self) -> list[int]:
        """Frames with points or a mask, ascending."""
        return sorted(self.points.keys() | self.masks.keys())

    @property
    def nbytes(self) -> int:
        """Bytes of all results and memories."""
        kept = (*self.cond.values(), *self.fresh_cond.values(), *self.fresh_non_cond.values())
        return self.non_cond.nbytes + sum(map(output_bytes, kept))


class VideoState:
    """One clip and everything tracked in it. Objects keep their key for life and the order they were made in.

    device: where the model computes; storage: where memories rest; policy: which of them are read and kept.
    batch: objects decoded together; bucketed: in few sizes, see `video.buckets`; economies: what was done where memory
    ran short, a sentence each.
    """

    def __init__(
        self,
        source: FrameSource,
        *,
        device: torch.device,
        storage: torch.device | None = None,
        options: TrackingOptions | None = None,
        policy: MemoryPolicy | None = None,
        feature_bytes: int = FEATURE_BYTES,
        window: int = WINDOW,
        read_ahead: int = READ_AHEAD,
    ) -> None:
        self.source = source
        self.reader = FrameReader(source, read_ahead, shrinks=not upload.shrinks(device))
        self.device = device
        self.storage = storage or device
        self.options = options or TrackingOptions()
        self.window = window
        self.policy = policy or self.published_policy()
        self.features: ByteLRU[int, ImageFeatures] = ByteLRU(feature_bytes, _feature_bytes)
        self.spill = Spill()
        self.objects: dict[Hashable, ObjectState] = {}
        self.ahead = Ahead(SecondStream(device) if device.type == "cuda" else None)
        self.bucketed = device.type == "cuda"
        self.batch = CUDA_BATCH if self.bucketed else BATCH
        self.economies: list[str] = []
        self._runs = 0

    def published_policy(self) -> PublishedPolicy:
        """The published rule, as the options ask for it: with all maps at hand in published mode."""
        return PublishedPolicy(self.window if self.options.improved else None)

    def next_run(self) -> int:
        """A number for a run's results."""
        self._runs += 1
        return self._runs

    def adopt(self, objects: dict[Hashable, ObjectState]) -> None:
        """Hold these objects and no others; runs to come have numbers of their own."""
        self.objects = objects
        kept = [t.non_cond.peek(frame) for t in objects.values() for frame in t.non_cond]
        self._runs = max([self._runs, *(output.run for output in kept if output is not None)])

    @property
    def num_frames(self) -> int:
        """Frames of the clip."""
        return len(self.source)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the clip."""
        return self.source.size

    @property
    def pointer_frames(self) -> int:
        """Frames of the clip as far as pointers are concerned, whose distances it scales: a live one has no end."""
        return sys.maxsize if isinstance(self.source, LiveFrames) else self.num_frames

    def new_object(self, obj_id: Hashable) -> ObjectState:
        """An object without prompts, not yet part of the state."""
        return ObjectState(obj_id, OutputStore(self.spill))


def _feature_bytes(features: ImageFeatures) -> int:
    return int(features.embedding.nbytes + sum(t.nbytes for t in features.high_res))
