import pytest

from sam2_annotator.ui.actions.fuzzy import fit


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("pf", "Propagate forward", "Open pictures or video from a file"),
        ("undo", "Undo", "Open under another name, do"),
        ("fr on", "Frame on", "Ten frames on"),
        ("zoom", "Zoom in", "Fit zero or one meter"),
    ],
)
def test_what_is_meant_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = fit(typed, better), fit(typed, worse)
    assert first is not None
    assert second is None or first > second


def test_letters_that_are_missing_or_in_another_order_do_not_fit() -> None:
    assert fit("xyz", "Undo") is None
    assert fit("odnu", "Undo") is None
    assert fit("", "Undo") is not None
