"""`sam2-annotator` and `python -m sam2_annotator`."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from sam2_annotator._preload import preload


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    multiprocessing.freeze_support()
    preload()
    from sam2_annotator.cli import main as cli
    from sam2_annotator.cli.window import Windows

    return cli.main(arguments, windows=Windows(_open, _self_test))


def _open(paths: tuple[Path, ...]) -> int:
    from sam2_annotator.ui import main

    return main.run(paths)


def _self_test(folder: Path) -> int:
    from sam2_annotator.ui import self_test

    return self_test.run(folder)


if __name__ == "__main__":
    sys.exit(main())
