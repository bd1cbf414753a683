"""The blocks of `gpu.py`, in their order, with the seconds each may take."""

from __future__ import annotations

import statistics
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from clocks import Clock, matrix_rates, resident_megabytes
from gpu_trip import Trip, ratio, spread
from pairs import TRACKED, Clip, Pair, everything, pictures_ready, stills, video
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from sam2_core.graphs import Graphs, Rerun
from sam2_core.video.ahead import Ahead, SecondStream

_ROOT = Path(__file__).resolve().parent.parent
_GFLOP = {"tiny": 292.0, "small": 360.0, "base_plus": 647.0, "large": 1823.0}  # encoder at 1024, published arithmetic
_GFLOP_OBJECT = 621.0
_ALIKE = 0.995  # least IoU with float32


def machine(trip: Trip) -> None:
    """Speed of matrix products, of copies and of launches, on this very machine."""
    dtype = torch.float32 if trip.quick else torch.bfloat16
    clock = Clock("wall" if trip.quick else "cuda")
    rates = matrix_rates(trip.device, dtype, clock)
    side = 1024 if trip.quick else 8192
    a = torch.randn(side, side, device=trip.device, dtype=dtype)
    fastest = min(trip.seconds(lambda: a @ a) for _ in range(5))
    rates[f"{side}x{side}x{side}"] = 2e-9 * side**3 / fastest
    trip.ceiling = max(rates.values()) / 1000
    trip.note("matrix products, TFLOP/s", **{shape: round(rate / 1000, 2) for shape, rate in rates.items()})
    block = torch.zeros(1 << (24 if trip.quick else 28), dtype=torch.uint8, device=trip.device)
    other = torch.empty_like(block)
    seconds = min(trip.seconds(lambda: other.copy_(block)) for _ in range(5))
    trip.note("copy on the device, GB/s read and written", value=round(2e-9 * len(block) / seconds, 1))
    small = torch.zeros(1, device=trip.device)
    trip.note("launch, us", value=round(1e3 * trip.seconds(lambda: [small.add_(1) for _ in range(1000)]), 2))
    trip.note("clock, MHz", value=trip.clock())


def gate(trip: Trip) -> None:
    """Float32 against the published package, no shortened products; then bfloat16 against that float32."""
    exact = trip.subject("tiny", half=False)
    with torch.inference_mode(), _full_products():
        for pair in [*stills(exact), *video(exact, 1, 0)]:
            difference = pair.differ(pair.published(), pair.ours())
            trip.note(pair.name, difference=difference, bound=pair.bound, agrees=difference <= pair.bound)
            if trip.over:
                return
    frames = 2 if trip.quick else 30
    with _full_products():
        wanted = [x > 0 for x in Clip.of(exact, 1, frames).by_theirs(frames)]
    clip = Clip.of(trip.subject("tiny", half=True), 1, frames)
    for way, run in _ways(trip, clip, frames).items():
        alike = [_iou(a, b > 0) for a, b in zip(wanted, run(), strict=True)]
        trip.note(f"IoU with float32: {way}", least=round(min(alike), 5), frames=frames, agrees=min(alike) >= _ALIKE)


@contextmanager
def _full_products() -> Iterator[None]:
    """Float32 is float32, also in convolutions."""
    backends: list[Any] = [torch.backends.cudnn, torch.backends.cuda.matmul]
    before = [backend.allow_tf32 for backend in backends]
    for backend in backends:
        backend.allow_tf32 = False
    try:
        yield
    finally:
        for backend, allowed in zip(backends, before, strict=True):
            backend.allow_tf32 = allowed


def attention(trip: Trip) -> None:
    """Memory attention's cross-attention by each kernel there is, for one to eight objects."""
    queries = 256 if trip.quick else 4096
    dtype = torch.float32 if trip.quick else torch.bfloat16
    kernels = [SDPBackend.FLASH_ATTENTION, SDPBackend.CUDNN_ATTENTION, SDPBackend.EFFICIENT_ATTENTION]
    for keys in (queries + 4, 7 * queries + 64):
        for width in (256, 64):
            for objects in (1, 2, 4, 8):
                q, k = (torch.randn(objects, 1, n, 256, device=trip.device, dtype=dtype) for n in (queries, keys))
                v = torch.randn(objects, 1, keys, width, device=trip.device, dtype=dtype)
                gflop = 2e-9 * objects * queries * keys * (256 + width)
                rates = {kernel.name: _rate(trip, kernel, q, k, v, gflop) for kernel in kernels}
                trip.note(f"{objects} x {queries} x {keys}, values {width}, TFLOP/s", **rates)
                if trip.over:
                    return


