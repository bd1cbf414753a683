"""Where the window was: size, place, panels. Not settings, since it belongs to one machine's screens."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

_LAYOUT_VERSION = 1
_DEFAULT_SIZE = (1280, 800)


class WindowState:
    """Keeps geometry and layout in an INI file."""

    def __init__(self, path: Path) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    def restore(self, window: QMainWindow) -> None:
        """Put the window back; one that lay on a screen that is gone opens on the primary one."""
        geometry, layout = self._value("geometry"), self._value("layout")
        if isinstance(layout, QByteArray):
            window.restoreState(layout, _LAYOUT_VERSION)
        placed = isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)
        if not placed or not _on_a_screen(window.frameGeometry()):
            available = QGuiApplication.primaryScreen().availableGeometry()
            window.resize(min(_DEFAULT_SIZE[0], available.width()), min(_DEFAULT_SIZE[1], available.height()))
            window.move(available.center() - window.rect().center())

    def save(self, window: QMainWindow) -> None:
        """Remember how the window is now."""
        for name, value in (("geometry", window.saveGeometry()), ("layout", window.saveState(_LAYOUT_VERSION))):
            self._settings.setValue(name, value)
            self._settings.setValue(f"{_screens()}/{name}", value)
        self._settings.sync()

    def _value(self, name: str) -> object:
        """As it was left on these screens, else as it was left at all."""
        known = self._settings.value(f"{_screens()}/{name}")
        return self._settings.value(name) if known is None else known


def _screens() -> str:
    """A name for the set of screens there is now."""
    places = sorted(str(screen.geometry().getRect()) for screen in QGuiApplication.screens())
    return hashlib.sha256(" ".join(places).encode()).hexdigest()[:12]


def _on_a_screen(window: QRect) -> bool:
    """True when the middle of the title line lies on some screen, so that the window can be grabbed."""
    grip = window.topLeft()
    grip.setX(window.center().x())
    return any(screen.availableGeometry().contains(grip) for screen in QGuiApplication.screens())
