"""The export dialog (EXP-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget


class ExportScope(Enum):
    """Which objects are written."""

    ALL = "all"
    LABELLED = "labelled"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class FormatOption:
    """A yes/no option of a format."""

    key: str
    title: str
    default: bool


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """A format to choose; `losses` are sentences about what it cannot carry."""

    format_id: str
    title: str
    losses: tuple[str, ...] = ()
    options: tuple[FormatOption, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the person wants; `options` holds the keys of the options that are on."""

    format_id: str
    scope: ExportScope
    folder: Path
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What the choice would write: file names relative to the folder, counts, and problems as sentences.

    `blocked` is the sentence that says why it cannot be written at all, "" when it can.
    """

    files: tuple[str, ...]
    items: int
    objects: int
    masks: int
    problems: tuple[str, ...] = ()
    blocked: str = ""


class ExportDialog(QDialog):
    """`choice_changed(ExportChoice)` asks for a new preview; `chosen(ExportChoice)` is sent by Export."""

    choice_changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, formats: tuple[FormatEntry, ...], choice: ExportChoice, parent: QWidget | None = None) -> None:
        ...

    def choice(self) -> ExportChoice:
        """What is set now."""

    def set_preview(self, preview: ExportPreview | None) -> None:
        """Show what would be written; None while it is being worked out."""
