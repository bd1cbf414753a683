"""What a long clip costs: time to the first mask, and how memory grows from frame 100 to the last one."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import torch
from clocks import resident_megabytes
from machine import facts, write_csv

from sam2_core.build_sam import build_sam2_video_predictor_hf
from sam2_core.frames import Pixels, open_frames
from sam2_core.session import CacheLimits, VideoSession
from sam2_core.video.state import FEATURE_BYTES

HEIGHT, WIDTH = 720, 1280
SETTLED = 100  # frames after which everything that is bounded is full


def picture(number: int) -> Pixels:
    """A red and a blue ball going round on a chequered ground."""
    y, x = np.mgrid[0:HEIGHT:1, 0:WIDTH:1]
    ground = np.uint8(90 + (x // 40 + y // 40) % 2 * 12)
    frame = np.ascontiguousarray(np.stack([ground, ground + np.uint8(30), ground], -1))
    for turn, colour in ((0.0, (220, 60, 40)), (np.pi, (50, 70, 210))):
        angle = number / 40 + turn
        centre = (int(WIDTH / 2 + 380 * np.cos(angle)), int(HEIGHT / 2 + 200 * np.sin(angle)))
        cv2.circle(frame, centre, 90, colour, -1)
    return frame


def write_clip(path: Path, frames: int) -> None:
    """An H.264 file of that many pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(25), options={"preset": "ultrafast"})
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        for number in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
        container.mux(stream.encode(None))


def track(path: Path, model: str, image_size: int | None, device: str, features: int) -> list[dict[str, str]]:
    """One row per hundred frames: megabytes resident, seconds since the start."""
    overrides = [] if image_size is None else [f"++model.image_size={image_size}"]
    predictor = build_sam2_video_predictor_hf(model, device=device, hydra_overrides_extra=overrides)
    began = time.perf_counter()
    session = VideoSession(predictor, open_frames(path), cache=CacheLimits(feature_bytes=features))
    opened = time.perf_counter()
    session.add_points(0, "red", [[WIDTH / 2 + 380, HEIGHT / 2]], [1])
    print(f"opened in {opened - began:.2f} s, first mask {time.perf_counter() - opened:.2f} s later", flush=True)
    session.add_points(0, "blue", [[WIDTH / 2 - 380, HEIGHT / 2]], [1])
    rows = []
    for result in session.propagate():
        if result.frame % 100 == 0 or result.frame + 1 == len(session.source):
            report, seconds = session.memory_report(), time.perf_counter() - began
            figures = {"frame": result.frame, "resident MB": round(resident_megabytes(), 1), "seconds": round(seconds)}
            figures |= {"features MB": round(report.features / 1e6, 1)}
            figures |= {"results MB": round(report.results / 1e6, 1), "disk MB": round(report.disk / 1e6, 1)}
            print(figures, flush=True)
            rows.append({name: str(value) for name, value in figures.items()})
    return rows


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=2000)
    parser.add_argument("--model", default="sam2-nano")
    parser.add_argument("--image-size", type=int, default=None, help="side of the model's input; its own by default")
    parser.add_argument("--features", type=int, default=FEATURE_BYTES >> 20, help="MiB of image features that are kept")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--csv", type=Path, default=Path("build/growth.csv"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        write_clip(path, options.frames)
        rows = track(path, options.model, options.image_size, options.device, options.features << 20)
    settled = [float(row["resident MB"]) for row in rows if int(row["frame"]) >= SETTLED]
    if settled:
        print(f"growth from frame {SETTLED} to {rows[-1]['frame']}: {settled[-1] - settled[0]:.1f} MB")
    write_csv(options.csv, [row | facts(torch.device(options.device)) for row in rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
