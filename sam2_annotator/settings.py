"""Settings: a frozen record, read from a file that names only what differs from the defaults."""

from __future__ import annotations

import json
import math
import os
import tempfile
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from sam2_annotator.errors import SettingsError

MAX_FILE_BYTES = 1 << 20
MAX_TEXT = 4096


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
    theme: str = _choice("system", "light", "dark")
    device: str = "auto"  # "auto", "cpu", "cuda", "cuda:N", "mps"
    model: str = "sam2-nano"  # a name of the model table, a hub id or a checkpoint file
    fill: float = _real(0.35, 0.0, 1.0)  # opacity of masks
    follow: bool = True  # show each frame while it is tracked
    prefetch_items: int = _whole(2, 0, 16)
    frame_memory_mb: int = _whole(512, 64, 65_536)  # decoded frames kept


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
    for name in _defaults().keys() & table.keys():
        try:
            values[name] = _usable(name, table[name])
        except ValueError as error:
            warnings.append(f"The setting {name} in {path} cannot be used, its default is: {error}")
    return Loaded(Settings(**values), tuple(sorted(warnings)))


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults, all or nothing. Raises SettingsError and leaves the old file."""
    lines = [
        f"{name} = {_toml(getattr(settings, name))}\n"
        for name, default in _defaults().items()
        if getattr(settings, name) != default
    ]
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


def _defaults() -> dict[str, bool | int | float | str]:
    return asdict(Settings())


def _usable(name: str, value: object) -> bool | int | float | str:
    """The value as its field wants it. Raises ValueError with what is wanted."""
    entry = next(entry for entry in fields(Settings) if entry.name == name)
    kind = type(entry.default)
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < 2**53 else math.inf
    if type(value) is not kind:
        raise ValueError(f"it is to be {_KIND_WORDS[kind]}")
    if isinstance(value, str):
        choices = entry.metadata.get("choices")
        if choices and value not in choices:
            raise ValueError("it is to be one of " + ", ".join(choices))
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


_KIND_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}


def _toml(value: bool | int | float | str) -> str:
    if isinstance(value, str):
        # JSON's escapes are TOML's but for DEL, which TOML wants escaped too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()
