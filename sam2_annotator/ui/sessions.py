"""What is remembered between two runs: the projects opened last, and those a run did not come to close."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

RECENT = 5
_REMEMBERED = 12  # some of them may be gone
_TRIES = 3


class Sessions:
    """Kept in a small file of its own, apart from the settings. Whether a project is still there is not asked here: the
    disk may be slow to answer."""

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened last, newest first, more than the `RECENT` that are shown."""
        return self._paths("projects")

    def remember(self, path: Path) -> None:
        """A project was opened."""
        self._set("projects", (path, *(other for other in self.recent if other != path))[:_REMEMBERED])

    def begin(self, path: Path) -> None:
        """This program writes a project from now on."""
        self._set("open", (*(other for other in self._paths("open") if other != path), path))

    def end(self, path: Path) -> None:
        """It was closed as it should be."""
        self._set("open", tuple(other for other in self._paths("open") if other != path))
        self._file.remove("tries")

    def left_open(self) -> tuple[Path, ...]:
        """Projects that were not closed, newest first; none once opening them has ended badly several times."""
        left = tuple(reversed(self._paths("open")))
        tries = self._file.value("tries", 0)
        tries = int(tries) if isinstance(tries, int | str) and str(tries).isdigit() else 0
        self._file.setValue("tries", tries + 1)
        self._file.sync()
        return left if tries < _TRIES else ()

    def moved(self, old: Path, new: Path) -> None:
        """The project of some media, made by the program itself, lies elsewhere now."""
        self._file.setValue(f"moved/{old.name}", str(new))

    def places_of(self, path: Path) -> tuple[Path, ...]:
        """Where such a project may lie, the likeliest first."""
        new = self._file.value(f"moved/{path.name}")
        return (path, Path(new)) if isinstance(new, str) else (path,)

    def _paths(self, key: str) -> tuple[Path, ...]:
        stored = self._file.value(key) or []
        return tuple(map(Path, [stored] if isinstance(stored, str) else [str(name) for name in stored]))

    def _set(self, key: str, paths: tuple[Path, ...]) -> None:
        self._file.setValue(key, [str(path) for path in paths])
        self._file.sync()  # a crash must not take it away
