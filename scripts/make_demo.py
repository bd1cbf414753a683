"""Makes the demo clip from the bundled photographs and drawn objects.

    python scripts/make_demo.py            # writes resources/demo/clip.mp4

A camera drifts over a table; a ball rolls behind a post, leaves the picture and comes back; a cat's portrait
glides by. Everything is computed from the frame number, so the clip is the same every time.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sam2_annotator.media.encode import write_clip

DEMO = Path(__file__).resolve().parent.parent / "resources" / "demo"
WIDTH, HEIGHT, FRAMES, FPS = 640, 360, 96, 24
POST = (372, 30)  # left edge and width on the table, in scene pixels
BALL_RADIUS = 36

Picture = NDArray[np.uint8]
Alpha = NDArray[np.float32]


def photograph(name: str) -> Picture:
    """RGB (H, W, 3) of a bundled photograph."""
    picture = cv2.imread(str(DEMO / name), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(f"{DEMO / name} is missing; restore it from the repository")
    return np.asarray(picture[:, :, ::-1], np.uint8)


def paste(scene: Picture, patch: Picture, alpha: Alpha, x: float, y: float) -> None:
    """Blend `patch` (h, w, 3) with coverage `alpha` (h, w) onto `scene`, its centre at (x, y), in place."""
    height, width = alpha.shape
    shift = np.array([[1, 0, x - width / 2], [0, 1, y - height / 2]], np.float32)
    size = (scene.shape[1], scene.shape[0])
    moved = cv2.warpAffine(patch, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(alpha, shift, size, flags=cv2.INTER_LINEAR, borderValue=0)[:, :, None]
    scene[:] = np.rint(scene * (1 - cover) + moved * cover).astype(np.uint8)


def disc(radius: int) -> tuple[NDArray[np.float32], NDArray[np.float32], Alpha]:
    """Coordinates from -1 to 1 over a square and the smooth coverage of the disc inside it."""
    axis = (np.arange(2 * radius + 4, dtype=np.float32) + np.float32(0.5 - radius - 2)) / np.float32(radius)
    x, y = (plane.astype(np.float32) for plane in np.meshgrid(axis, axis))
    return x, y, np.clip((1 - np.hypot(x, y)) * radius + 0.5, 0, 1).astype(np.float32)


def ball(angle: float) -> tuple[Picture, Alpha]:
    """A shaded beach ball with six sectors, turned by `angle` radians."""
    x, y, cover = disc(BALL_RADIUS)
    sector = np.floor((np.arctan2(y, x) + angle) / (math.pi / 3)).astype(int) % 2
    colour = np.where(sector[..., None] == 0, np.array([28, 110, 205]), np.array([245, 240, 225]))
    light = np.clip(1.15 - 0.75 * np.hypot(x + 0.35, y + 0.4), 0.35, 1.15)[..., None]
    return np.clip(colour * light, 0, 255).astype(np.uint8), cover


def portrait(scale: float) -> tuple[Picture, Alpha]:
    """The cat's face cut out as an ellipse."""
    face = photograph("chelsea.jpg")[8:268, 96:336]
    height, width = round(face.shape[0] * scale), round(face.shape[1] * scale)
    face = np.asarray(cv2.resize(face, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    cover = np.zeros((height, width), np.uint8)
    cv2.ellipse(cover, (width // 2, height // 2), (width // 2 - 2, height // 2 - 2), 0, 0, 360, 255, -1, cv2.LINE_AA)
    return face, (cover / 255).astype(np.float32)


def draw_post(scene: Picture, left: float) -> None:
    """A striped post the ball rolls behind."""
    columns = np.arange(scene.shape[1]) - left
    inside = (columns >= 0) & (columns < POST[1])
    shade = np.sin(np.clip(columns / POST[1], 0, 1) * math.pi) * 0.6 + 0.4
    stripes = np.where((np.arange(scene.shape[0]) // 28 % 2)[:, None], 205, 60)
    scene[:, inside] = (stripes * shade[inside])[:, :, None].astype(np.uint8)


def frame(t: int, table: Picture, face: tuple[Picture, Alpha]) -> Picture:
    """Frame `t` as RGB (HEIGHT, WIDTH, 3)."""
    phase = 2 * math.pi * t / FRAMES
    drift_x, drift_y = 60 + 40 * math.sin(phase), 30 + 18 * math.sin(2 * phase)
    view = np.array([[1, 0, -drift_x], [0, 1, -drift_y]], np.float32)
    scene = np.asarray(cv2.warpAffine(table, view, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR), np.uint8)
    paste(scene, *face, 500 - drift_x + 60 * math.sin(phase + 1), 130 - drift_y + 12 * math.sin(3 * phase))
    rolled = 120 + 420 * (1 - math.cos(phase))  # from the left beyond the right border and back
    paste(scene, *ball(rolled / BALL_RADIUS), rolled - drift_x, 322 - drift_y)
    draw_post(scene, POST[0] - drift_x)
    return scene


def main() -> int:
    """Write the clip."""
    table = cv2.resize(photograph("coffee.jpg"), (780, 520), interpolation=cv2.INTER_CUBIC)
    table = cv2.GaussianBlur(table, (0, 0), 28)
    face = portrait(0.55)
    write_clip(DEMO / "clip.mp4", (frame(t, np.asarray(table, np.uint8), face) for t in range(FRAMES)), fps=FPS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
