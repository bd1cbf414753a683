"""Pictures without content: smooth colours, noise, stripes, checks. Backgrounds and fillings of composed scenes."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.training.pictures import Pixels

Floats = npt.NDArray[np.float32]


def texture(side: int, rng: np.random.Generator) -> Pixels:
    """A texture of one of the kinds, uint8 (side, side, 3)."""
    kinds: tuple[Callable[[int, np.random.Generator], Floats], ...] = (smooth, noise, stripes, checks)
    kind = kinds[int(rng.choice(len(kinds), p=(0.4, 0.3, 0.2, 0.1)))]
    grain = rng.normal(0, rng.uniform(0, 8), (side, side, 1))
    return np.clip(kind(side, rng) + grain, 0, 255).astype(np.uint8)


def smooth(side: int, rng: np.random.Generator) -> Floats:
    """Colours that run into each other."""
    return _enlarged(rng.uniform(0, 255, (int(rng.integers(2, 5)),) * 2 + (3,)), side)


def noise(side: int, rng: np.random.Generator) -> Floats:
    """Noise of several grain sizes around one colour."""
    total = np.full((side, side, 3), rng.uniform(40, 215, 3), np.float32)
    for cells in (4, 12, 36, 100):
        total += _enlarged(rng.normal(0, rng.uniform(4, 30), (cells, cells, 1)), side)
    return total


def stripes(side: int, rng: np.random.Generator) -> Floats:
    """Two colours in turns along a direction."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    angle, period = rng.uniform(0, np.pi), rng.uniform(3, 25)
    wave = np.sin(2 * np.pi * period * (np.cos(angle) * x + np.sin(angle) * y))
    return _mixed(np.clip(wave * rng.uniform(1, 6), -1, 1) / 2 + 0.5, rng)


def checks(side: int, rng: np.random.Generator) -> Floats:
    """Two colours on a board."""
    cells = int(rng.integers(4, 20))
    y, x = np.mgrid[:side, :side] * cells // side
    return _mixed(((x + y) % 2).astype(np.float32), rng)


def _mixed(share: npt.NDArray[np.floating], rng: np.random.Generator) -> Floats:
    first, second = rng.uniform(0, 255, (2, 3))
    return np.asarray(share[..., None] * first + (1 - share[..., None]) * second, np.float32)


def _enlarged(cells: npt.NDArray[np.float64], side: int) -> Floats:
    large = cv2.resize(cells.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.float32).reshape(side, side, -1)
