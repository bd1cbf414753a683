"""Composed scenes: objects of pictures and drawn shapes over pictures and textures, with exact masks, without limit.

`python -m sam2_core.training.scenes --out FOLDER` writes pictures with an index (a folder for training); with
`--frames` it writes clips laid out like DAVIS, in which things move, bend, hide each other, leave and return.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from sam2_core.errors import TrainingError
from sam2_core.training.command import run_command
from sam2_core.training.cutouts import Cutout, cutout
from sam2_core.training.motion import Track, placed, track
from sam2_core.training.pictures import INDEX, Labelled, Labels, Pictures, Pixels, read_sets
from sam2_core.training.textures import texture


@dataclass(frozen=True, slots=True)
class SceneRecipe:
    """What scenes are made of; shares are probabilities.

    things: most labelled things; drawn: share of drawn shapes among them; textured: share of backgrounds that are
    textures; alike: share of things that look like the one before; hidden: share of clips with something unlabelled
    passing in front; leaves: share of things that leave a clip and return.
    """

    things: int = 5
    drawn: float = 0.35
    textured: float = 0.25
    alike: float = 0.15
    hidden: float = 0.5
    leaves: float = 0.25


@dataclass(frozen=True, slots=True)
class Scene:
    """Frames uint8 (S, S, 3) RGB with labels uint16 (S, S): 0 background, 1..N the things, where they are seen."""

    frames: tuple[Pixels, ...]
    labels: tuple[Labels, ...]


def compose(
    pictures: Pictures | None, rng: np.random.Generator, *, side: int, frames: int = 1, how: SceneRecipe
) -> Scene:
    """A scene; everything about it follows from `rng`. Without pictures it is made of drawn shapes and textures."""
    ground, pan = _background(pictures, rng, side, how), _pan(frames, rng)
    things: list[tuple[Cutout, Track, int]] = []
    for number in range(int(rng.integers(1, how.things + 1))):
        if things and rng.random() < how.alike:
            thing = _alike(things[-1][0], rng)
        else:
            thing = cutout(pictures, rng, drawn=how.drawn)
        things.append((thing, track(frames, rng, leaves=rng.random() < how.leaves), number + 1))
    if frames > 1 and rng.random() < how.hidden:
        things.append((cutout(pictures, rng, drawn=0.5), track(frames, rng, leaves=False, largest=0.4), 0))
    finish = Finish(rng)
    shown: list[Pixels] = []
    labels: list[Labels] = []
    for frame in range(frames):
        under = cv2.warpAffine(ground, pan[frame] * [1, 1, side], (side, side), borderMode=cv2.BORDER_REFLECT_101)
        picture, found = paint(np.asarray(under, np.uint8), things, frame)
        shown.append(finish(picture))
        labels.append(found)
    return Scene(tuple(shown), tuple(labels))


def paint(ground: Pixels, things: Sequence[tuple[Cutout, Track, int]], frame: int) -> tuple[Pixels, Labels]:
    """Things with their labels over a background, the last one in front; a pixel belongs to what fills half of it."""
    side = ground.shape[0]
    picture, labels = ground.astype(np.float32), np.zeros((side, side), np.uint16)
    for thing, way, label in things:
        pixels, cover = placed(thing, way, frame, side)
        picture += cover[..., None] * (pixels - picture)
        labels[cover >= 0.5] = label
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8), labels


class ScenePictures:
    """Composed pictures as a source for training."""

    def __init__(self, pictures: Pictures | None, side: int, how: SceneRecipe) -> None:
        self.pictures, self.side, self.how = pictures, side, how

    def draw(self, rng: np.random.Generator) -> Labelled:
        """A scene of one frame."""
        scene = compose(self.pictures, rng, side=self.side, how=self.how)
        return Labelled(scene.frames[0], scene.labels[0])


class Mixed:
    """Pictures of one source, and with probability `share` of another."""

    def __init__(self, pictures: Pictures, other: Pictures, share: float) -> None:
        self.pictures, self.other, self.share = pictures, other, share

    def draw(self, rng: np.random.Generator) -> Labelled:
        """A picture of either."""
        return (self.other if rng.random() < self.share else self.pictures).draw(rng)


def _background(pictures: Pictures | None, rng: np.random.Generator, side: int, how: SceneRecipe) -> Pixels:
    if pictures is None or rng.random() < how.textured:
        return texture(side, rng)
    image = pictures.draw(rng).image
    return np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)


def _pan(frames: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Affine maps (T, 2, 3) of a background that slowly moves and grows; shifts as shares of the side."""
    shift = rng.normal(0, 0.004, (frames, 2)).cumsum(0) + np.arange(frames)[:, None] * rng.normal(0, 0.008, 2)
    growth = 1 + np.arange(frames) * rng.uniform(-0.006, 0.006)
    maps = np.zeros((frames, 2, 3))
    maps[:, 0, 0] = maps[:, 1, 1] = growth
    maps[:, :, 2] = shift
    return maps


