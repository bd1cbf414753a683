"""The side of the model's input."""

import pytest

from sam2_annotator.values.input_size import InputSize, Quality, usable


@pytest.mark.parametrize(
    ("own", "sides"), [(1024, (1024, 768, 512)), (512, (512, 384, 256)), (96, (96, 64, 64)), (32, (32, 32, 32))]
)
def test_qualities_are_shares_of_the_own_side_in_steps_of_32(own, sides):
    assert tuple(InputSize(quality).of(own) for quality in Quality) == sides


def test_a_side_is_taken_as_it_is():
    assert InputSize(Quality.FAST, 640).of(1024) == 640


def test_sides_that_models_take():
    assert [side for side in (-32, 0, 31, 32, 500, 512, 2048, 2080) if usable(side)] == [32, 512, 2048]
