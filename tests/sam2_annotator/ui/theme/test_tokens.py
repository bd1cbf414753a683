import itertools

import pytest

from sam2_annotator.ui.theme.tokens import THEMES, Tokens, contrast

SURFACES = ("window", "panel", "raised", "field")


def pairs(tokens: Tokens, fronts: tuple[str, ...], backs: tuple[str, ...]) -> list[tuple[str, str, float]]:
    return [
        (front, back, contrast(getattr(tokens, front), getattr(tokens, back)))
        for front, back in itertools.product(fronts, backs)
    ]


def test_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_text_is_readable_on_every_surface(tokens: Tokens) -> None:
    texts = ("text", "text_muted", "link", "success", "warning", "danger")
    low = [pair for pair in pairs(tokens, texts, SURFACES) if pair[2] < 4.5]
    low += [pair for pair in pairs(tokens, ("text",), ("hover",)) if pair[2] < 4.5]
    low += [pair for pair in pairs(tokens, ("on_selection",), ("selection",)) if pair[2] < 4.5]
    low += [pair for pair in pairs(tokens, ("on_accent",), ("accent", "accent_hover")) if pair[2] < 4.5]
    assert low == []


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_icons_rings_and_edges_are_seen_on_every_surface(tokens: Tokens) -> None:
    marks = ("icon", "control", "focus", "accent")
    assert [pair for pair in pairs(tokens, marks, (*SURFACES, "lane")) if pair[2] < 3.0] == []


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_the_canvas_surround_is_neutral_grey(tokens: Tokens) -> None:
    assert tokens.canvas[1:3] == tokens.canvas[3:5] == tokens.canvas[5:7]
