import pytest
import torch

from golden import weights
from golden.units import rand
from sam2_core.modeling.fast import decoder
from sam2_core.modeling.mask_decoder import DecoderOutput, MaskDecoder
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

GRID = (6, 10)


@pytest.fixture(scope="module")
def model() -> SAM2Base:
    return weights.fill(SAM2Base(tiny_config())).eval()


def inputs(model: SAM2Base, batch: int, points: int, *, images: int = 1, masks: int = 0) -> tuple[object, ...]:
    """Arguments of `decode_all`; so many images, and mask prompts (0: none)."""
    height, width = GRID
    embedding = rand("e", (images, 32, height, width))
    high_res = rand("s0", (images, 4, 4 * height, 4 * width)), rand("s1", (images, 8, 2 * height, 2 * width))
    clicks = rand("p", (batch, points, 2), 30, 60), torch.ones(batch, points, dtype=torch.int32)
    mask = rand("m", (masks, 1, 4 * height, 4 * width), 5) if masks else None
    sparse, dense = model.sam_prompt_encoder(clicks, mask, GRID)
    return embedding, model.sam_prompt_encoder.pe_layer.grid(*GRID), sparse, dense, high_res


CASES = {
    "one click": {"batch": 1, "points": 1},
    "eight clicks": {"batch": 2, "points": 8},
    "more tokens than absorbing pays for": {"batch": 3, "points": 12},
    "more prompts than one part": {"batch": 19, "points": 1},
    "a mask for each prompt": {"batch": 10, "points": 2, "masks": 10},
    "one mask for all prompts": {"batch": 3, "points": 1, "masks": 1},
    "an image for each prompt": {"batch": 9, "points": 1, "images": 9},
}


@pytest.mark.parametrize("case", CASES)
def test_same_as_the_plain_decoder(model: SAM2Base, case: str) -> None:
    with torch.no_grad():
        arguments = inputs(model, **CASES[case])
        plain: DecoderOutput = MaskDecoder.decode_all(model.sam_mask_decoder, *arguments)
        fast = decoder.decode_all(model.sam_mask_decoder, *arguments)
    for part in ("masks", "ious", "tokens", "object_score_logits"):
        wanted, got = getattr(plain, part), getattr(fast, part)
        assert got.shape == wanted.shape
        assert float((got - wanted).abs().max()) < 1e-5 * max(1.0, float(wanted.abs().max())), part


def test_the_image_may_lie_in_memory_either_way(model: SAM2Base) -> None:
    with torch.no_grad():
        embedding, place, sparse, dense, high_res = inputs(model, batch=2, points=1)
        inner = torch.channels_last
        s0, s1 = (level.contiguous(memory_format=inner) for level in high_res)
        a = decoder.decode_all(model.sam_mask_decoder, embedding, place, sparse, dense, high_res)
        embedding = embedding.contiguous(memory_format=inner)
        b = decoder.decode_all(model.sam_mask_decoder, embedding, place, sparse, dense, (s0, s1))
    torch.testing.assert_close(a.masks, b.masks, rtol=0, atol=2e-4)
    assert a.masks.is_contiguous()
