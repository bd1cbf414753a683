"""Which project it is, and which file is opened for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is where the project lies, for people and for what lies beside it; `file` is what is opened: the same, but
    for a project on a network drive, which is worked on in a copy on this computer (doc/remote.py)."""

    path: Path
    file: Path

    @classmethod
    def at(cls, path: Path) -> Place:
        """A project that is worked on where it lies."""
        return cls(path, path)

    @property
    def is_copy(self) -> bool:
        """True when what is written has still to get to where the project lies."""
        return self.path != self.file
