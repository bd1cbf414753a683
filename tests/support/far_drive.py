"""A folder that is taken for a network drive, which can go away, fill up and be slow."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sam2_annotator.doc import drives, transfer


class FarDrive:
    """`folder` lies on it. What the program does there is let through, held up or refused, as a test says."""

    def __init__(self, folder: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.delay = 0.0
        self.failure: int | None = None
        self.touched_on: set[str] = set()
        self._mounts = mounts
        self._real: dict[str, Callable[..., Any]] = {}
        monkeypatch.setattr(drives, "_MOUNTS", mounts)
        for name in ("glance", "copy_bytes", "digest_of"):
            self._real[name] = getattr(transfer, name)
            monkeypatch.setattr(transfer, name, self._slowly(name))
        self.come_back()

    def go_away(self) -> None:
        """Unmounted: what is left is an empty folder."""
        self._mounts.write_text("1 1 8:1 / / rw - ext4 /dev/sda1 rw\n")
        self.folder.rename(self.folder.with_name("away"))

    def come_back(self) -> None:
        """Mounted."""
        away = self.folder.with_name("away")
        if away.exists():
            away.rename(self.folder)
        self.folder.mkdir(exist_ok=True)
        self._mounts.write_text(f"1 1 0:1 / {self.folder.resolve()} rw - nfs4 server:/x rw\n")

    def fill_up(self) -> None:
        """No room for anything more."""
        self.failure = errno.ENOSPC

    def _slowly(self, name: str) -> Callable[..., Any]:
        def call(path: Path, *arguments: Any) -> Any:
            if any(part.is_relative_to(self.folder) for part in (path, *arguments) if isinstance(part, Path)):
                time.sleep(self.delay)
                if self.failure is not None and name == "copy_bytes":
                    raise OSError(self.failure, os.strerror(self.failure))
            return self._real[name](path, *arguments)

        return call


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FarDrive:
    """A network drive."""
    return FarDrive(tmp_path / "share", tmp_path / "mountinfo", monkeypatch)
