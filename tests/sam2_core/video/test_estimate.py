from dataclasses import dataclass, replace

import pytest

from sam2_core.config import CONFIGS
from sam2_core.video.estimate import estimate_memory
from support.sessions import CLIP, clicked
from support.tiny_model import tiny_config, tiny_video_predictor


@dataclass
class Clip:
    """A clip of which only the size matters."""

    frames: int
    size: tuple[int, int] = (720, 1280)

    def __len__(self) -> int:
        return self.frames

    def frame(self, index: int) -> object:
        raise AssertionError("an estimate decodes nothing")


def test_a_session_stays_below_the_estimate() -> None:
    session = clicked(tiny_video_predictor(), 30)
    list(session.propagate())
    report = session.memory_report()
    estimate = estimate_memory(tiny_config(), Clip(30, CLIP.shape[1:3]), 1)
    assert report.features + report.results <= estimate.memory
    assert 0 < report.disk <= estimate.disk


def test_memory_hardly_grows_with_the_clip() -> None:
    nano = CONFIGS["sam2-nano"]
    short, long = (estimate_memory(nano, Clip(frames), 2) for frames in (100, 2000))
    assert long.memory - short.memory < 50e6
    assert long.disk > 10 * short.disk


def test_what_costs_more() -> None:
    tiny = CONFIGS["sam2.1_hiera_tiny"]
    one = estimate_memory(tiny, Clip(500), 1)
    assert estimate_memory(tiny, Clip(500), 4).memory > one.memory
    assert estimate_memory(replace(tiny, image_size=512), Clip(500), 1).memory < one.memory
    assert estimate_memory(tiny, Clip(500), 1, feature_bytes=1 << 30).memory > one.memory
    assert estimate_memory(tiny, Clip(500), 0).disk == 0
    assert estimate_memory(tiny, Clip(500), 2, frames=250).disk == one.disk


def test_fewer_than_no_objects() -> None:
    with pytest.raises(ValueError, match="-1 objects"):
        estimate_memory(CONFIGS["sam2-nano"], Clip(5), -1)
