"""Where the candidates lie."""

import pytest

from sam2_annotator.ui.canvas.strip_place import StripPlace, around, place_strip

CANVAS = (900, 700)
FLAT, UPRIGHT = (270, 110), (100, 260)
NOTHING = (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("picture", "place"),
    [
        ((0, 0, 770, 700), StripPlace(788, 12, upright=True)),
        ((130, 0, 900, 700), StripPlace(12, 12, upright=True)),
        ((0, 140, 900, 700), StripPlace(618, 12)),
        ((0, 0, 900, 560), StripPlace(618, 578)),
    ],
)
def test_beside_the_picture_where_there_is_room(picture: tuple[float, ...], place: StripPlace) -> None:
    assert place_strip(CANVAS, picture, NOTHING, flat=FLAT, upright=UPRIGHT) == place


@pytest.mark.parametrize(
    ("clear", "corner"),
    [
        ((300, 200, 500, 400), (618, 12)),
        ((700, 50, 850, 300), (12, 12)),
        ((0, 0, 900, 300), (618, 578)),
        ((0, 0, 900, 700), (618, 12)),
        ((5, 5, 880, 690), (618, 12)),
    ],
)
def test_over_the_picture_it_keeps_clear_of_the_candidates(clear: tuple[float, ...], corner: tuple[int, int]) -> None:
    place = place_strip(CANVAS, (-50, -50, 950, 750), clear, flat=FLAT, upright=UPRIGHT)
    assert (place.x, place.y) == corner
    assert not place.upright


def test_a_tiny_canvas_keeps_it_inside() -> None:
    assert place_strip((200, 100), (0, 0, 200, 100), NOTHING, flat=FLAT, upright=UPRIGHT) == StripPlace(12, 12)


def test_around() -> None:
    assert around((1, 5, 3, 6), (2, 0, 9, 1)) == (1, 0, 9, 6)
