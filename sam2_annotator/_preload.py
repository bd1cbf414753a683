"""Loads torch's first library before Qt, on Windows only.

WORKAROUND https://github.com/pytorch/pytorch/issues/166628: torch's c10.dll fails to load in a process where Qt was
loaded first. Loading that one file is quick; torch itself is still imported later, on the engine's thread.
"""

from __future__ import annotations

import sys


def preload() -> None:
    """Load c10.dll where it is needed; without torch nothing happens."""
    if sys.platform == "win32":
        import ctypes
        from importlib.util import find_spec
        from pathlib import Path

        spec = find_spec("torch")
        library = Path(spec.origin).parent / "lib" / "c10.dll" if spec is not None and spec.origin else None
        if library is not None and library.is_file():
            ctypes.CDLL(str(library))
