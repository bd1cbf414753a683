"""How things move through a composed clip: along a path, turning, growing, bending, leaving and returning."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.training.cutouts import Cutout
from sam2_core.training.pictures import Pixels

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Track:
    """A thing's way through T frames.

    places (T, 2): xy of its middle, and sizes (T,), as shares of the picture's side; turns (T,) in radians; bend (T,):
    how much of the displacement `bends` (2, 4, 4), a share of the thing's size, it has.
    """

    places: Floats
    sizes: Floats
    turns: Floats
    bend: Floats
    bends: Floats

    def __len__(self) -> int:
        return len(self.sizes)


def track(frames: int, rng: np.random.Generator, *, leaves: bool, largest: float = 0.6) -> Track:
    """A way through a clip. One that `leaves` is outside the picture for some frames and comes back for the last."""
    size = float(np.exp(rng.uniform(np.log(0.12), np.log(largest))))
    start = rng.uniform(0.2, 0.8, 2)
    step = rng.normal(0, 0.03, (frames, 2)).cumsum(0) + np.arange(frames)[:, None] * rng.normal(0, 0.025, 2)
    places = np.clip(start + step - step[0], 0.05, 0.95)
    if leaves and frames >= 4:
        first = int(rng.integers(1, frames - 2))
        last = int(rng.integers(first + 1, frames - 1))
        away = np.array([-1.0, 2.0])[int(rng.integers(2))]
        places[first:last, int(rng.integers(2))] = away
    growth = np.exp(np.cumsum(rng.normal(0, 0.04, frames)))
    turns = rng.uniform(-0.3, 0.3) + np.cumsum(rng.normal(0, 0.06, frames))
    bend = np.sin(np.linspace(0, rng.uniform(0, 2 * np.pi), frames) + rng.uniform(0, 6)) * rng.uniform(0, 1)
    bends = rng.uniform(-0.09, 0.09, (2, 4, 4))
    return Track(*(np.asarray(x, np.float32) for x in (places, size * growth / growth[0], turns, bend, bends)))


def placed(thing: Cutout, way: Track, frame: int, side: int) -> tuple[Pixels, Floats]:
    """A thing in the square picture at a frame of its way: pixels (side, side, 3) and cover (side, side) in 0..1."""
    height, width = thing.cover.shape
    scale = float(way.sizes[frame]) * side / max(height, width)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    x, y = x + 0.5 - way.places[frame, 0] * side, y + 0.5 - way.places[frame, 1] * side
    cos, sin = float(np.cos(way.turns[frame])), float(np.sin(way.turns[frame]))
    u, v = (cos * x + sin * y) / scale + width / 2, (-sin * x + cos * y) / scale + height / 2
    if way.bend[frame]:
        coarse = way.bends * way.bend[frame] * max(height, width)
        u = u + _bent(coarse[0], u / width, v / height)
        v = v + _bent(coarse[1], u / width, v / height)
    source, cover = thing.pixels, thing.cover
    if scale < 0.5:  # sampling alone would alias
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), 0.4 / scale), np.uint8)
    maps = (u - 0.5).astype(np.float32), (v - 0.5).astype(np.float32)
    pixels = cv2.remap(source, *maps, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.remap(cover, *maps, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0.0,))
    return np.asarray(pixels, np.uint8), np.asarray(soft, np.float32)


def _bent(grid: Floats, across: Floats, down: Floats) -> Floats:
    """A coarse grid of displacements sampled smoothly over the unit square."""
    last = grid.shape[0] - 1
    maps = np.clip(across, 0, 1) * last, np.clip(down, 0, 1) * last
    fine = cv2.resize(grid, (64, 64), interpolation=cv2.INTER_CUBIC)
    scale = np.float32(63 / last)
    return np.asarray(cv2.remap(fine, maps[0] * scale, maps[1] * scale, interpolation=cv2.INTER_LINEAR), np.float32)
