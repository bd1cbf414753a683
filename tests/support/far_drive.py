"""A folder that is taken for a network drive, which can go away, fill up and be slow."""

import errno
import io
import os
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sam2_annotator.ui
from sam2_annotator.doc import drives, transfer

_WINDOW = Path(sam2_annotator.ui.__file__).parent
_CALLS = ("stat", "lstat", "unlink", "replace", "mkdir", "scandir", "listdir")


class FarDrive:
    """`folder` lies on it. `delay` is how long each copy takes, `failure` what it ends with;
    `window_waited` names the calls that were made for the window on its own thread."""

    def __init__(self, folder: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.delay = 0.0
        self.failure: int | None = None
        self.window_waited: list[str] = []
        self._mounts = mounts
        monkeypatch.setattr(drives, "_MOUNTS", mounts)
        monkeypatch.setattr(transfer, "copy_bytes", self._slow(transfer.copy_bytes))
        for name in _CALLS:
            monkeypatch.setattr(os, name, self._watched(getattr(os, name)))
        monkeypatch.setattr(io, "open", self._watched(io.open))
        self.come_back()

    def go_away(self) -> None:
        """Unmounted: nothing is where it was."""
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

    def _holds(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and Path(os.fsdecode(path)).is_relative_to(self.folder)

    def _slow(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def slowly(*arguments: Any) -> Any:
            if any(map(self._holds, arguments)):
                time.sleep(self.delay)
                if self.failure is not None:
                    raise OSError(self.failure, os.strerror(self.failure))
            return call(*arguments)

        return slowly

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            if self._holds(path) and _is_for_the_window():
                self.window_waited.append("".join(traceback.format_stack(limit=8)))
            return call(path, *arguments, **named)

        return watched


def _is_for_the_window() -> bool:
    """Whether code of the window waits for the call on the window's thread, which is that of the test as well."""
    if threading.current_thread() is not threading.main_thread():
        return False
    names = (frame.f_code.co_filename for frame, _ in traceback.walk_stack(None))
    return any(Path(name).is_relative_to(_WINDOW) for name in names)


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FarDrive:
    """A network drive."""
    return FarDrive(tmp_path / "share", tmp_path / "mountinfo", monkeypatch)
