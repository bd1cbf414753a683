"""Results of one object by frame, at hand near the cursor and at rest elsewhere."""

import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sam2_core.video.policy import FrameRecord, Keep
from sam2_core.video.spill import Spill, Spilled


@dataclass(frozen=True, slots=True)
class Candidates:
    """All masks of an ambiguous prompt: low_res (1, K, s, s), ious (1, K), obj_ptrs (1, K, D), best: index chosen. All
    on the host.
    """

    low_res: Tensor
    ious: Tensor
    obj_ptrs: Tensor
    best: int


@dataclass(slots=True)
class FrameOutput:
    """One object's result on one frame, and what later frames remember of it. All is on the host but for the memory.

    low_res (1, 1, s, s) logits, hole-filled; obj_ptr (1, D); object_score_logits (1, 1);
    memory (1, 64, h, w) bfloat16, None while it is not (or no longer) there.
    record: its numbers. revision: of the object's prompts it was computed from; run: the one that computed it, 0 where
    none did; keep: what the policy keeps it as. interacted: came from a prompt, so its memory is encoded from the
    binarised mask. initial: computed without memories.
    """

    low_res: Tensor
    obj_ptr: Tensor
    object_score_logits: Tensor
    record: FrameRecord
    revision: int
    run: int = 0
    keep: Keep = Keep.RECENT
    interacted: bool = False
    initial: bool = False
    memory: Tensor | None = None
    candidates: Candidates | None = None

    def move(self, device: torch.device) -> None:
        """Bring the memory to a device."""
        if self.memory is not None:
            self.memory = self.memory.to(device)


@dataclass(frozen=True, slots=True)
class CompactOutput:
    """A FrameOutput at rest: float32 pointer of `width` and low-res logits as compressed float16 in a Spill, no memory
    map. Small blocks that stay among large ones that go would keep holes in the process's memory.
    """

    content: Spilled
    side: int
    width: int
    score: float
    record: FrameRecord
    revision: int
    run: int
    keep: Keep
    interacted: bool

    @classmethod
    def of(cls, output: FrameOutput, spill: Spill) -> "CompactOutput":
        """Compress; absent objects (all logits equal) shrink to almost nothing."""
        return cls(
            spill.put(output.obj_ptr.numpy().tobytes() + packed_half(output.low_res)),
            output.low_res.shape[-1],
            output.obj_ptr.shape[-1],
            float(output.object_score_logits),
            output.record,
            output.revision,
            output.run,
            output.keep,
            output.interacted,
        )

    def expand(self) -> FrameOutput:
        """The output again, without memory map; logits to float16's precision."""
        content = self.content.read()
        pointer = np.frombuffer(content, np.float32, count=self.width).reshape(1, -1).copy()
        planes = np.frombuffer(zlib.decompress(content[4 * self.width :]), np.uint8).reshape(2, -1)
        half = np.ascontiguousarray(planes.T).view(np.float16).reshape(1, 1, self.side, self.side)
        return FrameOutput(
            torch.from_numpy(half.astype(np.float32)),
            torch.from_numpy(pointer),
            torch.tensor([[self.score]]),
            self.record,
            self.revision,
            self.run,
            self.keep,
            self.interacted,
        )

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return self.content.nbytes


def packed_half(low_res: Tensor) -> bytes:
    """Compressed float16 logits; low and high bytes apart compress better."""
    planes = low_res.half().numpy().view(np.uint8).reshape(-1, 2).T
    return zlib.compress(planes.tobytes(), level=1)


class OutputStore:
    """Outputs by frame number; those away from the cursor rest in compact form."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._full: dict[int, FrameOutput] = {}
        self._compact: dict[int, CompactOutput] = {}
        self.anchors: set[int] = set()

    def __contains__(self, frame: object) -> bool:
        return frame in self._full or frame in self._compact

    def __iter__(self) -> Iterator[int]:
        yield from self._full
        yield from self._compact

    def __len__(self) -> int:
        return len(self._full) + len(self._compact)

    def __setitem__(self, frame: int, output: FrameOutput) -> None:
        self.discard(frame)
        self._full[frame] = output
        if output.keep is Keep.ANCHOR:
            self.anchors.add(frame)

    def put_to_rest(self, frame: int, output: CompactOutput) -> None:
        """Keep an output that rests already."""
        self.discard(frame)
        self._compact[frame] = output
        if output.keep is Keep.ANCHOR:
            self.anchors.add(frame)

    def get(self, frame: int) -> FrameOutput | None:
        """The output of `frame`, expanded if need be (but resting on), None if there is none."""
        if frame in self._full:
            return self._full[frame]
        compact = self._compact.get(frame)
        return compact.expand() if compact is not None else None

    def peek(self, frame: object) -> FrameOutput | CompactOutput | None:
        """The output of `frame` as it lies here, for what is said of it; None if there is none."""
        if not isinstance(frame, int):
            return None
        return self._full.get(frame) or self._compact.get(frame)

    def discard(self, frame: int) -> None:
        """Forget the output of `frame` if there is one."""
        self._full.pop(frame, None)
        self.anchors.discard(frame)
        compact = self._compact.pop(frame, None)
        if compact is not None:
            compact.content.release()

    def move(self, device: torch.device) -> None:
        """Bring the memories to another device."""
        for output in self._full.values():
            output.move(device)

    def clear(self) -> None:
        """Forget everything."""
        for frame in list(self):
            self.discard(frame)

    def discard_near(self, frame: int, reach: int) -> None:
        """Forget the outputs within `reach` frames on both sides of `frame`."""
        for t in range(frame - reach, frame + reach + 1):
            self.discard(t)

    def compact(self, retained: Container[int]) -> None:
        """Put everything but the frames `retained` to rest."""
        for frame in [f for f in self._full if f not in retained]:
            self._compact[frame] = CompactOutput.of(self._full.pop(frame), self._spill)

    @property
    def full_frames(self) -> tuple[int, ...]:
        """Frames whose output is held in full."""
        return tuple(self._full)

    @property
    def nbytes(self) -> int:
        """Bytes of memory held in tensors and compact results."""
        return sum(map(output_bytes, self._full.values())) + sum(c.nbytes for c in self._compact.values())


def output_bytes(output: FrameOutput) -> int:
    """Bytes of an output's tensors."""
    tensors = [output.low_res, output.obj_ptr]
    if output.memory is not None:
        tensors.append(output.memory)
    if output.candidates is not None:
        tensors += [output.candidates.low_res, output.candidates.obj_ptrs]
    return sum(t.nbytes for t in tensors)
