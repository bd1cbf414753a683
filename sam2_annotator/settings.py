"""Settings: a frozen record, read from a file that names only what differs from the defaults."""

from __future__ import annotations

import json
import math
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from sam2_annotator.errors import SettingsError

MAX_FILE_BYTES = 1 << 20
MAX_TEXT = 4096
MAX_KEYS = 8  # of one command

Value = bool | int | float | str
KeyChanges = tuple[tuple[str, tuple[str, ...]], ...]  # (command, its keys by Qt's portable names), sorted by command


def _choice(*names: str) -> str:
    """A field of one of these words; the first is the default."""
    chosen: str = field(default=names[0], metadata={"choices": names})
    return chosen


def _whole(default: int, low: int, high: int) -> int:
    number: int = field(default=default, metadata={"low": low, "high": high})
    return number


def _real(default: float, low: float, high: float) -> float:
    number: float = field(default=default, metadata={"low": low, "high": high})
    return number


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person can set. Any value can be relied on to be of its type and within its bounds."""

    language: str = "system"  # or a code such as "de"
    theme: str = _choice("system", "light", "dark", "high_contrast")
    hints: bool = True  # for the first steps
    hints_done: int = _whole(0, 0, 3)  # how many of them

    wheel_preset: str = _choice("zoom", "scroll", "frames")  # what a plain turn of the wheel does
    zoom_step: float = _real(1.25, 1.05, 2.0)  # factor of a notch of the wheel or a key press
    smooth_enlarged: bool = False  # above 100 %
    pixel_grid: bool = True  # from 800 % up
    crosshair: bool = True  # in the tools that draw boxes and polygons
    outline_width: float = _real(2.0, 0.0, 8.0)  # canvas px; 0 is one pixel of the screen
    reopen_last: bool = False  # begin with the project that was open last
    fill: float = _real(0.35, 0.0, 1.0)  # opacity of masks
    colour_by: str = _choice("object", "label", "state")
    tags: bool = True  # number and label beside each object

    device: str = "auto"  # "auto", "cpu", "cuda", "cuda:N", "mps"
    precision: str = _choice("auto", "float32", "bfloat16")  # what the model computes in
    model: str = "sam2-nano"  # a name of the model table, a hub id or a checkpoint file
    quality: str = _choice("full", "balanced", "fast")  # how large the model sees pictures
    prefetch_items: int = _whole(2, 0, 16)
    features_on_disk: bool = False  # keep image features, so that a folder opened again answers at once
    feature_memory_mb: int = _whole(512, 64, 262_144)  # image features kept, on the GPU if that computes
    feature_disk_mb: int = _whole(4096, 64, 4_194_304)  # image features of all projects together
    candidates: bool = True  # three masks to choose from after a single click
    remember_size: bool = True  # preselect the size of candidate that was chosen twice in a row
    hover_preview: bool = False  # the mask under the resting pointer
    offer_preview: bool = True  # say so once where it would be quick enough
    drop_specks: int = _whole(4, 0, 100_000)  # px; parts of a prompted mask up to this size go
    fill_holes: int = _whole(0, 0, 100_000)  # px; holes of a prompted mask up to this size are filled
    keep_largest: bool = False  # of the parts of a prompted mask
    grow: int = _whole(0, -100, 100)  # px a prompted mask grows, negative: shrinks
    avoid_others: str = _choice("off", "locked", "all")  # objects whose pixels a prompted mask leaves out

    step_frames: int = _whole(10, 2, 10_000)  # Shift + arrow
    follow: bool = True  # show each frame while it is tracked
    advance_after_confirm: bool = True  # go on to what is not confirmed

    frame_memory_mb: int = _whole(512, 64, 65_536)  # decoded frames kept
    undo_memory_mb: int = _whole(256, 16, 65_536)
    restore_points: int = _whole(10, 1, 1000)  # kept for each project

    key_preset: str = _choice("default", "labelme", "cvat")
    keys: KeyChanges = ()  # what differs from the preset


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and one sentence for each value that could not be used."""

    settings: Settings
    warnings: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """The settings of a file; defaults for a missing file and for every value that is not usable. Never raises."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ValueError("it is too large")
        table = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        return Loaded(Settings())
    except (OSError, ValueError, RecursionError) as error:
        return Loaded(Settings(), (f"The settings in {path} cannot be read, defaults are used: {error}",))
    values: dict[str, Any] = {}
    warnings = [
        f"{path} holds a setting that does not exist: {name!r:.80}" for name in table.keys() - _defaults().keys()
    ]
    for name in sorted(_defaults().keys() & table.keys()):
        try:
            if name == "keys":
                values[name], unusable = _key_changes(table[name])
                warnings += [f"A key of the settings in {path} cannot be used: {word}" for word in unusable]
            else:
                values[name] = _usable(name, table[name])
        except ValueError as error:
            warnings.append(f"The setting {name} in {path} cannot be used, its default is: {error}")
    return Loaded(Settings(**values), tuple(sorted(warnings)))


def changed(settings: Settings, values: Mapping[str, Value | KeyChanges]) -> Settings:
    """The settings with these values, by name. Raises ValueError for one that is not of its type or bounds."""
    checked: dict[str, Any] = {
        name: value if isinstance(value, tuple) else _usable(name, value) for name, value in values.items()
    }
    return replace(settings, **checked)


def bounds(name: str) -> tuple[float, float]:
    """The least and the largest value of a number."""
    entry = _field(name)
    return entry.metadata["low"], entry.metadata["high"]


def choices(name: str) -> tuple[str, ...]:
    """The words a setting can be one of, empty for one of another kind."""
    found: tuple[str, ...] = _field(name).metadata.get("choices", ())
    return found


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults, all or nothing. Raises SettingsError and leaves the old file."""
    lines = [
        f"{name} = {_toml(getattr(settings, name))}\n"
        for name, default in _defaults().items()
        if name != "keys" and getattr(settings, name) != default
    ]
    if settings.keys:
        lines.append("\n[keys]\n")
        lines += [f"{_toml(command)} = [{', '.join(map(_toml, keys))}]\n" for command, keys in settings.keys]
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, UnicodeEncodeError) as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise SettingsError(
            f"The settings could not be written to {path}.",
            hint="Check that the folder exists, can be written to and has room.",
            details=str(error),
        ) from error


