"""Checkpoints: where the bundled one lies, which model a file belongs to, and loading it strictly.

Fetching official checkpoints is in `sam2_core.hub`.
"""

import json
import os
import pickle
import struct
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from sam2_core.config import CONFIGS, ModelConfig, config_from_json
from sam2_core.errors import ModelFileError

BUNDLED = "sam2-nano"
# what readers raise on damaged or foreign bytes
_DAMAGED: tuple[type[Exception], ...] = (
    SafetensorError,
    pickle.UnpicklingError,
    struct.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)
_NAMED = 3  # how many keys of each kind an error names


def bundled_model_dir() -> Path:
    """Folder of the bundled model.

    Searched: `$SAM2_RESOURCES/models`, a frozen program's `resources/models`, this checkout, the installed data files.

    Raises:
        ModelFileError: it is in none of these places.
    """
    places = []
    if chosen := os.environ.get("SAM2_RESOURCES"):
        places.append(Path(chosen) / "models")
    if frozen := getattr(sys, "_MEIPASS", None):
        places.append(Path(frozen) / "resources" / "models")
    places.append(Path(__file__).resolve().parent.parent / "resources" / "models")
    places.append(Path(sysconfig.get_path("data")) / "share" / "sam2-annotator" / "models")
    for place in places:
        if (place / f"{BUNDLED}.safetensors").is_file():
            return place
    raise ModelFileError(f"The bundled model {BUNDLED} is missing from {places[0]}; install the program again.")


def load_weights(model: nn.Module, path: str | os.PathLike[str]) -> None:
    """Load a `.pt` or `.safetensors` checkpoint into the model, strictly; half precision becomes float32.

    Raises:
        ModelFileError: the file cannot be read, or its keys or shapes are not the model's; the model is unchanged.
    """
    path = Path(path)
    weights = read_state_dict(path)
    wanted = model.state_dict()
    problems = [
        _named("missing", sorted(wanted.keys() - weights.keys())),
        _named("unexpected", sorted(weights.keys() - wanted.keys())),
        _named("of another shape", [k for k, v in wanted.items() if k in weights and weights[k].shape != v.shape]),
    ]
    if found := "; ".join(p for p in problems if p):
        raise ModelFileError(f"{path} does not fit this model ({found}); choose the model the file was made for.")
    model.load_state_dict(weights, strict=True)


def _named(what: str, keys: list[str]) -> str:
    if not keys:
        return ""
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return f"{what}: {', '.join(keys[:_NAMED])}{more}"


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors of a checkpoint on the CPU, as stored: `{"model": {...}}` or the plain mapping.

    Raises:
        ModelFileError: there is no such file, it is damaged, or it is no checkpoint. Nothing in it is executed.
    """
    if not path.is_file():
        raise ModelFileError(f"There is no checkpoint file {path}.")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except _DAMAGED as error:
        reason = str(error).split("\n", 1)[0].rstrip(".") or type(error).__name__
        raise ModelFileError(
            f"{path} is damaged or no checkpoint ({reason}); download it again or choose another file."
        ) from error
    weights = content.get("model", content) if isinstance(content, Mapping) else None
    if not isinstance(weights, Mapping) or not weights or not all(map(_is_weight, weights.items())):
        raise ModelFileError(f"{path} holds no model weights; choose a SAM 2 checkpoint.")
    return dict(weights)


def _is_weight(entry: tuple[object, object]) -> bool:
    return isinstance(entry[0], str) and isinstance(entry[1], Tensor)


def recognise(path: str | os.PathLike[str]) -> ModelConfig:
    """Configuration of a checkpoint: from a `.json` of the same name beside it, else from its keys and shapes.

    Raises:
        ModelFileError: the file cannot be read, or fits no model known here.
    """
    path = Path(path)
    side = path.with_suffix(".json")
    if path.is_file() and side.is_file():
        return _read_config(side)
    weights = read_state_dict(path)
    for config in CONFIGS.values():
        if _looks_like(weights, config):
            return config
    raise ModelFileError(f"{path} belongs to no model known here; put its configuration beside it as {side.name}.")


def _read_config(path: Path) -> ModelConfig:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, Mapping):
            raise ValueError("it is no JSON object")
        return config_from_json(values)
    except (OSError, ValueError) as error:
        raise ModelFileError(f"The model configuration {path} cannot be used: {error}") from error


def _looks_like(weights: Mapping[str, Tensor], config: ModelConfig) -> bool:
    """Whether the widths, the number of blocks and the flags that add keys are those of the configuration."""
    blocks = {key.split(".")[3] for key in weights if key.startswith("image_encoder.trunk.blocks.")}
    patches = weights.get("image_encoder.trunk.patch_embed.proj.weight")
    pointer = weights.get("no_obj_ptr")
    return (
        patches is not None
        and pointer is not None
        and patches.shape[0] == config.trunk.embed_dim
        and pointer.shape[-1] == config.neck.d_model
        and len(blocks) == sum(config.trunk.stages)
        and ("no_obj_embed_spatial" in weights) == config.no_obj_embed_spatial
    )
