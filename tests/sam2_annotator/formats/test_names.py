"""Names that every system takes."""

import pytest

from sam2_annotator.formats.names import export_names, frame_name, natural_key, safe_name
from support.datasets import CLIP, named


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("größe ñ 猫.png", "größe ñ 猫.png"),
        ("gro\u0308ße.png", "größe.png"),
        ("CON.png", "_CON.png"),
        ("nul", "_nul"),
        ("com1.tar.png", "_com1.tar.png"),
        ("a:b", "a_b"),
        ('x<y>"|?*\\z.png', "x_y______z.png"),
        ("up/../down", "up_.._down"),
        ("dots...", "dots"),
        (" both ends ", "_both ends_"),
        ("tab\there", "tab_here"),
        ("caf\udce9.png", "caf_.png"),
        ("", "_"),
        ("..", "_"),
        (".hidden", ".hidden"),
        ("é" * 200 + ".png", "é" * 48 + ".png"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) <= 100


def test_names_differ_even_where_case_does_not_count() -> None:
    view = named("a.png", "A.png", "a:b", "a?b", "a_b", "a_2.png")
    names = export_names(view.media())
    assert len({name.casefold() for name in names.values()}) == 6
    assert names == export_names(reversed(view.media()))


def test_numbers_sort_by_value() -> None:
    names = ["a10", "a2", "b", "A1", "a", "2", "10"]
    assert sorted(names, key=natural_key) == ["2", "10", "a", "A1", "a2", "a10", "b"]


def test_frames_have_their_own_name_or_a_number() -> None:
    assert frame_name(CLIP, "v1", 12) == "v1/000012.jpg"
    folder = type(CLIP)(1, "video", "f", CLIP.path, 8, 6, frames=2, frame_names=("x.png", "y.png"))
    assert frame_name(folder, "f", 1) == "f/y.png"
