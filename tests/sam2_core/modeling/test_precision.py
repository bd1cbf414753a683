"""Models in half precision: what is rounded and what is not, on the paths of a CPU and of a GPU."""

import pytest
import torch

from golden import weights
from golden.units import rand
from sam2_core.build_sam import build_sam2
from sam2_core.config import CONFIGS
from sam2_core.modeling.precision import turn_weights
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

CUDA = torch.device("cuda")
HALVES = [torch.bfloat16, torch.float16]


def small(*, fast_paths: bool = True) -> SAM2Base:
    return weights.fill(build_sam2(tiny_config(), device="cpu", fast_paths=fast_paths))


def as_on_cuda(dtype: torch.dtype) -> SAM2Base:
    """The small model as a GPU computes it, on the CPU."""
    model = small(fast_paths=False)
    turn_weights(model, dtype, CUDA)
    return model


@torch.no_grad()
def parts(model: SAM2Base) -> dict[str, torch.Tensor]:
    """What each part of the model gives, all from the same input."""
    features = model.forward_image(rand("image", (1, 3, 128, 128)))
    embedding = rand("embedding", (1, 32, 8, 8))
    fine = rand("s0", (1, 4, 32, 32)), rand("s1", (1, 8, 16, 16))
    tokens = rand("memory", (2 * 64 + 4, 1, 16))
    points = rand("points", (1, 2, 2)) * 20 + 64, torch.tensor([[1, 0]])
    masks = rand("mask", (1, 1, 128, 128), 5)
    return {
        "embedding": features.embedding,
        "s0": features.high_res[0],
        "s1": features.high_res[1],
        "memory": model.encode_memory(embedding, masks, torch.ones(1, 1), interacted=False),
        "attended": model.attend(embedding, tokens, tokens, num_ptr_tokens=4),
        "masks": model.forward_sam_heads(embedding, high_res=fine, points=points, multimask_output=True).low_res_multi,
    }


def error(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("where", ["cpu", "plain modules", "cuda"])
def test_each_part_is_near_float32_and_gives_float32(where: str, dtype: torch.dtype) -> None:
    exact = parts(small(fast_paths=False))
    model = as_on_cuda(dtype) if where == "cuda" else small(fast_paths=where == "cpu")
    if where != "cuda":
        model.compute_in(dtype)
    half = parts(model)
    assert {value.dtype for value in half.values()} == {torch.float32}
    errors = {name: error(value, exact[name]) for name, value in half.items()}
    assert max(errors.values()) < 0.02, errors
    assert min(errors[name] for name in ("embedding", "attended")) > 1e-5, errors
    in_float32 = ["memory", "masks"] if where != "cuda" else []
    assert all(errors[name] < 1e-5 for name in in_float32), errors


def test_only_products_are_rounded() -> None:
    model = as_on_cuda(torch.bfloat16)
    assert model.compute_dtype is torch.bfloat16
    rounded = {name for name, weight in model.named_parameters() if weight.dtype is torch.bfloat16}
    assert {name.split(".")[0] for name in rounded} == {
        "image_encoder",
        "memory_attention",
        "memory_encoder",
        "sam_mask_decoder",
    }
    exact = ("norm", "pos_embed", "patch_embed", "neck", "conv_s", "_token", "head", "hypernetworks", "gamma")
    assert not [name for name in rounded if any(word in name for word in exact) and "_attn_" not in name]


def test_prompts_are_encoded_in_float32() -> None:
    exact, half = small(), as_on_cuda(torch.bfloat16)
    points = torch.tensor([[[3.3, 100.7]]]), torch.tensor([[1]])
    codes = [m.sam_prompt_encoder(points, rand("m", (1, 1, 32, 32)), (8, 8)) for m in (exact, half)]
    assert all(torch.equal(a, b) for a, b in zip(*codes, strict=True))


def test_weights_load_strictly_and_keep_their_names() -> None:
    model = small()
    before = model.state_dict()
    model.compute_in(torch.bfloat16)
    assert list(model.state_dict()) == list(before)
    model.load_state_dict(before, strict=True)
    assert model.compute_dtype is torch.bfloat16


def test_a_model_that_comes_from_a_gpu_goes_on_on_the_cpu() -> None:
    model = as_on_cuda(torch.bfloat16)
    slow = parts(model)
    model.fast_paths = True
    assert all(error(value, slow[name]) < 0.02 for name, value in parts(model).items())


def test_the_builder_turns_weights() -> None:
    assert build_sam2(tiny_config(), device="cpu").compute_dtype is torch.float32
    assert build_sam2(tiny_config(), device="cpu", precision="bfloat16").compute_dtype is torch.bfloat16
    with pytest.raises(ValueError, match="int8"):
        build_sam2(CONFIGS["sam2.1_hiera_large"], device="cpu", precision="int8")
