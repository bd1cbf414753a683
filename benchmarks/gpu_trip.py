"""What the blocks of `gpu.py` share: the time there is, where figures go, and how work is timed side by side."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import torch
from pairs import Subject


class Trip:
    """One run over the blocks. `quick` is the dry run on a CPU: the same code, each thing once or twice."""

    def __init__(self, device: torch.device, size: int, folder: Path, file: TextIO, seconds: float) -> None:
        self.device = device
        self.size = size
        self.quick = device.type == "cpu"
        self.ceiling = math.nan  # TFLOP/s of the fastest matrix product, once it is known
        self._folder = folder
        self._file = file
        self._began = time.monotonic()
        self._end = self._block_end = self._began + seconds
        self._block = "-"

    @property
    def left(self) -> float:
        """Seconds that are left in all."""
        return self._end - time.monotonic()

    @property
    def block_left(self) -> float:
        """Seconds that are left to the block."""
        return max(1.0, self._block_end - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether the block has to end; what takes long looks at it between two measurements."""
        return time.monotonic() > self._block_end

    def begin(self, block: str, seconds: float) -> None:
        """A block begins, which has these seconds at most."""
        self._block = block
        self._block_end = min(self._end, time.monotonic() + seconds)

    def note(self, what: str, **figures: object) -> None:
        """Append a figure, at once."""
        entry = {"block": self._block, "what": what, "at": round(time.monotonic() - self._began, 1), **figures}
        self._file.write(json.dumps(entry, default=str) + "\n")
        self._file.flush()

    def subject(self, model: str, *, half: bool, points: int = 32) -> Subject:
        """A model and its published counterpart; ours in bfloat16 with `half`, where that is a GPU's."""
        dtype = torch.bfloat16 if half and not self.quick else torch.float32
        return Subject(self._folder, model, self.size, self.device, dtype, points, False)

    def autocast(self, *, half: bool = True) -> torch.autocast:
        """What the published package computes in."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=half and not self.quick)

    def wait(self) -> None:
        """For the device."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def seconds(self, work: Callable[[], object]) -> float:
        """Time of `work` until the device has done it; on a CPU, which others use as well, its own part of it."""
        now = time.thread_time if self.quick else time.perf_counter
        self.wait()
        began = now()
        work()
        self.wait()
        return now() - began

    def side_by_side(self, ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
        """Seconds of each way, round by round, the order turned by one each round; each is done once before.

        A round in which the clock of the GPU moved by more than a twentieth does not count, while others are left.
        """
        for work in ways.values():
            work()
        names = list(ways)
        taken: list[dict[str, float]] = []
        steady: list[bool] = []
        for number in range(1 if self.quick else rounds):
            if self.over and taken:
                break
            order = names[number % len(names) :] + names[: number % len(names)]
            before = self.clock()
            taken.append({name: self.seconds(ways[name]) for name in order})
            steady.append(abs(self.clock() - before) <= 0.05 * before)
        kept = [times for times, counts in zip(taken, steady, strict=True) if counts] or taken
        return {name: [times[name] for times in kept] for name in names}

    def clock(self) -> float:
        """Frequency of the GPU in MHz, 0 where it is not told."""
        if self.quick:
            return 0.0
        asked = ["nvidia-smi", "--query-gpu=clocks.sm", "--format=csv,noheader,nounits"]
        try:
            told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True).stdout
            return float(told.split()[0])
        except (OSError, subprocess.SubprocessError, ValueError, IndexError):
            return 0.0


def spread(values: Sequence[float], *, digits: int = 3) -> dict[str, Any]:
    """Median and the tenth from both ends, with how many there were."""
    ordered, last = sorted(values), len(values) - 1
    ends = {"p10": ordered[round(0.1 * last)], "p90": ordered[round(0.9 * last)], "p95": ordered[round(0.95 * last)]}
    figures = {"median": statistics.median(ordered), **ends}
    return {name: round(value, digits) for name, value in figures.items()} | {"rounds": len(values)}


def ratio(slow: Sequence[float], fast: Sequence[float]) -> dict[str, float]:
    """How many times as fast, round by round."""
    each = [a / b for a, b in zip(slow, fast, strict=True)]
    return {"ratio": round(statistics.median(each), 2), "lowest": round(min(each), 2), "highest": round(max(each), 2)}
