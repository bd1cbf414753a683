"""Small components: eight-connected, by area, found in the logits as given."""

import torch

from sam2_core.ops.components import clean_up, fill_holes, small_components


def _plane(rows):
    """Logits (1, 1, H, W): +1 where a row has '#', else -1."""
    return torch.tensor([[1.0 if c == "#" else -1.0 for c in row] for row in rows])[None, None]


HOLES = _plane(["#######", "#.##..#", "##.#..#", "#######"])


def test_diagonal_neighbours_are_one_component():
    small = small_components(HOLES <= 0, 2)
    assert small.sum() == 2
    assert small[0, 0, 1, 1]
    assert small[0, 0, 2, 2]


def test_holes_up_to_the_area_are_filled():
    filled = fill_holes(HOLES, 2)
    assert (filled <= 0).sum() == 4
    assert torch.isclose(filled[0, 0, 1, 1], torch.tensor(0.1))
    assert (fill_holes(HOLES, 4) > 0).all()
    assert fill_holes(HOLES, 0) is HOLES


def test_planes_are_independent():
    two = torch.cat([HOLES, -HOLES])
    filled = fill_holes(two, 2)
    assert torch.equal(filled[0], fill_holes(HOLES, 2)[0])
    assert (filled[1] <= 0).sum() == (two[1] <= 0).sum()


def test_holes_and_islands_are_found_in_the_logits_as_given():
    ring = _plane([".....", ".###.", ".#.#.", ".###.", "....."])
    cleaned = clean_up(ring, max_hole_area=1, max_island_area=8, threshold=0.0)
    assert cleaned[0, 0, 2, 2] == 10.0
    assert (cleaned[0, 0] == -10.0).sum() == 8


def test_clean_up_keeps_candidates_apart():
    candidates = torch.cat([HOLES, -HOLES], dim=1)  # (1, 2, H, W)
    cleaned = clean_up(candidates, max_hole_area=2, max_island_area=0, threshold=0.0)
    assert cleaned.shape == candidates.shape
    assert (cleaned[0, 0] > 0).sum() == 24
    assert torch.equal(cleaned[0, 1], candidates[0, 1])