def _rate(trip: Trip, kernel: SDPBackend, q: Tensor, k: Tensor, v: Tensor, gflop: float) -> float | str:
    def work() -> Tensor:
        return F.scaled_dot_product_attention(q, k, v)

    try:
        with sdpa_kernel(kernel), warnings.catch_warnings(action="ignore"):
            work()
            return round(gflop / 1000 / min(trip.seconds(work) for _ in range(3)), 2)
    except RuntimeError:
        return "refused"


def video_tiny(trip: Trip) -> None:
    """Frames a second of the tiny model, one and eight objects."""
    for objects in (1, 2 if trip.quick else 8):
        _video(trip, "tiny", objects, rounds=5)


def video_others(trip: Trip) -> None:
    """The same for the larger models."""
    for model in ("large", "base_plus", "small") if not trip.quick else ():
        for objects in (1, 8):
            if not trip.over:
                _video(trip, model, objects, rounds=3)


def _video(trip: Trip, model: str, objects: int, rounds: int) -> None:
    """The published package beside ours: as it is, replaying recordings, and with the next frame on a second stream."""
    frames = 5 if trip.quick else 20
    clip = Clip.of(trip.subject(model, half=True), objects, frames)
    ways: dict[str, Callable[[], object]] = {"published": partial(_published, trip, clip, frames)}
    taken = trip.side_by_side(ways | _ways(trip, clip, frames), rounds)
    gflop = _GFLOP[model] + _GFLOP_OBJECT * objects
    for way, seconds in taken.items():
        rates = [frames / one for one in seconds]
        share = statistics.median(rates) * gflop / 1e3 / trip.ceiling
        name = f"{model}, {objects} objects, frames/s: {way}"
        trip.note(name, **spread(rates), of_matrix_rate=None if trip.quick else round(share, 3))
        if way != "published":
            trip.note(f"{model}, {objects} objects: {way} to published", **ratio(taken["published"], seconds))


def _published(trip: Trip, clip: Clip, frames: int) -> list[Tensor]:
    with trip.autocast():
        return clip.by_theirs(frames)


def _ways(trip: Trip, clip: Clip, frames: int) -> dict[str, Callable[[], list[Tensor]]]:
    """Ours in its three ways; on a CPU stand-ins replay, and nothing runs beside."""
    model, stream = clip.ours, None if trip.quick else SecondStream(trip.device)
    model.graphs = Graphs(Rerun() if trip.quick else None)

    def run(recorded: bool, ahead: bool) -> list[Tensor]:
        model.graphs.enabled = recorded
        clip.own.ahead = Ahead(stream if ahead else None)
        return clip.by_ours(frames)

    return {
        "ours, launched": partial(run, False, False),
        "ours, recorded": partial(run, True, False),
        "ours, recorded, next frame beside": partial(run, True, True),
    }


def clicks(trip: Trip) -> None:
    """A click on a picture that is ready, and a 1080p picture until it is ready."""
    times = 3 if trip.quick else 50
    for model in ("tiny",) if trip.quick else ("tiny", "large"):
        subject = trip.subject(model, half=True)
        pairs = [pair for pair in [*stills(subject), *pictures_ready(subject)] if "1080p" in pair.name]
        for pair in pairs:
            taken = trip.side_by_side(_both(trip, pair), times)
            for way, seconds in taken.items():
                trip.note(f"{model}, {pair.name}, ms: {way}", **spread([1000 * s for s in seconds]))
            trip.note(f"{model}, {pair.name}", **ratio(taken["published"], taken["ours"]))
            if trip.over:
                return


