"""What a format declares and does. Exporters know nothing of targets and staging: that is `exporting.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.model import DatasetView

OptionValue = str | int | float | bool
Options = Mapping[str, OptionValue]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice a format offers. Its type is that of `default`; `choices` empty means any value of the type."""

    name: str
    default: OptionValue
    help: str
    choices: tuple[OptionValue, ...] = ()


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """What a format is and what it can carry; `loss` are the codes of what it may lose (FORMATS section 8).

    `extensions` holds "" for a folder. `media` names what it has a place for.
    """

    id: str
    title: str
    version: str
    extensions: tuple[str, ...]
    can_import: bool
    can_export: bool
    media: frozenset[str]
    masks: Literal["exact", "polygon", "index", "box"]
    overlap: bool
    tracks: bool
    attributes: bool
    scores: bool
    absent: bool
    max_objects: int | None
    loss: tuple[str, ...]
    options: tuple[Option, ...]

    def resolve(self, given: Options) -> dict[str, OptionValue]:
        """All options, given or default, in their declared order. Raises FormatError for what it does not know."""
        known = {option.name: option for option in self.options}
        for name, value in given.items():
            option = known.get(name)
            if option is None:
                raise FormatError(f"{self.title} has no option {name}.", hint=f"Options: {', '.join(known) or 'none'}.")
            if type(value) is not type(option.default) or (option.choices and value not in option.choices):
                raise FormatError(f"{self.title}: {value!r} is no value of the option {name}.", hint=option.help)
        return {name: given.get(name, option.default) for name, option in known.items()}


@dataclass(frozen=True, slots=True)
class Loss:
    """Something the format had no place for, how often, and one example."""

    code: str
    what: str
    count: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export would write: files, roughly how many bytes, and what it may lose."""

    files: tuple[str, ...]
    bytes: int
    may_lose: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written. `files` are relative to `target`; `compared` masks were read back and found equal."""

    format: str
    target: Path
    files: tuple[str, ...]
    media: int
    images: int
    annotations: int
    tracks: int
    categories: int
    losses: tuple[Loss, ...]
    compared: int
    seconds: float = 0.0


class Progress(Protocol):
    """Where an exporter says how far it is and hears that it should end."""

    def step(self, done: int, total: int, text: str) -> None:
        """`done` of `total` parts of the work are finished."""

    def check(self) -> None:
        """Raise `errors.Cancelled` once the end was asked for."""


class Silent:
    """A Progress nobody watches and nobody stops."""

    def step(self, done: int, total: int, text: str) -> None:
        """Say nothing."""

    def check(self) -> None:
        """Go on."""


class Exporter(Protocol):
    """Writes a data set in one format."""

    @property
    def info(self) -> FormatInfo:
        """What the format is."""

    def plan(self, view: DatasetView, options: Options) -> Plan:
        """What `write` would do. Raises FormatError when it cannot."""

    def write(self, view: DatasetView, folder: Path, options: Options, progress: Progress) -> ExportReport:
        """Write all files into an empty folder, read them back and compare. Raises FormatError, OSError, Cancelled."""
