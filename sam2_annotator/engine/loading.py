"""A model file turned into a model on a device, and what can be told of the devices here."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b, file_digest
from pathlib import Path

import torch

from sam2_annotator.engine.catalogue import ModelEntry
from sam2_annotator.media.source import Source
from sam2_annotator.values.input_size import InputSize
from sam2_core.build_sam import build_sam2_video_predictor
from sam2_core.checkpoints import recognise
from sam2_core.devices import DeviceFacts, describe_devices, inference_precision, pick_device
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.session import ImageSession
from sam2_core.video.session import VideoSession

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A kind of device: whether it can be used, whether "auto" uses it, why or why not, and the precision that "auto"
    takes there ("" where it cannot be used)."""

    name: str
    available: bool
    used: bool
    reason: str
    precision: str


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is ready. `precision` is what it computes in; `note` says in words what a person should know.

    `asked`: the device and the precision that were asked for; `own_size`: the side of the input it was trained with.
    """

    network: SAM2Base
    entry: ModelEntry
    device: str
    precision: str
    note: str
    file: Path
    asked: tuple[str, str]
    own_size: int

    def digest(self) -> str:
        """Names what features depend on: checkpoint, configuration beside it, size of the input, precision."""
        found = blake2b(f"{self.image_size} {self.precision}".encode(), digest_size=16)
        for path in (self.file, self.file.with_suffix(".json")):
            if path.exists():
                with path.open("rb") as content:
                    found.update(file_digest(content, blake2b).digest())
        return found.hexdigest()

    def serves(self, entry: ModelEntry, path: Path, device: str, precision: str) -> bool:
        """Whether this is what `load` would make of these, at whatever size."""
        return (self.entry, self.file, self.asked) == (entry, path, (device, precision))

    def resize(self, size: InputSize) -> None:
        """See pictures at another size from now on; sessions made before must be gone."""
        self.network.resize(size.of(self.own_size))

    @property
    def image_size(self) -> int:
        """Side of the square the model sees, in pixels."""
        return self.network.image_size

    @property
    def bytes(self) -> int:
        """Memory of the parameters."""
        return sum(tensor.nbytes for tensor in (*self.network.parameters(), *self.network.buffers()))

    def image_session(self) -> ImageSession:
        """For still pictures."""
        return ImageSession(self.network)

    def video_session(self, source: Source) -> VideoSession:
        """For one clip."""
        return VideoSession(self.network, source)


def load(entry: ModelEntry, path: Path, device: str, precision: str, size: InputSize) -> LoadedModel:
    """Build the model of a checkpoint file on a device ("auto": the best there is), to compute in a precision.

    Raises:
        sam2_core.errors.EngineError: the file is damaged or no model known here, or there is no such device.
    """
    chosen = pick_device(None if device == AUTO else device)
    config = recognise(path)
    network = build_sam2_video_predictor(config, path, device=chosen, precision=precision)
    network.resize(size.of(config.image_size))
    notes = [entry.note if entry.hub_id is None else "", _why_not_faster(device)]
    note = " ".join(note for note in notes if note)
    used = _word(network.compute_dtype)
    return LoadedModel(network, entry, str(chosen), used, note, path, (device, precision), config.image_size)


def devices() -> tuple[DeviceStatus, ...]:
    """What there is on this machine, the one that "auto" uses first."""
    facts = describe_devices()
    used = next(fact.name for fact in facts if fact.available)
    return tuple(
        DeviceStatus(fact.name, fact.available, fact.name == used, fact.reason, _precision(fact)) for fact in facts
    )


def _precision(fact: DeviceFacts) -> str:
    return _word(inference_precision(torch.device(fact.name))) if fact.available else ""


def _word(dtype: torch.dtype) -> str:
    """ "bfloat16" for torch.bfloat16."""
    return str(dtype).removeprefix("torch.")


def use_threads(count: int) -> None:
    """How many CPU threads the model may use; the window leaves one core to the person."""
    torch.set_num_threads(count)


def _why_not_faster(device: str) -> str:
    """Why "auto" took the CPU."""
    if device != AUTO:
        return ""
    gpu, *_, cpu = devices()
    return f"On the CPU: {gpu.reason}." if cpu.used else ""
