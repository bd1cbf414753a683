"""Writing clips."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

from sam2_annotator.errors import MediaError
from sam2_annotator.media.source import Pixels

# Good to the eye at a modest size: x264 by constant quality, MPEG-4 part 2 by its quantiser.
ENCODERS = (("libx264", {"crf": "20", "preset": "medium"}), ("mpeg4", {"qmin": "3", "qmax": "5"}))


def write_clip(path: Path, frames: Iterable[Pixels], *, fps: float | Fraction) -> None:
    """Write uint8 RGB frames (H, W, 3) of one size to a new clip; the container follows the name (.mp4, .mkv, .avi).

    H.264 where it is at hand, else MPEG-4. Odd sides gain one row or column, which these codecs need. The file appears
    when it is whole. Raises MediaError when it cannot be written, ValueError for no frames or frames of two sizes.
    """
    temporary = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        _encode(temporary, frames, Fraction(fps).limit_denominator(1001))
        temporary.replace(path)
    except (OSError, av.FFmpegError) as error:
        raise MediaError(
            f"{path.name} could not be written.",
            hint="Check that the folder exists, can be written to and has room.",
            details=str(error),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _encode(path: Path, frames: Iterable[Pixels], rate: Fraction) -> None:
    remaining = iter(frames)
    first = next(remaining, None)
    if first is None:
        raise ValueError("a clip needs at least one frame")
    height, width = first.shape[:2]
    encoder, options = next(entry for entry in ENCODERS if entry[0] in av.codecs_available)
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(encoder, rate=rate, options=options))
        stream.height, stream.width = height + height % 2, width + width % 2
        stream.pix_fmt = "yuv420p"
        for pixels in chain([first], remaining):
            if pixels.shape != first.shape:
                raise ValueError(f"frames of two sizes: {first.shape} and {pixels.shape}")
            even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        container.mux(stream.encode())
