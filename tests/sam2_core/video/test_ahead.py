"""In which order two streams are made to wait for each other."""

import torch

from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.video.ahead import Ahead, SecondStream
from support.fake_cuda import FakeCuda, FakeTensor


def beside() -> tuple[FakeCuda, Ahead, ImageFeatures]:
    cuda = FakeCuda()
    stream = SecondStream(torch.device("cuda"))
    stream._cuda = cuda
    made = ImageFeatures(FakeTensor(cuda), (FakeTensor(cuda), FakeTensor(cuda)))
    return cuda, Ahead(stream), made


def test_the_streams_wait_for_each_other_and_memory_is_kept() -> None:
    cuda, ahead, made = beside()

    def make() -> ImageFeatures:
        cuda.log.append(f"encode on {cuda.current.name}")
        return made

    ahead.begin(1, make)
    cuda.log.append("track")
    assert ahead.take(1) is made
    assert cuda.log == [
        "side0 waits for main",
        "encode on side0",
        "track",
        "main waits for what side0 had to do",
        *["kept for main"] * 3,
    ]


def test_one_frame_is_on_its_way_and_is_taken_once() -> None:
    _, ahead, made = beside()
    count = [0]

    def make() -> ImageFeatures:
        count[0] += 1
        return made

    ahead.begin(1, make)
    ahead.begin(1, make)
    assert count == [1]
    ahead.begin(2, make)
    assert ahead.take(1) is None
    assert ahead.take(2) is made
    assert ahead.take(2) is None


def test_what_is_given_up_is_not_taken() -> None:
    _, ahead, made = beside()
    ahead.begin(1, lambda: made)
    ahead.drop()
    assert ahead.take(1) is None
    ahead.stop()
    ahead.begin(1, lambda: made)
    assert not ahead.active
    assert ahead.take(1) is None
