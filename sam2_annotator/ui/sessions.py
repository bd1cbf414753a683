"""What is remembered between two runs: the projects opened last, and those a run did not come to close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QSettings

RECENT = 5
_REMEMBERED = 12  # some of them may be gone
_TRIES = 3
_TOLD = 50  # messages


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project that was opened before; `place` is the folder a person knows it by, "" and None for what an earlier
    program did not note."""

    path: Path
    place: str = ""
    opened: datetime | None = None


class Sessions:
    """Kept in a small file of its own, apart from the settings. Whether a project is still there is not asked here: the
    disk may be slow to answer. Also holds which messages were shown and need not be shown again."""

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened last, newest first, more than the `RECENT` that are shown."""
        return self._paths("projects")

    def remember(self, path: Path, place: str = "") -> None:
        """A project was opened; `place` is the folder a person knows it by."""
        kept = (path, *(other for other in self.recent if other != path))[:_REMEMBERED]
        for gone in set(self.recent) - set(kept):
            self._file.remove(_key(gone))
        self._file.setValue(f"{_key(path)}/opened", datetime.now(UTC).isoformat(timespec="seconds"))
        self._file.setValue(f"{_key(path)}/place", place)
        self._set("projects", kept)

    def told_of(self, projects: Iterable[Path]) -> tuple[RecentProject, ...]:
        """These projects with where they are known to lie and when they were opened."""
        return tuple(
            RecentProject(path, str(self._file.value(f"{_key(path)}/place") or ""), self._opened(path))
            for path in projects
        )

    def _opened(self, path: Path) -> datetime | None:
        try:
            return datetime.fromisoformat(str(self._file.value(f"{_key(path)}/opened")))
        except ValueError:
            return None

    def is_news(self, text: str) -> bool:
        """True the first time a message is about to be shown on this machine."""
        told, key = self._texts("told"), blake2b(text.encode(), digest_size=8).hexdigest()
        if key in told:
            return False
        self._file.setValue("told", [*told, key][-_TOLD:])
        return True

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
        return tuple(map(Path, self._texts(key)))

    def _texts(self, key: str) -> list[str]:
        stored = self._file.value(key) or []
        return [stored] if isinstance(stored, str) else [str(name) for name in stored]

    def _set(self, key: str, paths: tuple[Path, ...]) -> None:
        self._file.setValue(key, [str(path) for path in paths])
        self._file.sync()  # a crash must not take it away


def _key(path: Path) -> str:
    """Where facts about a project are kept."""
    return f"about/{blake2b(str(path).encode('utf-8', 'surrogateescape'), digest_size=8).hexdigest()}"
