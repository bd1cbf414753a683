"""A clip's prompts and results as a file, to go on later without tracking again.

A line that names the format, the length of a JSON header, the header, and the arrays it lists one after the other.
Prompted results are exact, tracked ones as they rest (float16); memories are made again when they are read. Candidates
that were not chosen are left out. The file is a cache: what cannot be read or does not fit is refused as a whole.
"""

import json
import math
import struct
import zlib
from collections.abc import Hashable, Iterator
from dataclasses import astuple
from typing import IO, Any, NoReturn

import numpy as np
import numpy.typing as npt
import torch

from sam2_core.errors import EngineError
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.policy import FrameRecord, Keep
from sam2_core.video.state import MaskPrompt, ObjectState, PointPrompts, VideoState
from sam2_core.video.store import CompactOutput, FrameOutput, packed_half

_MAGIC = b"SAM2 clip, format 1\n"
_LENGTH = struct.Struct("<Q")
_LONGEST_HEADER = 1 << 30
_PROMPTED = ("cond", "fresh_cond", "fresh_non_cond")
Json = dict[str, Any]


def write(model: SAM2Base, state: VideoState, file: IO[bytes]) -> None:
    """Write what the clip holds.

    Raises:
        ValueError: an object's id is neither a number nor a word. OSError: the file cannot be written.
    """
    objects, arrays = [], []
    for obj_id, track in state.objects.items():
        if isinstance(obj_id, bool) or not isinstance(obj_id, int | str):
            raise ValueError(f"objects of a snapshot are named by whole numbers or words, not by {obj_id!r}")
        described, content = _described(track)
        objects.append({"id": obj_id} | described)
        arrays += content
    header = json.dumps(_fits(model, state) | {"objects": objects}, allow_nan=False).encode()
    file.write(_MAGIC + _LENGTH.pack(len(header)) + header)
    for array in arrays:
        file.write(array if isinstance(array, bytes) else array.content.read())


def read(model: SAM2Base, state: VideoState, file: IO[bytes]) -> dict[Hashable, ObjectState]:
    """The objects of a snapshot, for a clip and a model like those it was made with; `state` is left as it is.

    Raises:
        EngineError: it is damaged, or was made with another clip, model or mode.
    """
    try:
        header = _header(file)
        if {name: header[name] for name in _fits(model, state)} != _fits(model, state):
            raise EngineError("the snapshot was made with another clip, model or mode; track the clip again")
        source = _Source(model, state, file)
        return {_known(one["id"]): source.track(one) for one in header["objects"]}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, zlib.error) as error:
        raise EngineError(f"the snapshot is damaged; track the clip again ({error})") from error


def _fits(model: SAM2Base, state: VideoState) -> Json:
    """What must be equal where a snapshot is made and where it is read."""
    return {
        "model": [model.config.name, model.image_size, model.hidden_dim],
        "clip": [state.num_frames, *state.size],
        "mode": [state.options.compat, state.policy.id],
    }


# --------------------------------------------------------------------------------------------- writing


def _described(track: ObjectState) -> tuple[Json, list[bytes | CompactOutput]]:
    """Header entry of an object, and its arrays in the order of the entry."""
    arrays: list[bytes | CompactOutput] = []
    masks, outputs = [], []
    for frame, prompt in track.masks.items():
        bits = zlib.compress(prompt.bits.tobytes(), level=1)
        arrays.append(bits)
        masks.append([frame, *prompt.shape, len(bits)])
    for kind in _PROMPTED:
        stored: dict[int, FrameOutput] = getattr(track, kind)
        for frame, output in stored.items():
            plane = zlib.compress(output.low_res.numpy().tobytes(), level=1)
            pointer = output.obj_ptr.numpy().tobytes()
            arrays += [pointer, plane]
            outputs.append(_numbers(kind, frame, output, len(plane)))
    for frame in sorted(track.non_cond):
        kept = track.non_cond.peek(frame)
        if isinstance(kept, CompactOutput):
            arrays.append(kept)
            outputs.append(_numbers("non_cond", frame, kept, kept.content.length - 4 * kept.width))
        elif kept is not None:
            plane = packed_half(kept.low_res)
            arrays += [kept.obj_ptr.numpy().tobytes(), plane]
            outputs.append(_numbers("non_cond", frame, kept, len(plane)))
    points = [[frame, p.coords.tolist(), p.labels.tolist()] for frame, p in track.points.items()]
    tracked = [[frame, reverse] for frame, reverse in track.tracked.items()]
    entry = {"revision": track.revision, "points": points, "masks": masks, "tracked": tracked, "outputs": outputs}
    return entry, arrays


def _numbers(kind: str, frame: int, output: FrameOutput | CompactOutput, length: int) -> Json:
    return {
        "kind": kind,
        "frame": frame,
        "length": length,
        "score": float(output.object_score_logits) if isinstance(output, FrameOutput) else output.score,
        "record": astuple(output.record),
        "revision": output.revision,
        "run": output.run,
        "keep": output.keep.value,
        "interacted": output.interacted,
        "initial": isinstance(output, FrameOutput) and output.initial,
    }


# --------------------------------------------------------------------------------------------- reading


