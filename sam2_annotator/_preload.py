"""What must be set or loaded before torch and Qt are.

WORKAROUND https://github.com/pytorch/pytorch/issues/166628: on Windows torch's c10.dll fails to load in a process where
Qt was loaded first. Loading that one file is quick; torch itself is still imported later, on the engine's thread.
"""

from __future__ import annotations

import os
import sys


def preload() -> None:
    """Let torch's threads sleep while they wait, and load c10.dll on Windows; without torch nothing happens."""
    # Waiting threads spin by default; on a busy machine that made a click seven to nine times slower (decision 0013).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if sys.platform == "win32":
        import ctypes
        from importlib.util import find_spec
        from pathlib import Path

        spec = find_spec("torch")
        library = Path(spec.origin).parent / "lib" / "c10.dll" if spec is not None and spec.origin else None
        if library is not None and library.is_file():
            ctypes.CDLL(str(library))
