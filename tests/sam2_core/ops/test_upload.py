"""What a GPU does to pictures, done on the CPU, beside what the CPU does."""

import numpy as np
import pytest
import torch

from sam2_core.frame_reader import FrameReader, shrink
from sam2_core.frames import ArrayFrames, model_input
from sam2_core.ops import upload
from sam2_core.ops.transforms import image_tensor
from support.discs import moving_discs

CPU = torch.device("cpu")
CLIP, _ = moving_discs(2)


@pytest.mark.parametrize("side", [96, 224, 512])
def test_a_frame_is_shrunk_as_by_pillow(side: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    for frame in (CLIP[0], noise):
        pixels = torch.from_numpy(frame).permute(2, 0, 1)[None]
        ours = upload.shrunk(pixels, side)[0].permute(1, 2, 0).numpy()
        difference = np.abs(ours - shrink(frame, side).astype(np.float32))
        assert difference.max() <= 1
        assert (difference > 0).mean() < 0.01


def test_frames_reach_the_model_alike_shrunk_here_or_there() -> None:
    source = ArrayFrames(CLIP)
    here = FrameReader(source).picture(1, 128)
    there = FrameReader(source, shrinks=False).picture(1, 128)
    assert there.shape == CLIP.shape[1:]
    a, b = model_input(here, 128, CPU), model_input(there, 128, CPU)
    assert a.shape == b.shape == (1, 3, 128, 128)
    assert float((a - b).abs().max()) < 2.5 / 255 / min(upload.STD)
    assert float((a - b).abs().mean()) < 1e-3


def test_arrays_of_callers_stay_theirs() -> None:
    frame = CLIP[0].copy()
    frame.flags.writeable = False
    upload.uploaded(frame, CPU).add_(1)
    assert np.array_equal(frame, CLIP[0])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; this machine has none")
def test_pictures_are_alike_on_cuda() -> None:
    cuda = torch.device("cuda")
    reader = FrameReader(ArrayFrames(CLIP), shrinks=not upload.shrinks(cuda))
    on_gpu, on_host = model_input(reader.picture(1, 512), 512, cuda), model_input(shrink(CLIP[1], 512), 512, CPU)
    assert float((on_gpu.cpu() - on_host).abs().mean()) < 1e-3
    torch.testing.assert_close(
        image_tensor(CLIP[0], 512, cuda).cpu(), image_tensor(CLIP[0], 512, CPU), atol=1e-3, rtol=0
    )
