"""Ours beside the published package on a GPU that is lent for ten minutes: one command, a figure a line.

    python benchmarks/gpu.py --published FOLDER                      all blocks, ends by itself before nine minutes
    python benchmarks/gpu.py --published FOLDER --device cpu --size 256    the same code on a CPU, to see that it works

Needs torch, this checkout and one of the published package; neither network nor compiler. Every figure is appended to
--out as a JSON line at once, so that what was measured stays whatever happens. docs/benchmarks.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gpu_blocks
import published
import torch
from gpu_trip import Trip
from machine import facts

HARD_STOP = 5  # seconds after the last block had to end


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, required=True, help="root of a checkout of the published package")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--size", type=int, default=1024, help="side of the model's input")
    parser.add_argument("--minutes", type=float, default=8.9)
    parser.add_argument("--only", nargs="+", choices=[block.__name__ for block in gpu_blocks.BLOCKS])
    parser.add_argument("--out", type=Path, default=Path("build/gpu.jsonl"))
    return parser.parse_args()


def go(trip: Trip, only: Sequence[str] | None) -> None:
    """All blocks in turn; one that fails is noted, and the next begins."""
    for block, seconds in gpu_blocks.BLOCKS.items():
        if only is not None and block.__name__ not in only:
            continue
        if trip.left <= 0:
            trip.note("skipped", block=block.__name__, why="no time left")
            continue
        began = time.monotonic()
        trip.begin(block.__name__, seconds)
        try:
            block(trip)
        except Exception as error:  # whatever it is, the other blocks are worth having
            trip.note("failed", why=f"{type(error).__name__}: {str(error)[:500]}")
        trip.note("block", seconds=round(time.monotonic() - began, 1))
        if trip.device.type == "cuda":
            torch.cuda.empty_cache()


def show(path: Path, since: int) -> None:
    """Print what was noted, shortly."""
    for line in path.read_text(encoding="utf-8").splitlines()[since:]:
        entry: dict[str, Any] = json.loads(line)
        rest = {k: v for k, v in entry.items() if k not in ("block", "what", "at", "rounds")}
        sys.stdout.write(f"{entry['block']:10} {entry['what']:44} {rest}\n")


def main() -> int:
    """Measure; 2 where there is nothing to measure on."""
    options = arguments()
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.stderr.write("Skipped: there is no CUDA device here.\n")
        return 2
    try:
        published.load(options.published)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    options.out.parent.mkdir(parents=True, exist_ok=True)
    since = len(options.out.read_text(encoding="utf-8").splitlines()) if options.out.exists() else 0
    device = torch.device(options.device)
    with options.out.open("a", encoding="utf-8") as file:
        trip = Trip(device, options.size, options.published, file, options.minutes * 60)
        stop = threading.Timer(options.minutes * 60 + HARD_STOP, os._exit, (3,))  # also where a kernel hangs
        stop.daemon = True
        stop.start()
        trip.note("facts", load=round(os.getloadavg()[0], 1), size=options.size, **facts(device))
        go(trip, options.only)
        stop.cancel()
    show(options.out, since)
    return 0


if __name__ == "__main__":
    sys.exit(main())