def _header(file: IO[bytes]) -> Json:
    start = file.read(len(_MAGIC) + _LENGTH.size)
    if len(start) < len(_MAGIC) + _LENGTH.size or not start.startswith(_MAGIC):
        raise EngineError("this is no snapshot of a clip that this version can read; track the clip again")
    (length,) = _LENGTH.unpack(start[len(_MAGIC) :])
    content = file.read(min(length, _LONGEST_HEADER))
    if len(content) != length:
        raise ValueError("it ends early")
    header: Json = json.loads(content, parse_constant=_not_finite)
    return header


def _not_finite(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}")


def _known(obj_id: object) -> int | str:
    if isinstance(obj_id, bool) or not isinstance(obj_id, int | str):
        raise ValueError(f"it names an object {obj_id!r}")
    return obj_id


class _Source:
    """The arrays of a snapshot, read in the order of its header and checked."""

    def __init__(self, model: SAM2Base, state: VideoState, file: IO[bytes]) -> None:
        self._state = state
        self._file = file
        self._side = model.image_size // 4
        self._width = model.hidden_dim

    def track(self, entry: Json) -> ObjectState:
        """An object as its header entry says."""
        track = self._state.new_object(entry["id"])
        track.revision = int(entry["revision"])
        track.points = {self._frame(frame): _points(coords, labels) for frame, coords, labels in entry["points"]}
        track.masks = {self._frame(frame): self._mask(*rest) for frame, *rest in entry["masks"]}
        track.tracked = {self._frame(frame): bool(reverse) for frame, reverse in entry["tracked"]}
        for one in entry["outputs"]:
            self._output(track, one)
        return track

    def _output(self, track: ObjectState, one: Json) -> None:
        frame, kind, score = self._frame(one["frame"]), one["kind"], float(one["score"])
        pointer = np.frombuffer(self._bytes(4 * self._width), np.float32).reshape(1, -1).copy()
        packed = self._bytes(one["length"])
        record, keep = _record(frame, one["record"]), Keep(one["keep"])
        numbers = record, int(one["revision"]), int(one["run"]), keep, bool(one["interacted"])
        cells = self._side**2
        if kind == "non_cond":
            _finite(pointer, np.frombuffer(_unpacked(packed, 2 * cells), np.uint8).reshape(2, -1).T.copy().view("<f2"))
            content = self._state.spill.put(pointer.tobytes() + packed)
            track.non_cond.put_to_rest(frame, CompactOutput(content, self._side, self._width, score, *numbers))
        elif kind in _PROMPTED:
            plane = np.frombuffer(_unpacked(packed, 4 * cells), np.float32).copy()
            _finite(pointer, plane)
            low_res = torch.from_numpy(plane).reshape(1, 1, self._side, self._side)
            stored: dict[int, FrameOutput] = getattr(track, kind)
            obj_ptr, logit = torch.from_numpy(pointer), torch.tensor([[score]])
            stored[frame] = FrameOutput(low_res, obj_ptr, logit, *numbers, initial=bool(one["initial"]))
        else:
            raise ValueError(f"it holds a result of kind {kind!r}")

    def _mask(self, height: int, width: int, length: int) -> MaskPrompt:
        if not (0 < height < 1 << 16 and 0 < width < 1 << 16):
            raise ValueError(f"it holds a mask of {width} x {height}")
        bits = np.frombuffer(_unpacked(self._bytes(length), -(-height * width // 8)), np.uint8)
        return MaskPrompt(bits, (height, width))

    def _bytes(self, length: int) -> bytes:
        content = self._file.read(length) if 0 <= length <= _LONGEST_HEADER else b""
        if len(content) != length:
            raise ValueError("it ends early")
        return content

    def _frame(self, frame: int) -> int:
        if not 0 <= frame < self._state.num_frames:
            raise ValueError(f"it names frame {frame}")
        return int(frame)


def _unpacked(packed: bytes, length: int) -> bytes:
    """Exactly `length` bytes; more are not even unpacked."""
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, length + 1)
    if len(content) != length or not unpacking.eof:
        raise ValueError("an array has another size")
    return content


def _points(coords: list[list[float]], labels: list[int]) -> PointPrompts:
    points = PointPrompts(
        torch.tensor(coords, dtype=torch.float32).reshape(-1, 2), torch.tensor(labels, dtype=torch.int32)
    )
    if len(points.coords) != len(points.labels) or not torch.isfinite(points.coords).all():
        raise ValueError("it holds points that are none")
    return points


def _record(frame: int, values: list[Any]) -> FrameRecord:
    _, iou, score, area, box, stability, *lists = values
    sides = None if box is None else tuple(_floats(box))
    if sides is not None and len(sides) != 4:
        raise ValueError("it holds a box that is none")
    ious, areas, overlaps = (tuple(_floats(some)) for some in lists)
    return FrameRecord(frame, float(iou), float(score), float(area), sides, float(stability), ious, areas, overlaps)


def _floats(values: list[Any]) -> Iterator[float]:
    for value in map(float, values):
        if not math.isfinite(value):
            raise ValueError("it holds numbers that are not finite")
        yield value


def _finite(*arrays: npt.NDArray[Any]) -> None:
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("it holds numbers that are not finite")
