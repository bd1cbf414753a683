"""What a run keeps in its folder: the state to go on from, and the model so far.

`state.safetensors` holds every tensor of a run (weights, averaged weights, optimiser) and, as JSON in the file's
header, the step and the recipe: one file, replaced at once, in which nothing is executable. `model.safetensors` with
`model.json` is a checkpoint like any other: averaged weights as float16.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from sam2_core.config import ModelConfig, config_to_json
from sam2_core.errors import TrainingError

STATE, MODEL, CONFIG, LOG, PLOT = "state.safetensors", "model.safetensors", "model.json", "log.csv", "plot.png"
_OURS = {STATE, MODEL, CONFIG, LOG, PLOT}
_HEADER = "run"


@dataclass(frozen=True, slots=True)
class RunState:
    """Tensors by name, and facts that JSON can hold."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]


def open_run(folder: Path, *, needed: int) -> RunState | None:
    """Make a run's folder ready, with room for `needed` bytes: what it holds to go on from, None for a new run.

    Raises:
        TrainingError: other files are in it (models in use are never overwritten), the state cannot be read, or the
        disk has too little room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / STATE
    foreign = sorted(path.name for path in folder.iterdir() if path.name not in _OURS and path.suffix != ".part")
    if foreign or (not state.exists() and (folder / MODEL).exists()):
        raise TrainingError(f"{folder} holds other files ({(foreign or [MODEL])[0]}); name a new folder for the run.")
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TrainingError(
            f"The disk of {folder} has {free >> 20} MiB left and the run needs {needed >> 20} MiB; make room first."
        )
    return read_state(state) if state.exists() else None


def read_state(path: Path) -> RunState:
    """A state as `write_state` wrote it.

    Raises:
        TrainingError: it is damaged or something else.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_HEADER])
        return RunState(load_file(path), facts)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise TrainingError(f"{path} is no state of a run that can be read; begin again in a new folder.") from error


def write_state(folder: Path, state: RunState) -> None:
    """Replace the state of a run; after any failure the earlier one is still there.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    _replace(folder / STATE, save(_plain(state.tensors), {_HEADER: json.dumps(state.facts)}))


def write_model(folder: Path, config: ModelConfig, weights: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Replace the run's model and its configuration; `facts` are added to the configuration for readers.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    content = save(_plain({name: tensor.half() for name, tensor in weights.items()}))
    about = {
        **config_to_json(config),
        "parameters": sum(t.numel() for name, t in weights.items() if not name.endswith("gaussian_matrix")),
        "tensors": len(weights),
        "sha256": hashlib.sha256(content).hexdigest(),
        **facts,
    }
    _replace(folder / CONFIG, (json.dumps(about, indent=1) + "\n").encode())
    _replace(folder / MODEL, content)


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()}


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


def optimizer_tensors(optimizer: torch.optim.Optimizer, names: Mapping[int, str]) -> dict[str, Tensor]:
    """The optimiser's tensors as `<parameter>/<what>`; `names` maps the id of a parameter to its name."""
    found: dict[str, Tensor] = {}
    for parameter, values in optimizer.state.items():
        for what, value in values.items():
            found[f"{names[id(parameter)]}/{what}"] = value
    return found


def restore_optimizer(
    optimizer: torch.optim.Optimizer, parameters: Mapping[str, torch.nn.Parameter], tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimizer_tensors` gave; the step counter stays on the CPU, as PyTorch keeps it."""
    for key, value in tensors.items():
        name, what = key.rsplit("/", 1)
        parameter = parameters[name]
        optimizer.state[parameter][what] = value if what == "step" else value.to(parameter.device)
