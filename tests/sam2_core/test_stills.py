"""Several pictures at a time: what each gives alone."""

import numpy as np
import pytest
import torch

from golden import weights
from sam2_core import stills
from sam2_core.build_sam import build_sam2
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.stills import StillFeatures, StillPrompts
from support.tiny_model import tiny_config

SIZES = [(60, 80), (40, 50), (60, 80), (30, 90), (50, 50), (64, 64)]
MASK = np.linspace(-8, 8, 32 * 32, dtype=np.float32).reshape(1, 32, 32)
PROMPTS = [
    {"points": [[20, 20]], "labels": [1]},
    {"points": [[30, 10]], "labels": [0]},
    {"points": [[[20, 20]], [[9, 9]]], "labels": [[1], [1]]},  # two objects
    {"points": [[20, 20], [5, 5]], "labels": [1, 0]},
    {"mask_input": MASK},
    {"boxes": [5, 5, 30, 40], "mask_input": MASK},
]


@pytest.fixture(scope="module")
def model() -> SAM2Base:
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


@pytest.fixture
def batches(model: SAM2Base, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures went through the encoder and the decoder at once, while up to four may."""
    seen: list[int] = []
    monkeypatch.setitem(stills._AT_ONCE, "cpu", 4)
    forward_image, decode = model.forward_image, model.decode
    monkeypatch.setattr(model, "forward_image", lambda images: seen.append(len(images)) or forward_image(images))
    monkeypatch.setattr(
        model,
        "decode",
        lambda features, *args, **kwargs: seen.append(len(features)) or decode(features, *args, **kwargs),
    )
    return seen


def pictures() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, (*size, 3), dtype=np.uint8) for size in SIZES]


def prepared(model: SAM2Base, features: list[StillFeatures], prompts: list[dict]) -> list[tuple]:
    return [(f, stills.prepare_prompts(model, f.size, **p)) for f, p in zip(features, prompts, strict=True)]


def agree(model: SAM2Base, pairs: list[tuple[StillFeatures, StillPrompts]]) -> None:
    together = stills.decode_batch(model, pairs, multimask_output=True)
    for (features, prompts), (low_res, ious) in zip(pairs, together, strict=True):
        want, want_ious = stills.decode(model, features, prompts, multimask_output=True)
        torch.testing.assert_close(low_res, want, rtol=0, atol=2e-4)
        torch.testing.assert_close(ious, want_ious, rtol=0, atol=1e-5)


def test_pictures_are_encoded_in_batches_without_keeping_them(model: SAM2Base, batches: list[int]) -> None:
    together = stills.embed(model, pictures())
    assert batches == [4, 2]
    for still, picture in zip(together, pictures(), strict=True):
        [alone] = stills.embed(model, [picture])
        assert still.size == alone.size
        torch.testing.assert_close(still.features.embedding, alone.features.embedding, rtol=0, atol=1e-5)
        assert (
            still.features.embedding.untyped_storage().nbytes() == alone.features.embedding.untyped_storage().nbytes()
        )


def test_prompts_that_are_alike_are_decoded_together(model: SAM2Base, batches: list[int]) -> None:
    features = stills.embed(model, pictures())
    batches.clear()
    agree(model, prepared(model, features, [PROMPTS[0]] * 6))
    assert batches[:2] == [4, 2]


def test_prompts_of_all_kinds(model: SAM2Base, batches: list[int]) -> None:
    features = stills.embed(model, pictures())
    batches.clear()
    agree(model, prepared(model, features, PROMPTS))
    assert batches[:5] == [2, 1, 1, 1, 1]


def test_pictures_without_prompts(model: SAM2Base, batches: list[int]) -> None:
    features = stills.embed(model, pictures()[:2])
    agree(model, prepared(model, features, [{}, {}]))
