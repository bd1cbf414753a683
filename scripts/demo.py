"""Opens the program on the bundled demo; without a display, runs the same story offscreen and names what it left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "demo"


def has_display() -> bool:
    """True where a window can be seen: always on Windows and macOS, with an X or Wayland server elsewhere."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    """The program's own exit code."""
    program = [sys.executable, "-m", "sam2_annotator"]
    if has_display():
        return subprocess.call([*program, str(ROOT / "resources" / "demo")])
    sys.stderr.write("There is no display, so the demo runs offscreen: open, click, propagate, export.\n")
    return subprocess.call([*program, "--self-test", str(OUTPUT)])


if __name__ == "__main__":
    sys.exit(main())
