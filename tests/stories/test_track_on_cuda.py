"""What needs a CUDA device: precision, memory shortage, cancel."""

import numpy as np
import pytest
import torch

from sam2_core.build_sam import build_sam2_video_predictor_hf
from sam2_core.errors import Cancelled, OutOfMemory
from sam2_core.frames import ArrayFrames
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import VideoSession
from support.discs import iou, moving_discs

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; this machine has none"),
]
CLIP, MASKS = moving_discs(12)


@pytest.fixture(scope="module")
def nano() -> SAM2VideoPredictor:
    return build_sam2_video_predictor_hf("sam2-nano", device="cuda")


def masks_of(model: SAM2VideoPredictor) -> list[np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    session = VideoSession(model, ArrayFrames(CLIP))
    session.add_mask(0, 1, MASKS[0])
    return [r.masks(240, 320)[1] for r in session.propagate()]


def test_bfloat16_masks_are_near_float32(nano: SAM2VideoPredictor) -> None:
    half = build_sam2_video_predictor_hf("sam2-nano", device="cuda", precision="bfloat16")
    pairs = zip(masks_of(half), masks_of(nano), strict=True)
    assert np.mean([iou(a, b) for a, b in pairs]) > 0.97


def test_cuda_masks_are_near_those_of_the_cpu(nano: SAM2VideoPredictor) -> None:
    on_cpu = build_sam2_video_predictor_hf("sam2-nano", device="cpu")
    pairs = zip(masks_of(nano), masks_of(on_cpu), strict=True)
    assert np.mean([iou(a, b) for a, b in pairs]) > 0.97


def test_memory_shortage_is_told_and_the_session_goes_on(nano: SAM2VideoPredictor) -> None:
    session = VideoSession(nano, ArrayFrames(CLIP))
    session.add_mask(0, 1, MASKS[0])
    list(session.propagate("forward", 0, 3))
    nano.graphs.clear()  # whose memory would otherwise be given back and suffice
    torch.cuda.empty_cache()
    used = torch.cuda.memory_reserved() / torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(used + 1e-5)
    try:
        with pytest.raises(OutOfMemory, match="too little memory"):
            list(session.propagate("forward", 4))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert session.result(3, 1) is not None
    assert [r.frame for r in session.propagate("forward", 4)] == list(range(4, 12))


def test_cancel_is_heard_on_cuda(nano: SAM2VideoPredictor) -> None:
    session = VideoSession(nano, ArrayFrames(CLIP))
    session.add_mask(0, 1, MASKS[0])
    stop: list[bool] = []
    run = session.propagate(cancel=lambda: bool(stop))
    assert [next(run).frame for _ in range(3)] == [0, 1, 2]
    stop.append(True)
    with pytest.raises(Cancelled):
        next(run)
    assert session.result(2, 1) is not None
    assert session.result(3, 1) is None


def test_offloaded_state_rests_on_the_host(nano: SAM2VideoPredictor) -> None:
    state = nano.init_state(CLIP, offload_state_to_cpu=True)
    nano.add_new_mask(state, 0, 1, MASKS[0])
    _, _, logits = list(nano.propagate_in_video(state))[-1]
    assert logits.device.type == "cuda"
    output = state.objects[1].non_cond.get(11)
    assert output is not None
    assert output.memory is not None
    assert output.memory.device.type == "cpu"
