"""Clips as training reads them: composed ones without end, and windows of real ones laid out like DAVIS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sam2_core.errors import TrainingError
from sam2_core.training.augment import Augmentation, object_masks, placement, recolour, warp_image, warp_labels
from sam2_core.training.measured_sets import Clip, read_labels, read_rgb
from sam2_core.training.pictures import Pictures, Pixels
from sam2_core.training.scenes import Scene, SceneRecipe, compose

Bools = npt.NDArray[np.bool_]
_SMALLEST = 0.001  # share of the first frame that an object must fill to be asked for
_TRIES = 20


class Clips(Protocol):
    """What clips are drawn from."""

    def draw(self, rng: np.random.Generator, frames: int) -> Scene:
        """A clip of `frames` frames at random."""
        ...


class SceneClips:
    """Composed clips of square frames."""

    def __init__(self, pictures: Pictures | None, side: int, how: SceneRecipe) -> None:
        self.pictures, self.side, self.how = pictures, side, how

    def draw(self, rng: np.random.Generator, frames: int) -> Scene:
        """A composed clip."""
        return compose(self.pictures, rng, side=self.side, frames=frames, how=self.how)


class FolderClips:
    """Windows of annotated clips, every frame or every second or third, all of whose frames have annotations."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        self.clips = list(clips)

    def draw(self, rng: np.random.Generator, frames: int) -> Scene:
        """A window of a clip; the last frame is repeated where a clip is too short."""
        clip = self.clips[int(rng.integers(len(self.clips)))]
        known = sorted(clip.truth)
        stride = int(rng.integers(1, 1 + max(1, min(3, len(known) // frames))))
        first = int(rng.integers(max(1, len(known) - stride * (frames - 1))))
        chosen = [known[min(first + stride * i, len(known) - 1)] for i in range(frames)]
        return Scene(
            tuple(read_rgb(clip.frames[frame]) for frame in chosen),
            tuple(read_labels(clip.truth[frame]).astype(np.uint16) for frame in chosen),
        )


@dataclass(frozen=True, slots=True)
class ClipExample:
    """images uint8 (T, S, S, 3) and masks bool (T, M, S, S); on the first frame no mask is empty."""

    images: Pixels
    masks: Bools


def clip_example(
    clips: Clips, rng: np.random.Generator, *, size: int, frames: int, objects: int, how: Augmentation
) -> ClipExample:
    """An example; all frames are changed alike, and every second clip runs backwards.

    Raises:
        TrainingError: no object was found in many clips.
    """
    for _ in range(_TRIES):
        scene = clips.draw(rng, frames)
        order = list(range(frames))[:: -1 if rng.random() < 0.5 else 1]
        matrix = placement(scene.frames[0].shape[:2], size, rng, how)
        first = warp_labels(scene.labels[order[0]], matrix, size)
        values, areas = np.unique(first, return_counts=True)
        seen = values[(values > 0) & (areas >= _SMALLEST * size * size)]
        if not len(seen):
            continue
        chosen = [int(v) for v in rng.choice(seen, objects, replace=len(seen) < objects)]
        seed = int(rng.integers(2**32))  # one change of colour for all frames
        images = [
            recolour(warp_image(scene.frames[i], matrix, size), np.random.default_rng(seed), how.colour) for i in order
        ]
        masks = [object_masks(scene.labels[i], chosen, matrix, size) for i in order]
        return ClipExample(np.stack(images), np.stack(masks))
    raise TrainingError(f"No object was found on the first frame of {_TRIES} training clips; are the masks empty?")
