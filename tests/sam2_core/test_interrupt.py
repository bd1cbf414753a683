import threading
from dataclasses import replace

import pytest
import torch

from golden import weights
from sam2_core.build_sam import build_sam2
from sam2_core.config import TrunkConfig
from sam2_core.errors import Cancelled
from sam2_core.interrupt import interruptible
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config

CONFIG = replace(tiny_config(), trunk=TrunkConfig(16, 1, (1, 1, 2, 1), (3,), window_spec=(8, 4, 8, 8)))
IMAGE = torch.zeros(1, 3, 128, 128)


@pytest.fixture
def model() -> SAM2Base:
    return weights.fill(build_sam2(CONFIG, device="cpu"))


@pytest.mark.parametrize("fast", [True, False])
@torch.no_grad()
def test_the_encoder_stops_before_the_next_block(model: SAM2Base, fast: bool) -> None:
    model.fast_paths = fast
    asked = []

    def cancel() -> bool:
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(Cancelled), interruptible(model, cancel):
        model.forward_image(IMAGE)
    assert len(asked) == 3
    model.forward_image(IMAGE)
    assert len(asked) == 3, "nothing is left on the model"


@torch.no_grad()
def test_others_wait_and_are_not_given_up(model: SAM2Base) -> None:
    done = threading.Event()

    def other() -> None:
        with torch.no_grad(), model.compute_lock:
            model.forward_image(IMAGE)
        done.set()

    thread = threading.Thread(target=other)
    with interruptible(model, lambda: True):
        thread.start()
        assert not done.wait(0.2)
        with pytest.raises(Cancelled):
            model.forward_image(IMAGE)
    thread.join(20)
    assert done.is_set()


def test_without_a_flag_nothing_is_asked(model: SAM2Base) -> None:
    with interruptible(model, None), torch.no_grad():
        before = model.image_encoder.trunk.before_block
        model.forward_image(IMAGE)
    assert model.image_encoder.trunk.before_block is before
