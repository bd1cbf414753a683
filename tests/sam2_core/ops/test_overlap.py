"""Objects that compete for a pixel."""

import torch

from sam2_core.ops.overlap import keep_apart


def _logits(*rows):
    return torch.tensor(rows)[:, None, None, :]  # (N, 1, 1, W)


def test_only_the_largest_keeps_its_value():
    apart = keep_apart(_logits([5.0, 1.0, -3.0], [2.0, 4.0, -20.0]))
    assert torch.equal(apart, _logits([5.0, -10.0, -3.0], [-10.0, 4.0, -20.0]))


def test_on_ties_the_first_wins():
    assert torch.equal(keep_apart(_logits([2.0], [2.0])), _logits([2.0], [-10.0]))


def test_a_single_object_is_left_as_it_is():
    alone = _logits([-3.0, 2.0])
    assert keep_apart(alone) is alone