def everything_mode(trip: Trip) -> None:
    """All masks of a 1080p picture to run lengths, by points decoded together."""
    side = 4 if trip.quick else 32
    for model in ("tiny",) if trip.quick else ("tiny", "large"):
        for at_once in (4, 16) if trip.quick else (64, 256, 1024):
            (pair,) = everything(trip.subject(model, half=True, points=side), at_once)
            taken = trip.side_by_side(_both(trip, pair), 2)
            name = f"{model}, {side} x {side} points, {at_once} at once"
            for way, seconds in taken.items():
                trip.note(f"{name}, ms: {way}", **spread([1000 * s for s in seconds], digits=1))
            trip.note(name, **ratio(taken["published"], taken["ours"]))
            if trip.over:
                return


def _both(trip: Trip, pair: Pair) -> dict[str, Callable[[], object]]:
    def theirs() -> object:
        with torch.inference_mode(), trip.autocast():
            return pair.published()

    return {"published": theirs, "ours": pair.ours}


def trace(trip: Trip) -> None:
    """Kernels of a frame and how long they keep the device busy; memory while a clip is tracked."""
    marks = (2, 4) if trip.quick else (20, 40, 60)
    clip, frames = Clip.of(trip.subject("tiny", half=True), 1, marks[-1]), 6 if not trip.quick else 2
    ways = {"published": partial(_published, trip, clip, frames)} | _ways(trip, clip, frames)
    for way, work in ways.items():
        work()
        activities = [torch.profiler.ProfilerActivity.CPU if trip.quick else torch.profiler.ProfilerActivity.CUDA]
        with torch.profiler.profile(activities=activities) as profile:
            work()
            trip.wait()
        events = [e for e in profile.events() if trip.quick or "CUDA" in str(e.device_type)]
        busy = round(sum(e.time_range.elapsed_us() for e in events) / 1000 / frames, 3)
        trip.note(f"kernels a frame: {way}", value=round(len(events) / frames), busy_ms=None if trip.quick else busy)
    clip.own.features.clear()
    for done, _ in enumerate(clip.ours.propagate_in_video(clip.own, TRACKED, marks[-1] - 1), 1):
        if done in marks:
            trip.note(f"memory after {done} frames, MB", **_memory(trip))


def _memory(trip: Trip) -> dict[str, float]:
    if trip.quick:
        return {"resident": round(resident_megabytes())}
    stats = {"allocated": torch.cuda.memory_allocated, "reserved": torch.cuda.memory_reserved}
    peak = {"peak": torch.cuda.max_memory_allocated}
    return {name: round(ask(trip.device) / 1e6, 1) for name, ask in (stats | peak).items()}


def gpu_tests(trip: Trip) -> None:
    """The tests that need a GPU."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "gpu",
        "-q",
        "-x",
        "--no-header",
        "tests/sam2_core",
        "tests/stories",
    ]
    if trip.quick:
        command += ["--collect-only"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=trip.block_left, check=False)
    trip.note("tests", code=done.returncode, said=done.stdout.strip().splitlines()[-12:])


def compiled(trip: Trip) -> None:
    """The image encoder by torch.compile, last: it takes a minute, and a compiler."""
    if trip.quick or trip.left < 60:
        trip.note("compiled encoder", why="a dry run" if trip.quick else "under a minute left")
        return
    subject = trip.subject("tiny", half=True)
    _, ours = subject.still_models()
    image = torch.randn(1, 3, trip.size, trip.size, device=trip.device)

    def encode() -> object:
        return ours.forward_image(image)

    with torch.inference_mode():
        encode()
        plain = [1000 * trip.seconds(encode) for _ in range(20)]
        nn.Module.compile(ours.image_encoder)
        trip.note("compiling, s", value=round(trip.seconds(encode), 1))
        trip.note("encoder, ms: launched", **spread(plain))
        trip.note("encoder, ms: compiled", **spread([1000 * trip.seconds(encode) for _ in range(20)]))


def _iou(a: Tensor, b: Tensor) -> float:
    either = int((a | b).sum())
    return int((a & b).sum()) / either if either else 1.0


BLOCKS: dict[Callable[[Trip], None], float] = {
    machine: 20,
    gate: 60,
    gpu_tests: 60,
    attention: 30,
    video_tiny: 100,
    video_others: 120,
    clicks: 50,
    everything_mode: 70,
    trace: 40,
    compiled: 60,
}
