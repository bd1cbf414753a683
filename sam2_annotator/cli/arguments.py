"""Argument types and options that several commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from sam2_annotator.errors import UsageError
from sam2_annotator.values.input_size import LARGEST, STEP, InputSize, Quality, usable
from sam2_annotator.values.prompt import Box, Point

DEFAULT_MODEL = "sam2-nano"
_COORDINATES = ("--point", "--box", "--frames")
_WHOLE = re.compile(r"[0-9]{1,9}")


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of leaving the program."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Called by argparse for what it cannot parse."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", hint=f"'{self.prog} --help' shows what can be given.")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse; a coordinate may begin with a minus sign."""
        return self.parse_args(_bound(arguments))


def add_common(parser: Parser) -> None:
    """The options of every command that runs a model."""
    parser.add_argument(
        "--model",
        metavar="M",
        default=DEFAULT_MODEL,
        help="a model's name, a Hugging Face id, or a .pt or .safetensors file (default: %(default)s)",
    )
    parser.add_argument(
        "--device",
        metavar="D",
        default="auto",
        help="auto, cpu, cuda, cuda:N or mps (default: %(default)s)",
    )
    parser.add_argument(
        "--precision",
        choices=("auto", "float32", "bfloat16"),
        default="auto",
        help="what the model computes in; auto is bfloat16 where the device has units for it (default: %(default)s)",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--quality",
        choices=[quality.value for quality in Quality],
        default=Quality.FULL.value,
        help="how large the model sees the picture: balanced and fast cost less and draw softer borders "
        "(default: %(default)s)",
    )
    size.add_argument(
        "--image-size",
        metavar="N",
        type=_side,
        help=f"side of the model's input in pixels, a multiple of {STEP}, instead of a quality",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace what is at the output already")


def input_size(options: argparse.Namespace) -> InputSize:
    """What `--quality` and `--image-size` say."""
    return InputSize(Quality(options.quality), options.image_size)


def point(text: str) -> Point:
    """`X,Y` or `X,Y,0|1`."""
    parts = text.split(",")
    if len(parts) not in (2, 3):
        raise argparse.ArgumentTypeError(f"{text!r} is not X,Y or X,Y,0 or X,Y,1")
    if len(parts) == 3 and parts[2].strip() not in ("0", "1"):
        raise argparse.ArgumentTypeError(f"the third value of {text!r} must be 1 (positive) or 0 (negative)")
    x, y = _numbers(parts[:2], text)
    return Point(x, y, positive=len(parts) == 2 or parts[2].strip() == "1")


def box(text: str) -> Box:
    """`X0,Y0,X1,Y1`."""
    parts = text.split(",")
    if len(parts) != 4:
        raise argparse.ArgumentTypeError(f"{text!r} is not X0,Y0,X1,Y1")
    return Box(*_numbers(parts, text))


def frame_range(text: str) -> tuple[int | None, int | None]:
    """`A:B`, either side may be missing."""
    parts = text.split(":")
    if len(parts) != 2 or not all(not part or _WHOLE.fullmatch(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not A:B with whole numbers, A included, B not")
    first, end = (int(part) if part else None for part in parts)
    return first, end


def path(text: str) -> Path:
    """A path; no file system accepts an empty one or a NUL."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a path")
    return Path(text)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between these two."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return read


def _side(text: str) -> int:
    if not _WHOLE.fullmatch(text) or not usable(int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a multiple of {STEP} up to {LARGEST}")
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1."""
    (number,) = _numbers([text], text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return number


def label(text: str) -> str:
    """The name of a category."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a label must not be empty")
    return text


def _numbers(parts: Sequence[str], text: str) -> list[float]:
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} holds something that is not a number") from None


def _bound(arguments: Sequence[str]) -> list[str]:
    """`--box -3,4,5,6` as `--box=-3,4,5,6`, which argparse would take for an option otherwise."""
    bound: list[str] = []
    for argument in arguments:
        if bound and bound[-1] in _COORDINATES and re.match(r"-[0-9.]", argument):
            bound[-1] = f"{bound[-1]}={argument}"
        else:
            bound.append(argument)
    return bound
