"""Masks that are roughly right."""

import torch

from sam2_core.training.damage import damaged


def squares(count: int = 40) -> torch.Tensor:
    masks = torch.zeros(count, 64, 64, dtype=torch.bool)
    masks[:, 20:40, 24:48] = True
    return masks


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_masks_become_larger_smaller_moved_or_partial_but_stay_near() -> None:
    true = squares()
    found = damaged(true, generator(1))
    common = (found & true).flatten(1).sum(1)
    ious = common / (found | true).flatten(1).sum(1)
    areas = found.flatten(1).sum(1)
    assert ious.min() > 0.05
    assert (ious < 0.999).float().mean() > 0.7
    assert (areas > 480).any()
    assert (areas < 480).any()
    assert ((areas == 480) & (ious < 1)).any(), "some are moved"
    assert len(areas.unique()) > 6, "parts are cut off at random"


def test_the_same_seed_damages_alike_and_nothing_vanishes() -> None:
    dots = torch.zeros(30, 16, 16, dtype=torch.bool)
    dots[:, 0, 0] = True
    found = damaged(dots, generator(2))
    assert found.equal(damaged(dots, generator(2)))
    assert found.flatten(1).any(1).all()
    assert not found.equal(damaged(dots, generator(3)))
