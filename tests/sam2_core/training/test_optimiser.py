import pytest
import torch
from torch import nn

from sam2_core.training.optimiser import Averaged, Schedule, make_optimizer


def test_the_step_size_warms_up_and_falls_to_a_floor() -> None:
    schedule = Schedule(steps=110, lr=1.0, warmup=10)
    assert [schedule.rate(step) for step in (0, 9, 10)] == pytest.approx([0.1, 1.0, 1.0])
    assert schedule.rate(60) == pytest.approx(0.51)
    assert schedule.rate(110) == schedule.rate(500) == pytest.approx(0.02)


def test_the_encoder_goes_slower_and_vectors_do_not_decay() -> None:
    parameters = {
        "image_encoder.trunk.w": nn.Parameter(torch.ones(2, 2)),
        "sam_mask_decoder.b": nn.Parameter(torch.ones(2)),
        "sam_mask_decoder.mask_tokens.weight": nn.Parameter(torch.ones(4, 2)),
        "sam_mask_decoder.w": nn.Parameter(torch.ones(2, 2)),
    }
    schedule = Schedule(steps=10, lr=1.0, warmup=0, encoder_share=0.25)
    optimizer = make_optimizer(parameters, schedule)
    schedule.apply(optimizer, 0)
    found = {id(p): (g["lr"], g["weight_decay"]) for g in optimizer.param_groups for p in g["params"]}
    assert [found[id(p)] for p in parameters.values()] == [(0.25, 0.05), (1.0, 0.0), (1.0, 0.0), (1.0, 0.05)]


def test_the_average_follows_and_changes_places() -> None:
    parameters = {"w": nn.Parameter(torch.zeros(1))}
    averaged = Averaged(parameters, keep=0.5)
    with torch.no_grad():
        parameters["w"].fill_(1.0)
    for step in range(1, 30):
        averaged.update(parameters, step)
    assert averaged.values["w"].item() == pytest.approx(1.0)
    with torch.no_grad():
        parameters["w"].fill_(5.0)
    with averaged.in_place(parameters):
        assert parameters["w"].item() == pytest.approx(1.0)
    assert parameters["w"].item() == 5.0
