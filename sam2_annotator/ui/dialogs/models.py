"""The models dialog: which there are, which one to use, and on what device."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the table; `size` in bytes, `note` in words."""

    name: str
    title: str
    size: int
    licence: str
    installed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device: `name` for the engine ("auto", "cuda:0"), `title` for people, `note` says why it is not usable."""

    name: str
    title: str
    usable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class DownloadState:
    """A download in progress, in bytes; `total` None while unknown."""

    name: str
    done: int
    total: int | None


class ModelsDialog(QDialog):
    """Emits `intent(ChangeModel)`, `download_requested(name)` and `download_cancelled(name)`."""

    intent = Signal(object)
    download_requested = Signal(str)
    download_cancelled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None: ...

    def set_models(self, rows: tuple[ModelRow, ...], current: str) -> None:
        """The table; `current` is the model in use (a name or a file)."""

    def set_devices(self, rows: tuple[DeviceRow, ...], current: str) -> None:
        """The devices to choose from."""

    def set_download(self, state: DownloadState | None) -> None:
        """Progress of a download, or none."""

    def set_error(self, text: str) -> None:
        """Say why the last download or file failed; "" clears it."""
