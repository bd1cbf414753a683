"""Drawn pictures and clips as files, and a listener that remembers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]


def picture(*, width: int = 96, height: int = 64, centre: tuple[int, int] = (30, 32), radius: int = 14) -> Pixels:
    """A red disc on a grey ground, uint8 RGB (height, width, 3)."""
    y, x = np.mgrid[0:height, 0:width]
    disc = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2
    return np.where(disc[..., None], np.array([220, 40, 30]), np.array([90, 100, 110])).astype(np.uint8)


def picture_file(path: Path, *, width: int = 96, height: int = 64, centre: tuple[int, int] = (30, 32)) -> Path:
    """Write the picture; returns `path`."""
    Image.fromarray(picture(width=width, height=height, centre=centre)).save(path)
    return path


def frames_folder(path: Path, frames: int, *, width: int = 96, height: int = 64) -> Path:
    """A folder of pictures in which the disc moves 3 px to the right per frame; returns `path`."""
    path.mkdir()
    for number in range(frames):
        pixels = picture(width=width, height=height, centre=(30 + 3 * number, 32))
        Image.fromarray(pixels).save(path / f"{number:03d}.png")
    return path


def video_file(path: Path, frames: int, *, width: int = 96, height: int = 64) -> Path:
    """The same as a video of 10 frames per second; returns `path`."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            pixels = picture(width=width, height=height, centre=(30 + 3 * number, 32))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path


class Memory:
    """A jobs.listener.Listener that keeps what it was told."""

    def __init__(self) -> None:
        self.activities: list[str] = []
        self.counts: list[tuple[int, int]] = []
        self.warnings: list[str] = []

    def activity(self, text: str, fraction: float | None = None) -> None:
        """Keep the text."""
        self.activities.append(text)

    def frames(self, done: int, total: int, *, rate: float, seconds_left: float | None) -> None:
        """Keep the counts."""
        self.counts.append((done, total))

    def warn(self, message: str) -> None:
        """Keep the sentence."""
        self.warnings.append(message)