def update(path: Path, values: Mapping[str, Value | KeyChanges]) -> None:
    """Change these settings of a file and leave all others as another program wrote them. Raises SettingsError."""
    kept = load(path).settings
    wanted = changed(kept, values)
    if wanted != kept:
        save(path, wanted)


def _defaults() -> dict[str, Value | KeyChanges]:
    return asdict(Settings())


def _field(name: str) -> Any:
    return next(entry for entry in fields(Settings) if entry.name == name)


def _usable(name: str, value: object) -> Value:
    """The value as its field wants it. Raises ValueError with what is wanted."""
    entry = _field(name)
    kind = type(entry.default)
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < 2**53 else math.inf
    if type(value) is not kind:
        raise ValueError(f"it is to be {_KIND_WORDS[kind]}")
    if isinstance(value, str):
        words = entry.metadata.get("choices")
        if words and value not in words:
            raise ValueError("it is to be one of " + ", ".join(words))
        if not value or len(value) > MAX_TEXT:
            raise ValueError("it is empty or too long")
        return value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        low, high = entry.metadata["low"], entry.metadata["high"]
        if not low <= value <= high:
            raise ValueError(f"it is to be between {low} and {high}")
        return value
    raise TypeError(f"settings of type {kind.__name__} are not known")


def _key_changes(table: object) -> tuple[KeyChanges, list[str]]:
    """The usable entries of the table of keys, and the commands of the others. Raises ValueError."""
    if not isinstance(table, dict):
        raise ValueError("it is to be a table of commands and lists of keys")
    found, unusable = [], []
    for command, keys in sorted(table.items()):
        if isinstance(keys, list) and len(keys) <= MAX_KEYS and all(isinstance(k, str) and k for k in keys):
            found.append((command, tuple(keys)))
        else:
            unusable.append(f"{command!r:.80} is to have a list of keys")
    return tuple(found), unusable


_KIND_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}


def _toml(value: Value) -> str:
    if isinstance(value, str):
        # JSON's escapes are TOML's but for DEL, which TOML wants escaped too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()
