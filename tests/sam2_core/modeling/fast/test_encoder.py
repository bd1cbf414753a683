from dataclasses import replace

import pytest
import torch

from golden import weights
from sam2_core.config import CONFIGS, ModelConfig, TrunkConfig
from sam2_core.modeling import paths
from sam2_core.modeling.fast import encoder
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

# stage, global blocks and windows of each, with the size whose stage 3 grid they meet
TRUNKS = {
    "padded on two sides": (TrunkConfig(16, 1, (1, 2, 4, 2), (5,), window_spec=(8, 4, 14, 7)), 352),
    "smaller than its window": (TrunkConfig(16, 1, (1, 2, 3, 2), (4,), window_spec=(8, 4, 14, 7)), 128),
    "whole windows": (TrunkConfig(16, 2, (2, 2, 3, 2), (5,), window_spec=(8, 4, 16, 8)), 256),
    "window grows again": (TrunkConfig(16, 1, (1, 2, 3, 2), (4,), window_spec=(8, 4, 8, 8)), 256),
}


def model(trunk: TrunkConfig, size: int) -> SAM2Base:
    """A narrow model with that trunk."""
    config = replace(tiny_config(), trunk=trunk, image_size=size)
    return weights.fill(SAM2Base(config)).eval()


def both(model: SAM2Base, images: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Pairs of maps, plain and fast."""
    parts = (model.image_encoder, model.sam_mask_decoder, images)
    with torch.no_grad():
        plain = paths.encode_image(*parts, allowed=False)
        fast = paths.encode_image(*parts, allowed=True)
    return list(zip(plain, fast, strict=True))


@pytest.mark.parametrize("name", TRUNKS)
def test_maps_are_those_of_the_plain_modules(name: str) -> None:
    trunk, size = TRUNKS[name]
    images = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(1))
    narrow = model(trunk, size)
    assert encoder.serves(narrow.image_encoder.trunk, narrow.image_encoder.neck)
    for plain, fast in both(narrow, images):
        torch.testing.assert_close(fast, plain, rtol=0, atol=1e-5)


def test_what_stands_for_the_padding_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the maps differ by far more than the bound above."""
    trunk, size = TRUNKS["padded on two sides"]
    narrow = model(trunk, size)
    monkeypatch.setattr(encoder.math, "log", lambda count: -1e9)
    differences = [float((a - b).abs().max()) for a, b in both(narrow, torch.randn(1, 3, size, size))]
    assert max(differences) > 1e-2


@pytest.mark.parametrize("name", CONFIGS)
def test_every_model_is_served(name: str) -> None:
    with torch.device("meta"):
        built = SAM2Base(CONFIGS[name])
    assert encoder.serves(built.image_encoder.trunk, built.image_encoder.neck)


def test_other_trunks_and_necks_are_left_to_the_plain_modules() -> None:
    def served(config: ModelConfig) -> bool:
        with torch.device("meta"):
            built = SAM2Base(config).image_encoder
        return encoder.serves(built.trunk, built.neck)

    trunk, _ = TRUNKS["whole windows"]
    config = replace(tiny_config(), trunk=trunk)
    assert served(config)
    assert not served(replace(config, trunk=replace(trunk, window_spec=(8, 4, 7, 7))))  # odd, and pooled
    assert not served(replace(config, trunk=replace(trunk, q_pool=2)))  # a stage that does not pool
    assert not served(replace(config, trunk=replace(trunk, global_att_blocks=(0,))))
    assert not served(replace(config, trunk=replace(trunk, global_att_blocks=(4,))))  # global, and pools
    assert not served(replace(config, neck=replace(config.neck, fpn_top_down_levels=(1, 2, 3))))


def test_maps_follow_the_weights() -> None:
    """However they are changed, nothing derived from them is left behind."""
    trunk, size = TRUNKS["padded on two sides"]
    narrow = model(trunk, size)
    images = torch.randn(1, 3, size, size)
    both(narrow, images)
    changed = {k: v * 1.25 for k, v in narrow.state_dict().items()}
    for change in (
        lambda: narrow.load_state_dict(changed, strict=True),
        lambda: narrow.image_encoder.trunk.pos_embed.data.mul_(2),
        lambda: narrow.image_encoder.neck.convs[3].conv.weight.data.mul_(2),
        lambda: narrow.sam_mask_decoder.conv_s1.bias.data.add_(1),
        lambda: narrow.half().float(),
    ):
        change()
        for plain, fast in both(narrow, images):
            torch.testing.assert_close(fast, plain, rtol=1e-5, atol=1e-5)
