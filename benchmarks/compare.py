"""Ours against the published package: alternately in one process, same weights and inputs, results checked first.

    python benchmarks/compare.py --published FOLDER            the root of a checkout; its code stays where it is
    python benchmarks/compare.py --published FOLDER --only video --clock wall --threads 2

By default time is CPU time of one thread, which says the same on a busy machine. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pairs
import published
import torch
from clocks import Clock, Times, alternate, matrix_rates, peak_memory, timed, too_busy
from machine import facts, write_csv

PARTS = ("stills", "memory", "video", "video4", "everything")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, help="root of a checkout of the published package")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--model", choices=("tiny", "small", "base_plus", "large"), default="tiny")
    parser.add_argument("--size", type=int, default=1024, help="side of the model's input")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument(
        "--precision", choices=("float32", "bfloat16"), help="of our models; as published float32 on a CPU"
    )
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, help="instead of each part's own number")
    parser.add_argument("--points", type=int, default=32, help="points per side of everything-mode")
    parser.add_argument("--compile", action="store_true", help="compile the published image encoder")
    parser.add_argument("--csv", type=Path, default=Path("build/compare.csv"))
    return parser.parse_args()


def refusal(options: argparse.Namespace) -> str | None:
    """Why nothing can be measured, None where it can."""
    if options.published is None:
        return "Nothing to compare with: give --published, the root of a checkout of the published package."
    if options.device == "cuda" and not torch.cuda.is_available():
        return "Skipped: there is no CUDA device here."
    if options.device == "cpu" and options.clock == "wall" and (reason := too_busy()):
        return f"Wall time would mislead: {reason}."
    return None


def measure(options: argparse.Namespace) -> list[dict[str, str]]:
    """Measure every part and print it line by line; rows for the CSV."""
    device = torch.device(options.device)
    clock = Clock("cuda" if device.type == "cuda" else options.clock)
    dtype = torch.bfloat16 if _half(options) else torch.float32
    rates = matrix_rates(device, dtype, clock)
    ceiling = max(rates.values())
    print("matrix products, GFLOP/s: " + ", ".join(f"{shape} {rate:.0f}" for shape, rate in rates.items()))
    subject = pairs.Subject(
        options.published, options.model, options.size, device, dtype, options.points, options.compile
    )
    parts: dict[str, Callable[[], Iterator[pairs.Pair]]] = {
        "stills": lambda: pairs.stills(subject),
        "memory": lambda: pairs.memory(subject),
        "video": lambda: pairs.video(subject, 1, 3),
        "video4": lambda: pairs.video(subject, 4, 1),
        "everything": lambda: pairs.everything(subject),
    }
    rows = []
    half = device.type == "cuda" and _half(options)
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=half):
        for part in options.only:
            for pair in parts[part]():
                rounds = pair.rounds if options.rounds is None else options.rounds
                rows.append(_measured(pair, device, clock, rounds, ceiling, exact=not _half(options)))
                print(_line(rows[-1]), flush=True)
    return rows


def _half(options: argparse.Namespace) -> bool:
    """Whether ours computes in bfloat16; published code does on CUDA, by autocast, and not on a CPU."""
    return bool((options.precision or ("bfloat16" if options.device == "cuda" else "float32")) == "bfloat16")


def _measured(
    pair: pairs.Pair, device: torch.device, clock: Clock, rounds: int, ceiling: float, *, exact: bool
) -> dict[str, str]:
    def our_work() -> object:
        with torch.autocast(device.type, enabled=False):  # our weights are turned already
            return pair.ours()

    first = Times()
    with peak_memory(device) as their_peak:
        theirs = timed(pair.published, first.published, clock)
    with peak_memory(device) as our_peak:
        ours = timed(our_work, first.ours, clock)
    difference = pair.differ(theirs, ours)
    del theirs, ours
    times = alternate(pair.published, our_work, rounds, clock) if rounds else first
    their_time, our_time = statistics.median(times.published), statistics.median(times.ours)
    rates = ["", ""] if pair.gflop is None else [f"{pair.gflop / t / ceiling:.0%}" for t in (their_time, our_time)]
    return {
        "what": pair.name,
        "published ms": f"{1000 * their_time:.1f}",
        "ours ms": f"{1000 * our_time:.1f}",
        "ratio": f"{times.ratio:.2f}",
        "lowest": f"{min(times.ratios):.2f}",
        "highest": f"{max(times.ratios):.2f}",
        "rounds": str(max(rounds, 1)),
        "difference": f"{difference:.1e}",
        "agrees": _verdict(difference, pair.bound, exact=exact),
        "published of matrix rate": rates[0],
        "ours of matrix rate": rates[1],
        "published peak MB": _megabytes(their_peak.megabytes),
        "ours peak MB": _megabytes(our_peak.megabytes),
    }


def _verdict(difference: float, bound: float, *, exact: bool) -> str:
    """Bounds are for float32; in bfloat16 the difference is only told."""
    if not exact:
        return "bfloat16"
    return "yes" if difference <= bound else "NO"


def _megabytes(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _line(row: dict[str, str]) -> str:
    times = f"{row['published ms']:>10} {row['ours ms']:>10} {row['ratio']:>6} ({row['lowest']}-{row['highest']})"
    more = f"difference {row['difference']} {row['agrees']}"
    rates = f"of matrix rate {row['published of matrix rate'] or '-'} -> {row['ours of matrix rate'] or '-'}"
    peaks = f"peak MB {row['published peak MB'] or '-'} -> {row['ours peak MB'] or '-'}"
    return f"{row['what']:40} {times}  {more}  {rates}  {peaks}"


def main() -> int:
    """Measure and print; 1 where results differ, 2 where there was nothing to measure."""
    options = arguments()
    if reason := refusal(options):
        sys.stderr.write(reason + "\n")
        return 2
    try:
        published.load(options.published)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    torch.set_num_threads(options.threads)
    rows = measure(options)
    common = {
        "model": options.model,
        "size": str(options.size),
        "clock": options.clock,
        "precision": "bfloat16" if _half(options) else "float32",
        **facts(torch.device(options.device)),
    }
    common["load"] = f"{os.getloadavg()[0]:.1f}"
    write_csv(options.csv, [{**row, **common} for row in rows])
    return 1 if any(row["agrees"] == "NO" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