def _alike(thing: Cutout, rng: np.random.Generator) -> Cutout:
    """The same thing mirrored, in a slightly other colour."""
    tint = rng.uniform(0.8, 1.2, 3)
    pixels = np.clip(thing.pixels[:, ::-1] * tint, 0, 255).astype(np.uint8)
    return Cutout(np.ascontiguousarray(pixels), np.ascontiguousarray(thing.cover[:, ::-1]))


class Finish:
    """Softness, noise and compression over a whole frame, so that seams tell nothing."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.soft = rng.uniform(0.4, 1.0) if rng.random() < 0.5 else 0.0
        self.noise, self.quality = rng.uniform(0, 6), int(rng.integers(60, 96))

    def __call__(self, picture: Pixels) -> Pixels:
        """The frame as a camera would have given it."""
        if self.soft:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), self.soft), np.uint8)
        grain = self.rng.standard_normal(picture.shape[:2], dtype=np.float32)[..., None] * np.float32(self.noise)
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
        done, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        assert done
        return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write scenes."""
    parser = argparse.ArgumentParser(
        prog="python -m sam2_core.training.scenes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--out", type=Path, required=True, help="new folder for the scenes")
    add("--data", type=Path, nargs="+", help="folders of labelled pictures to cut from; without them drawn shapes only")
    add("--count", type=int, default=24, help="pictures or clips to write (%(default)s)")
    add("--frames", type=int, default=1, help="frames of a clip; 1 writes pictures (%(default)s)")
    add("--side", type=int, default=512, help="side of the pictures (%(default)s)")
    add("--seed", type=int, default=0, help="everything follows from it (%(default)s)")
    return run_command(partial(_write, parser.parse_args(arguments)))


def _write(options: argparse.Namespace) -> None:
    for name in ("count", "frames", "side"):
        if getattr(options, name) < 1:
            raise ValueError(f"--{name} must be at least 1.")
    if options.out.exists() and any(options.out.iterdir()):
        raise TrainingError(f"{options.out} is not empty; name a new folder.")
    pictures = read_sets(options.data, "train") if options.data else None
    how = SceneRecipe() if options.data else replace(SceneRecipe(), drawn=1.0, textured=1.0)
    lines = []
    for number in range(options.count):
        rng = np.random.default_rng((options.seed, number))
        scene = compose(pictures, rng, side=options.side, frames=options.frames, how=how)
        if options.frames > 1:
            _write_clip(options.out, f"scene-{number:04}", scene)
            continue
        names = {"image": f"images/{number:05}.png", "mask": f"masks/{number:05}.png"}
        _save(options.out / names["image"], scene.frames[0])
        _save(options.out / names["mask"], scene.labels[0].astype(np.uint8))
        lines.append(json.dumps({**names, "set": "scenes", "split": "val" if number % 10 == 9 else "train"}) + "\n")
    if lines:
        (options.out / INDEX).write_text("".join(lines), encoding="utf-8")
    print(f"{options.count} scenes written to {options.out}.")


def _write_clip(out: Path, name: str, scene: Scene) -> None:
    for number, (frame, labels) in enumerate(zip(scene.frames, scene.labels, strict=True)):
        _save(out / "JPEGImages" / "480p" / name / f"{number:05}.png", frame)
        _save(out / "Annotations" / "480p" / name / f"{number:05}.png", labels.astype(np.uint8))


def _save(path: Path, pixels: Pixels) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


if __name__ == "__main__":
    sys.exit(main())
