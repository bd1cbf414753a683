"""`sam2-annotator` and `python -m sam2_annotator`."""

from __future__ import annotations

import multiprocessing
import sys

from sam2_annotator._preload import preload


def main() -> int:
    """Run the command line; returns the exit code."""
    multiprocessing.freeze_support()
    preload()
    from sam2_annotator.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
