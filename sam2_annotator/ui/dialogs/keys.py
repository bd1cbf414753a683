"""The key sheet (F1)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QWidget


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One command: the group it is listed under, its title and its keys as shown ("Ctrl+Z")."""

    group: str
    title: str
    keys: tuple[str, ...]


class KeysDialog(QDialog):
    """All commands and their keys, with a filter."""

    def __init__(self, entries: tuple[KeyEntry, ...], parent: QWidget | None = None) -> None: ...
