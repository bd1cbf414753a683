import pytest
import torch

from golden import weights
from golden.units import rand
from sam2_core.modeling import paths
from sam2_core.modeling.fast import memory_attention
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

GRID = (4, 6)
TOKENS = 24


def differences(model: SAM2Base, *, objects: int, maps: int, pointers: int, long_key: int | None = None) -> float:
    """Largest difference to the plain module; the key of one token may be longer than the others."""
    attention = model.memory_attention
    count = maps * TOKENS + pointers
    current, place = rand("current", (TOKENS, 1, 32)), rand("place", (TOKENS, 1, 32))
    memory, memory_place = rand("memory", (count, objects, 16)), rand("where", (count, objects, 16))
    if long_key is not None:
        memory[long_key] *= 1000
    with torch.no_grad():
        plain, fast = (
            paths.attend(attention, current, place, memory, memory_place, pointers, grid=GRID, allowed=allowed)
            for allowed in (False, True)
        )
    assert fast.shape == plain.shape == (TOKENS, objects, 32)
    return float((fast - plain).abs().max())


@pytest.fixture
def model() -> SAM2Base:
    return weights.fill(SAM2Base(tiny_config())).eval()


@pytest.mark.parametrize(("objects", "maps", "pointers"), [(1, 7, 8), (1, 1, 0), (3, 2, 4)])
def test_same_as_the_plain_module(model: SAM2Base, objects: int, maps: int, pointers: int) -> None:
    assert memory_attention.serves(model.memory_attention)
    assert differences(model, objects=objects, maps=maps, pointers=pointers) < 5e-6


def test_blocks_smaller_than_the_input(model: SAM2Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_attention, "_QUERIES", 10)
    monkeypatch.setattr(memory_attention, "_KEYS", 7)
    assert differences(model, objects=2, maps=3, pointers=4) < 5e-6
    monkeypatch.setattr(memory_attention, "_SAFE_SCORE", 0.0)
    assert differences(model, objects=2, maps=3, pointers=4) < 5e-6


def test_scores_too_large_to_exponentiate(model: SAM2Base) -> None:
    """Scores of several hundred: exp of them is infinite in float32."""
    attn = model.memory_attention.layers[0].cross_attn_image
    with torch.no_grad():
        attn.q_proj.weight.mul_(40)
        attn.k_proj.weight.mul_(40)
    assert differences(model, objects=1, maps=3, pointers=4) < 1e-4


def test_scores_that_grow_too_large_on_the_way(model: SAM2Base) -> None:
    """What came before counts still: to queries that point away from the long key its score is far below zero."""
    assert differences(model, objects=1, maps=3, pointers=4, long_key=TOKENS + 5) < 2e-3  # values of 1000


def test_the_merged_projection_follows_the_weights(model: SAM2Base) -> None:
    differences(model, objects=1, maps=1, pointers=0)
    model.memory_attention.layers[0].cross_attn_image.v_proj.weight.data.mul_(3)
    assert differences(model, objects=1, maps=1, pointers=0) < 2e-5
