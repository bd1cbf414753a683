"""`sam2-annotator [PATH ...]`: the window's arguments. The caller hands the window in, so nothing here knows Qt."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sam2_annotator import __version__
from sam2_annotator.cli.arguments import Parser, path
from sam2_annotator.errors import UsageError

_DEFAULT_FOLDER = Path("self-test")


@dataclass(frozen=True, slots=True)
class Windows:
    """What needs Qt: opening the window on paths, and the acceptance test that leaves its results in a folder.

    Both return an exit code and import Qt when they are called, after the arguments were read.
    """

    open: Callable[[tuple[Path, ...]], int]
    self_test: Callable[[Path], int]


def run(arguments: Sequence[str], commands: Mapping[str, str], windows: Windows) -> int:
    """Open the window (or run the self-test) and return its exit code.

    Raises:
        UsageError: a path does not exist, or no window can be shown here.
    """
    options = _parser(commands).parse(arguments)
    _require_qt()
    if options.self_test is not None:
        return windows.self_test(options.self_test)
    missing = [given for given in options.paths if not given.exists()]
    if missing:
        raise UsageError(f"There is no file or folder {str(missing[0])!r}.", hint=_commands_hint(commands))
    if not _has_display():
        raise UsageError(
            "There is no display to open a window on.",
            hint="Start it on a desktop, or use the commands 'segment' and 'track', which need none.",
        )
    return windows.open(tuple(options.paths))


def _parser(commands: Mapping[str, str]) -> Parser:
    parser = Parser("sam2-annotator", "Segment objects in pictures and clips. Without a command, open the window.")
    parser.add_argument("paths", nargs="*", metavar="PATH", type=path, help="pictures, folders, videos or a project")
    parser.add_argument("--version", action="version", version=f"sam2-annotator {__version__}")
    parser.add_argument(
        "--self-test",
        nargs="?",
        const=_DEFAULT_FOLDER,
        type=path,
        metavar="FOLDER",
        help="open, click, propagate and export the bundled demo without a display; results go to FOLDER",
    )
    width = max(map(len, commands))
    lines = (f"  sam2-annotator {name.ljust(width)} ...  {title}" for name, title in commands.items())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "commands:\n" + "\n".join(lines)
    return parser


def _require_qt() -> None:
    if find_spec("PySide6") is None:
        raise UsageError(
            "The window needs PySide6, which is not installed.", hint="Install it with: pip install PySide6-Essentials"
        )


def _has_display() -> bool:
    """Windows and macOS always have one; elsewhere Qt would abort the process without an X or Wayland server."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform in ("win32", "darwin") or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _commands_hint(commands: Mapping[str, str]) -> str:
    return f"Commands: {', '.join(commands)}; anything else is taken for a path to open."
