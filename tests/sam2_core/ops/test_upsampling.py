import pytest
import torch
from torch.nn import functional as F

from golden.units import rand
from sam2_core.ops import upsampling
from sam2_core.ops.transforms import resize_logits


@pytest.mark.parametrize("size", [(128, 128), (100, 333), (130, 65), (1080, 1920), (32, 700)])
def test_same_as_in_one_go(size: tuple[int, int]) -> None:
    x = rand("logits", (2, 3, 32, 48), 20)
    wanted = F.interpolate(x, size=size, mode="bilinear", align_corners=False)
    torch.testing.assert_close(upsampling.enlarged(x, size), wanted, rtol=0, atol=2e-5)


def test_serves_large_pictures_without_gradients_in_float32() -> None:
    x = torch.zeros(1, 1, 32, 32)
    assert upsampling.serves(x, (200, 300))
    assert not upsampling.serves(x, (64, 64))
    assert not upsampling.serves(x, (31, 4000))
    assert not upsampling.serves(x.double(), (200, 300))
    assert not upsampling.serves(x.to("meta"), (200, 300))
    assert not upsampling.serves(x.requires_grad_(), (200, 300))


def test_is_used_for_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upsampling, "enlarged", lambda x, size: torch.full((*x.shape[:2], *size), 7.0))
    x = torch.zeros(1, 2, 8, 8)
    assert (resize_logits(x, (100, 100)) == 7).all()
    assert (resize_logits(x.requires_grad_(), (100, 100)) == 0).all()
