import pytest
import torch

from sam2_core.errors import TrainingError
from sam2_core.training.features import PARTS, encoded, spread_penalty, train_only
from support.toy_pictures import toy_model


def test_every_parameter_belongs_to_exactly_one_part() -> None:
    for name, _ in toy_model().named_parameters():
        assert sum(name.startswith(prefixes) for prefixes in PARTS.values()) == 1, name


def test_only_the_named_parts_learn() -> None:
    model = toy_model()
    train_only(model, ["decoder"])
    learning = {name.split(".")[0] for name, p in model.named_parameters() if p.requires_grad}
    assert learning == {"sam_mask_decoder", "no_mem_embed"}
    assert not encoded(model, torch.zeros(1, 64, 64, 3, dtype=torch.uint8)).embedding.requires_grad
    train_only(model, ["neck"])
    assert encoded(model, torch.zeros(1, 64, 64, 3, dtype=torch.uint8)).embedding.requires_grad
    with pytest.raises(TrainingError, match="Nothing"):
        train_only(model, [])


def test_large_embeddings_are_penalised_and_small_ones_not() -> None:
    assert spread_penalty(torch.full((1, 2, 2, 2), 0.9)) == 0
    assert spread_penalty(torch.full((1, 2, 2, 2), 3.0)) == 8
