"""The about dialog."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QWidget


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """A bundled package, its version and licence."""

    name: str
    version: str
    licence: str


class AboutDialog(QDialog):
    """Name, version and the licences of what is bundled."""

    def __init__(self, version: str, packages: tuple[PackageEntry, ...], parent: QWidget | None = None) -> None: ...
