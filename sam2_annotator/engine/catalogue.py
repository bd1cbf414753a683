"""The models a person can choose, by name, and where their files lie. Importing this imports no torch."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sam2_annotator import paths
from sam2_annotator.errors import EngineError
from sam2_core.config import resolve_name

BUNDLED = "sam2-nano"
_LICENCE = "Apache-2.0"
_SUFFIXES = (".pt", ".pth", ".safetensors")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model. `hub_id` is None when it needs no download, `bytes` is the size of the download where it is known."""

    name: str
    title: str
    hub_id: str | None = None
    bytes: int | None = None
    licence: str = ""
    note: str = ""
    file: Path | None = None


def _official(version: str, size: str, number_of_bytes: int, note: str) -> ModelEntry:
    name = f"sam{version}-hiera-{size}"
    title = f"SAM {version} {size.replace('-', ' ')}"
    return ModelEntry(name, title, f"facebook/{name}", number_of_bytes, _LICENCE, note)


MODELS: tuple[ModelEntry, ...] = (
    ModelEntry(
        BUNDLED,
        "SAM 2 nano",
        licence=_LICENCE,
        note="Comes with the program and is quick, but clearly weaker than the official models.",
    ),
    _official("2.1", "tiny", 156008466, "The smallest official model."),
    _official("2.1", "small", 184416285, "A little slower and better than tiny."),
    _official("2.1", "base-plus", 323606802, "Good masks; a GPU is advisable."),
    _official("2.1", "large", 898083611, "The best masks; needs a GPU."),
    _official("2", "tiny", 155906050, "The earlier version of 2.1 tiny."),
    _official("2", "small", 184309650, "The earlier version of 2.1 small."),
    _official("2", "base-plus", 323493298, "The earlier version of 2.1 base plus."),
    _official("2", "large", 897952466, "The earlier version of 2.1 large."),
)


def find(model: str) -> ModelEntry:
    """The entry of a model given by any of its names, by a Hub id, or as a checkpoint file.

    Raises:
        EngineError: no such name or file.
    """
    if model.endswith(_SUFFIXES):
        return _file_entry(Path(model))
    if "/" not in model or model.startswith(("facebook/", "configs/")):
        try:
            wanted = resolve_name(model)
        except ValueError:
            pass
        else:
            return next(entry for entry in MODELS if resolve_name(entry.name) == wanted)
    if Path(model).is_file():
        return _file_entry(Path(model))
    for entry in own():
        if entry.name == model:
            return entry
    if _HUB_ID.fullmatch(model):
        return ModelEntry(model, model, hub_id=model)
    names = ", ".join(entry.name for entry in MODELS)
    raise EngineError(f"There is no model {model!r}.", hint=f"Models: {names}; or a Hub id or checkpoint file.")


def is_reserved(name: str) -> bool:
    """Whether `find` takes a name for a model of the table or for a file, whatever else is called so."""
    try:
        resolve_name(name)
    except ValueError:
        return name.endswith(_SUFFIXES)
    return True


def own() -> tuple[ModelEntry, ...]:
    """Models that learned from a person's own masks, by name; files that do not say so of themselves are left out."""
    try:
        files = sorted(paths.models_dir().glob("*.safetensors"))
    except OSError:
        return ()
    return tuple(entry for entry in map(_own_entry, files) if entry is not None)


def _own_entry(file: Path) -> ModelEntry | None:
    try:
        told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["finetuned"]
        start, day = str(told["from"]), date.fromisoformat(told["on"])
        before, after = told["before"]["own"], told["after"]["own"]
        gains = [f"{name} {before[name]:.2f} to {value:.2f}" for name, value in after.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    note = f"Learned from your masks on {day.isoformat()}, beginning with {Path(start).name}: {', '.join(gains)}."
    return ModelEntry(file.stem, file.stem, bytes=None, note=note, file=file)


def local_file(entry: ModelEntry) -> Path | None:
    """The checkpoint on this machine, None when it must be fetched. Imports torch.

    Raises sam2_core.errors.ModelFileError when the bundled model is asked for and missing.
    """
    from sam2_core.checkpoints import bundled_model_dir
    from sam2_core.hub import HUB_FILES, cached

    if entry.file is not None:
        return entry.file
    if entry.hub_id is None:
        return bundled_model_dir() / f"{entry.name}.safetensors"
    name = _official_name(entry)
    if name is None:
        return None
    own = paths.models_dir() / HUB_FILES[name].filename
    return own if own.is_file() else cached(name)


def downloads_folder() -> Path:
    """Where fetched models lie: the Hub's own cache."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def installed() -> tuple[ModelEntry, ...]:
    """Models of the table that need no download. Imports torch."""
    return tuple(entry for entry in MODELS if _is_here(entry))


def _is_here(entry: ModelEntry) -> bool:
    from sam2_core.errors import ModelFileError

    try:
        return local_file(entry) is not None
    except ModelFileError:
        return False


def _official_name(entry: ModelEntry) -> str | None:
    return resolve_name(entry.name) if entry in MODELS else None


def _file_entry(path: Path) -> ModelEntry:
    if not path.is_file():
        raise EngineError(f"There is no checkpoint file {str(path)!r}.", hint="Check the path.")
    return ModelEntry(path.name, path.name, file=path)
