"""Time, memory and the machine's own speed at matrix products."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import torch

T = TypeVar("T")

_PRODUCTS = ((65536, 96, 384), (16384, 192, 768), (4096, 384, 1536), (1024, 768, 3072), (4096, 256, 4096))
_CLEAR_REFS, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Clock:
    """How time is taken: "cpu" (seconds of this thread, good on a busy machine), "wall", or "cuda" (events)."""

    kind: str

    def seconds(self, work: Callable[[], object]) -> float:
        """Seconds `work` takes."""
        if self.kind == "cuda":
            cuda: Any = torch.cuda
            start, end = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
            start.record()
            work()
            end.record()
            end.synchronize()
            return float(start.elapsed_time(end)) / 1000
        now = time.thread_time if self.kind == "cpu" else time.perf_counter
        began = now()
        work()
        return now() - began


def too_busy() -> str | None:
    """Why wall time would say little here, None where it says something."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        return f"the load average is {load:.1f} on {cores} cores; take --clock cpu, or wait"
    return None


def matrix_rates(device: torch.device, dtype: torch.dtype, clock: Clock, rounds: int = 5) -> dict[str, float]:
    """GFLOP/s of matrix products of the model's shapes, best of some rounds."""
    rates = {}
    for rows, inner, columns in _PRODUCTS:
        a = torch.randn(rows, inner, device=device, dtype=dtype)
        b = torch.randn(inner, columns, device=device, dtype=dtype)
        out = torch.mm(a, b)

        def product(a: torch.Tensor = a, b: torch.Tensor = b, out: torch.Tensor = out) -> torch.Tensor:
            return torch.mm(a, b, out=out)

        fastest = min(clock.seconds(product) for _ in range(rounds))
        rates[f"{rows}x{inner}x{columns}"] = 2e-9 * rows * inner * columns / fastest
    return rates


@dataclass(slots=True)
class Peak:
    """Megabytes that were taken at most beyond what was held before; None where the system does not tell."""

    megabytes: float | None = None


@contextmanager
def peak_memory(device: torch.device) -> Iterator[Peak]:
    """Watch what the block takes."""
    peak = Peak()
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = float(torch.cuda.memory_allocated(device))
        yield peak
        peak.megabytes = (torch.cuda.max_memory_allocated(device) - before) / 1e6
        return
    try:
        _CLEAR_REFS.write_text("5", encoding="ascii")  # the kernel forgets the peak so far
    except OSError:
        yield peak
        return
    held = _status("VmRSS")
    yield peak
    peak.megabytes = (_status("VmHWM") - held) / 1000


def resident_megabytes() -> float:
    """What the process holds in memory now; Linux only."""
    return _status("VmRSS") / 1000


def _status(name: str) -> float:
    """Kilobytes of a line of the process's status."""
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[1])


@dataclass(slots=True)
class Times:
    """Seconds of both variants, round by round."""

    published: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """How many times as fast ours was, per round."""
        return [a / b for a, b in zip(self.published, self.ours, strict=True)]

    @property
    def ratio(self) -> float:
        """Median of the ratios."""
        return statistics.median(self.ratios)


def timed(work: Callable[[], T], seconds: list[float], clock: Clock) -> T:
    """What `work` returns; its time joins the list."""
    results: list[T] = []
    seconds.append(clock.seconds(lambda: results.append(work())))
    return results[0]


def alternate(published: Callable[[], object], ours: Callable[[], object], rounds: int, clock: Clock) -> Times:
    """Time both in turn, the first of each round being last in the next."""
    times = Times()
    for number in range(rounds):
        pair = [(published, times.published), (ours, times.ours)]
        for work, seconds in pair if number % 2 == 0 else reversed(pair):
            seconds.append(clock.seconds(work))
    return times
