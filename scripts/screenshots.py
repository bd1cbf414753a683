"""Remakes docs/images from the running window on the bundled demo.

    python scripts/screenshots.py

On Linux without a display it starts itself under `xvfb-run`. The window is driven by mouse and keys as a person would
drive it; each picture shows what is on the screen then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SCREEN = "1440x900x24"


def main() -> int:
    """0 when every picture was made."""
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        if shutil.which("xvfb-run") is None:
            sys.stderr.write("There is no display. Install xvfb, which makes a virtual one, and try again.\n")
            return 2
        return subprocess.call(["xvfb-run", "-a", "-s", f"-screen 0 {SCREEN}", sys.executable, __file__])
    with tempfile.TemporaryDirectory() as home:
        os.environ["SAM2_ANNOTATOR_HOME"] = home
        _take()
    return 0


def _take() -> None:
    from sam2_annotator import paths
    from sam2_annotator.ui.self_test import Session

    IMAGES.mkdir(parents=True, exist_ok=True)
    session = Session()
    try:
        session.screenshot(IMAGES / "welcome.png")
        session.open(paths.resource("demo"))
        session.outline("astronaut.jpg", 225, 110)
        session.screenshot(IMAGES / "candidates.png")
        session.accept("face")
        session.outline("clip.mp4", 60, 290)
        session.accept("ball")
        session.track(14)
        session.screenshot(IMAGES / "clip.png")
        session.outline("coffee.jpg", 300, 100)
        session.paint([(120, 300), (200, 350), (300, 365), (400, 350), (470, 300)])
        session.screenshot(IMAGES / "drawing.png")
    finally:
        session.close()


if __name__ == "__main__":
    sys.exit(main())
