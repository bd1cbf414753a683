import pytest
import torch

from golden import weights
from golden.units import rand
from sam2_core.modeling.fast import memory_encoder
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config


@pytest.mark.parametrize("images", [1, 3])
def test_same_as_the_plain_module(images: int) -> None:
    model = weights.fill(SAM2Base(tiny_config())).eval()
    features, masks = rand("features", (images, 32, 6, 8)), rand("masks", (3, 1, 96, 128), 10)
    before = features.clone()
    with torch.no_grad():
        plain = model.memory_encoder(features, masks)
        fast = memory_encoder.encode(model.memory_encoder, features, masks)
    torch.testing.assert_close(fast, plain, rtol=0, atol=1e-5)
    assert torch.equal(features, before)
