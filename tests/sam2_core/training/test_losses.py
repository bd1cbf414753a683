import pytest
import torch

from sam2_core.training.losses import LossWeights, dice_loss, focal_loss, object_losses, true_ious


def target() -> torch.Tensor:
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[:, 2:6, 2:6] = True
    return mask


def logits(mask: torch.Tensor) -> torch.Tensor:
    return (mask.float() * 40 - 20)[:, None]


def test_a_right_mask_costs_nothing() -> None:
    losses = object_losses(logits(target()), torch.ones(1, 1), torch.full((1, 1), 20.0), target(), LossWeights())
    assert losses["loss"] < 1e-3


def test_only_the_best_candidate_is_trained_but_all_predicted_ious() -> None:
    candidates = torch.cat([logits(~target()), logits(target())], dim=1).requires_grad_()
    ious = torch.full((1, 2), 0.5, requires_grad=True)
    losses = object_losses(candidates, ious, torch.full((1, 1), 20.0), target(), LossWeights())
    assert losses["dice"] < 1e-3
    assert losses["iou"].item() == pytest.approx(0.25)
    torch.autograd.backward(losses["loss"])
    assert candidates.grad is not None
    assert not candidates.grad[:, 0].any()
    assert ious.grad is not None
    assert ious.grad.tolist() == [[2.0, -2.0]]


def test_masks_of_absent_objects_are_not_trained_but_their_absence_is() -> None:
    absent = torch.zeros(1, 8, 8, dtype=torch.bool)
    losses = object_losses(logits(target()), torch.ones(1, 1), torch.full((1, 1), 5.0), absent, LossWeights())
    assert losses["focal"] == losses["dice"] == losses["iou"] == 0
    assert losses["presence"].item() == pytest.approx(5.0, abs=0.01)


def test_parts_are_weighted() -> None:
    mask, zero = target(), torch.zeros(1, 1, 8, 8)
    losses = object_losses(zero, torch.zeros(1, 1), torch.zeros(1, 1), mask, LossWeights())
    expected = 5 * losses["focal"] + losses["dice"] + 4 * losses["iou"] + losses["presence"]
    assert losses["loss"].item() == pytest.approx(float(expected))


def test_focal_counts_hard_pixels_more() -> None:
    true = torch.ones(1, 1, 1, 1)
    sure, unsure = torch.full((1, 1, 1, 1), 2.0), torch.full((1, 1, 1, 1), -2.0)
    plain = torch.nn.functional.binary_cross_entropy_with_logits
    assert float(focal_loss(unsure, true)) == pytest.approx(0.8808**2 * float(plain(unsure, true)), rel=1e-3)
    assert focal_loss(unsure, true) / focal_loss(sure, true) > plain(unsure, true) / plain(sure, true)


def test_focal_does_not_prefer_the_outside() -> None:
    """Otherwise masks of a model that is often unsure become too small."""
    unsure = torch.full((1, 1, 1, 1), 0.7)
    inside, outside = focal_loss(-unsure, torch.ones(1, 1, 1, 1)), focal_loss(unsure, torch.zeros(1, 1, 1, 1))
    assert float(inside) == pytest.approx(float(outside))


def test_dice_is_one_minus_overlap_and_iou_counts_pixels() -> None:
    half = target().clone()
    half[:, 4:] = False
    true = target().float()[:, None]
    assert float(dice_loss(logits(half), true)) == pytest.approx(1 - 17 / 25, abs=1e-3)
    assert float(true_ious(logits(half), true)) == pytest.approx(0.5)
    assert float(true_ious(logits(~target() & False), true * 0)) == 1.0
