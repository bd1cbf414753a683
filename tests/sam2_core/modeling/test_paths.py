"""Where the fast modules serve and where they do not."""

import pytest
import torch

from golden import weights
from golden.units import rand
from sam2_core.build_sam import build_sam2
from sam2_core.modeling import paths
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

FAST = ("fast_encoder", "fast_decoder", "fast_memory_attention", "fast_memory_encoder")
FUNCTIONS = ("encode", "decode_all", "attend", "encode")


@pytest.fixture
def model() -> SAM2Base:
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the fast modules as they are used."""
    used: list[str] = []
    for module, function in zip(FAST, FUNCTIONS, strict=True):
        original = getattr(getattr(paths, module), function)

        def recorded(*args: object, _name: str = module, _original=original, **kwargs: object) -> object:
            used.append(_name)
            return _original(*args, **kwargs)

        monkeypatch.setattr(getattr(paths, module), function, recorded)
    return used


def run(model: SAM2Base) -> torch.Tensor:
    """All four parts once; the masks."""
    features = model.forward_image(rand("image", (1, 3, 128, 128)))
    scores = torch.ones(1, 1)
    memory = model.encode_memory(features.embedding, rand("mask", (1, 1, 128, 128), 5), scores, interacted=False)
    tokens = memory.flatten(2).permute(2, 0, 1)
    conditioned = model.attend(features.embedding, tokens, tokens, num_ptr_tokens=0)
    out = model.forward_sam_heads(conditioned, high_res=features.high_res, multimask_output=True)
    return out.low_res_multi


def test_inference_in_float32_is_fast_and_gives_the_same(model: SAM2Base, taken: list[str]) -> None:
    with torch.no_grad():
        fast = run(model)
        assert taken == [FAST[0], FAST[3], FAST[2], FAST[1]]
        model.fast_paths = False
        taken.clear()
        torch.testing.assert_close(run(model), fast, rtol=1e-5, atol=1e-4)
        assert taken == []


def test_the_flag_is_a_keyword_of_the_builders(taken: list[str]) -> None:
    model = weights.fill(build_sam2(tiny_config(), device="cpu", fast_paths=False))
    with torch.inference_mode():
        run(model)
    assert taken == []


def test_gradients_take_the_plain_modules(model: SAM2Base, taken: list[str]) -> None:
    run(model).sum().backward()
    assert taken == []
    assert model.image_encoder.trunk.pos_embed.grad is not None
    assert model.image_encoder.neck.convs[3].conv.weight.grad is not None


def test_other_precisions_take_the_plain_modules(model: SAM2Base, taken: list[str]) -> None:
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        run(model)
    assert taken == []


def test_parameters_are_left_alone(model: SAM2Base) -> None:
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with torch.no_grad():
        run(model)
    after = model.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[key], before[key]) for key in before)
