import numpy as np
import pytest
from PySide6.QtGui import QImage

from sam2_annotator.ui.canvas.adjusting import AdjustedPyramid, table
from sam2_annotator.ui.canvas.render import frame_pyramid
from sam2_annotator.values.adjustment import Adjustment

RAMP = np.repeat(np.arange(64, 192, dtype=np.uint8)[np.newaxis, :, np.newaxis], 3, axis=2)
BLUE, GREEN, RED, UNUSED = range(4)


def test_nothing_set_changes_nothing() -> None:
    values = table(Adjustment(), RAMP)
    assert values.shape == (1, 256, 4)
    for channel in range(4):
        assert np.array_equal(values[0, :, channel], np.arange(256))


@pytest.mark.parametrize(
    ("adjustment", "dark", "middle", "bright"),
    [
        (Adjustment(brightness=0.2), 1, 1, 1),
        (Adjustment(brightness=-0.2), -1, -1, -1),
        (Adjustment(contrast=0.5), -1, 0, 1),
        (Adjustment(gamma=2.0), 1, 1, 1),
        (Adjustment(stretch=True), -1, 0, 1),
    ],
)
def test_values_go_the_right_way_and_never_cross(adjustment: Adjustment, dark: int, middle: int, bright: int) -> None:
    tone = table(adjustment, RAMP)[0, :, RED].astype(int)
    assert (np.diff(tone) >= 0).all()
    for value, way in ((70, dark), (127, middle), (180, bright)):
        assert np.sign((tone[value] - value) // 2) == way or abs(tone[value] - value) < 3


def test_a_stretch_uses_the_whole_range() -> None:
    tone = table(Adjustment(stretch=True), RAMP)[0, :, RED]
    assert tone[64] == 0
    assert tone[191] == 255


def test_a_picture_of_one_value_can_be_stretched() -> None:
    flat = np.full((4, 4, 3), 9, np.uint8)
    assert table(Adjustment(stretch=True), flat).dtype == np.uint8


def test_channels_that_are_not_shown_are_black() -> None:
    values = table(Adjustment(channels=(True, False, True)), RAMP)
    assert not values[0, :, GREEN].any()
    assert values[0, 255, RED] == values[0, 255, BLUE] == 255


@pytest.mark.parametrize("zoom", [4.0, 1.0, 0.3])
def test_only_the_level_that_shows_is_adjusted_and_the_base_stays(zoom: float) -> None:
    base = frame_pyramid(RAMP.repeat(16, axis=0))
    shown = AdjustedPyramid(base, table(Adjustment(brightness=1.0), RAMP))
    shown.prepare(zoom)
    image = shown.image(zoom)
    assert image.format() == QImage.Format.Format_RGB32
    assert image.pixelColor(0, 0).getRgb()[:3] == (255, 255, 255)
    assert base.image(zoom).pixelColor(0, 0).red() < 80
    assert shown.nbytes == base.nbytes + image.sizeInBytes()
