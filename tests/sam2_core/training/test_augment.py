import numpy as np
import pytest

from sam2_core.errors import TrainingError
from sam2_core.training.augment import Augmentation, example, placement, warp_image
from sam2_core.training.pictures import Labelled
from support.toy_pictures import toy_picture

STILL = Augmentation(flip=False, crop=0.0, turn=0.0, colour=0.0)


class One:
    """A single picture, drawn always."""

    def __init__(self, picture: Labelled) -> None:
        self.picture = picture

    def draw(self, rng: np.random.Generator) -> Labelled:
        """The picture."""
        return self.picture


def toy() -> Labelled:
    image, labels = toy_picture(np.random.default_rng(0))
    return Labelled(image, labels.astype(np.uint16))


def test_without_changes_only_the_size_changes() -> None:
    got = example(One(toy()), np.random.default_rng(0), size=48, objects=2, how=STILL)
    assert np.array_equal(got.image, toy().image)
    masks = {mask.tobytes() for mask in got.masks}
    assert masks == {(toy().labels == value).tobytes() for value in (1, 2)}


def test_masks_follow_their_pixels_through_every_change() -> None:
    how = Augmentation(colour=0.0)
    for seed in range(20):
        got = example(One(toy()), np.random.default_rng(seed), size=96, objects=2, how=how)
        for mask in got.masks:
            inside = got.image[mask].astype(int)
            alike = (inside[:, 1] > 150).mean(), ((inside[:, 0] > 150) & (inside[:, 1] < 120)).mean()
            assert max(alike) > 0.9


def test_the_same_seed_gives_the_same_example_and_another_a_different_one() -> None:
    first, again, other = (
        example(One(toy()), np.random.default_rng(seed), size=64, objects=1, how=Augmentation()) for seed in (5, 5, 6)
    )
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.masks, again.masks)
    assert not np.array_equal(first.image, other.image)


def test_fewer_objects_than_asked_for_come_twice() -> None:
    got = example(One(toy()), np.random.default_rng(0), size=64, objects=5, how=STILL)
    assert got.masks.shape == (5, 64, 64)
    assert got.masks.any((1, 2)).all()


def test_pictures_without_objects_end_in_a_sentence() -> None:
    empty = Labelled(toy().image, np.zeros_like(toy().labels))
    with pytest.raises(TrainingError, match="No object was found"):
        example(One(empty), np.random.default_rng(0), size=64, objects=1, how=STILL)


def test_a_large_picture_is_softened_before_it_is_shrunk() -> None:
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    matrix = placement((256, 256), 32, np.random.default_rng(0), STILL)
    assert np.ptp(warp_image(stripes, matrix, 32)) < 40
