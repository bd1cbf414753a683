"""Frame sources: every kind of input, exact frames in any order, errors that name the thing."""

import io
import mmap
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from sam2_core.errors import EngineError, FrameUnreadable
from sam2_core.frames import ContainerFrames, FrameSource, Pixels, model_input, open_frames
from support.discs import moving_discs


def picture(value: int, size: tuple[int, int] = (20, 30)) -> Pixels:
    return np.full((*size, 3), value, np.uint8)


def save(folder: Path, name: str, value: int) -> Path:
    Image.fromarray(picture(value)).save(folder / name, format="PNG")
    return folder / name


def values(source: FrameSource) -> list[int]:
    return [int(source.frame(i)[0, 0, 0]) for i in range(len(source))]


def write_video(path: Path, clip: Pixels, codec: str, options: dict[str, str], times: list[int] | None = None) -> Path:
    """The clip in a container, at the given time stamps in 1/1000 s."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = clip.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for i, pixels in enumerate(clip):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = times[i] if times else 40 * i
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_folder_of_numbered_jpegs_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        save(tmp_path, f"{number}.jpg", number)
    save(tmp_path, "cover.png", 99)
    assert values(open_frames(tmp_path)) == [1, 2, 10]
    assert open_frames(str(tmp_path)).size == (20, 30)


def test_other_folders_in_natural_order(tmp_path: Path) -> None:
    for name, value in (("img10.png", 10), ("img2.png", 2), ("Img1.jpg", 1)):
        save(tmp_path, name, value)
    (tmp_path / "notes.txt").write_text("x")
    assert values(open_frames(tmp_path)) == [1, 2, 10]


def test_list_of_pictures_keeps_its_order(tmp_path: Path) -> None:
    paths = [save(tmp_path, "b.png", 2), save(tmp_path, "a.png", 1)]
    assert values(open_frames(paths)) == [2, 1]


def test_array_and_protocol(tmp_path: Path) -> None:
    source = open_frames(np.stack([picture(1), picture(2)]))
    assert values(source) == [1, 2]
    assert open_frames(source) is source


def test_pictures_are_decoded_when_asked_for(tmp_path: Path) -> None:
    paths = [save(tmp_path, f"{i}.png", i) for i in range(3)]
    source = open_frames(paths)
    paths[2].write_bytes(b"broken later")
    assert values_of(source, 1) == 1
    with pytest.raises(EngineError, match=r"2\.png"):
        source.frame(2)


def values_of(source: FrameSource, index: int) -> int:
    return int(source.frame(index)[0, 0, 0])


def test_picture_of_another_size_is_named(tmp_path: Path) -> None:
    save(tmp_path, "0.png", 0)
    Image.fromarray(picture(1, (10, 10))).save(tmp_path / "1.png")
    with pytest.raises(FrameUnreadable, match=r"frame 1 .*1\.png.* is 10 x 10.*another size, 30 x 20") as caught:
        open_frames(tmp_path).frame(1)
    assert caught.value.frame == 1


@pytest.mark.parametrize(
    ("suffix", "codec", "options"),
    [
        ("mp4", "libx264", {"g": "10", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}),
        ("mp4", "mpeg4", {"g": "8", "bf": "2"}),
        ("mkv", "libx264", {"g": "3", "bf": "2"}),
        ("ts", "libx264", {"g": "3", "bf": "2"}),
        ("avi", "mpeg4", {"g": "5"}),
    ],
)
def test_random_access_gives_the_same_pixels_as_reading_through(
    tmp_path: Path, suffix: str, codec: str, options: dict[str, str]
) -> None:
    clip, _ = moving_discs(40, height=64, width=96)
    path = write_video(tmp_path / f"clip.{suffix}", clip, codec, options)
    with av.open(str(path)) as container:
        wanted = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    source = ContainerFrames(path, "clip", limit=1)  # keeps one frame, so every jump must seek
    assert len(source) == len(wanted) == 40
    order = np.random.default_rng(0).permutation(40).tolist()
    for index in [*order, *range(39, -1, -1), *range(40)]:
        assert np.array_equal(source.frame(index), wanted[index]), index


def test_variable_frame_rate_is_read_by_number(tmp_path: Path) -> None:
    clip, _ = moving_discs(6, height=64, width=96)
    path = write_video(tmp_path / "clip.mkv", clip, "libx264", {"qp": "0"}, times=[0, 10, 500, 501, 2000, 2040])
    source = open_frames(path)
    assert len(source) == 6
    assert np.abs(source.frame(4).astype(int) - clip[4]).mean() < 3
    assert np.abs(source.frame(1).astype(int) - clip[1]).mean() < 3


def test_bytes_of_a_video(tmp_path: Path) -> None:
    clip, _ = moving_discs(3, height=64, width=96)
    content = write_video(tmp_path / "clip.mp4", clip, "libx264", {}).read_bytes()
    source = open_frames(content)
    assert (len(source), source.size) == (3, (64, 96))


def test_stepping_back_does_not_decode_each_group_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip, _ = moving_discs(30, height=64, width=96)
    source = open_frames(write_video(tmp_path / "clip.mp4", clip, "libx264", {"g": "30"}))
    seeks = []
    monkeypatch.setattr(
        ContainerFrames,
        "_start_at",
        lambda self, key, start=ContainerFrames._start_at: seeks.append(key) or start(self, key),
    )
    for index in range(29, -1, -1):
        source.frame(index)
    assert len(seeks) <= 1


def test_truncated_video_gives_its_readable_frames(tmp_path: Path) -> None:
    clip, _ = moving_discs(30, height=64, width=96)
    path = write_video(tmp_path / "clip.mkv", clip, "libx264", {"g": "5", "qp": "10"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    source = open_frames(path)
    assert 0 < len(source) < 30
    assert np.abs(source.frame(3).astype(int) - clip[3]).mean() < 8


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "absent.mp4", "no file or folder"),
        (lambda folder: folder, "holds no pictures"),
        (lambda folder: b"not a video", "cannot read"),
        (lambda folder: np.zeros((2, 4, 4), np.uint8), "uint8 of shape"),
        (lambda folder: np.zeros((0, 4, 4, 3), np.uint8), "no frames"),
        (lambda folder: [], "no pictures"),
    ],
    ids=["absent", "empty-folder", "junk", "shape", "no-frames", "empty-list"],
)
def test_unusable_input_is_named(tmp_path: Path, make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(EngineError, match=message):
        open_frames(make(tmp_path))


def test_other_types_are_not_implemented() -> None:
    with pytest.raises(NotImplementedError, match="int"):
        open_frames(7)


def test_frames_outside_the_clip(tmp_path: Path) -> None:
    source = open_frames(np.stack([picture(1)]))
    for index in (-1, 1):
        with pytest.raises(EngineError, match="no frame"):
            source.frame(index)


def test_model_input_is_normalised() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    prepared = model_input(pixels, 32, torch.device("cpu"))
    scaled = (pixels / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    assert prepared.shape == (1, 3, 32, 32)
    torch.testing.assert_close(prepared[0].permute(1, 2, 0), torch.from_numpy(scaled).float(), rtol=0, atol=1e-5)


def test_grey_and_alpha_pictures_become_rgb(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 9, np.uint8)).save(tmp_path / "0.png")
    Image.fromarray(np.full((4, 4, 4), 8, np.uint8), "RGBA").save(tmp_path / "1.png")
    source = open_frames(tmp_path)
    assert source.frame(0).shape == source.frame(1).shape == (4, 4, 3)
    assert values(source) == [9, 8]


def test_video_without_frames(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="wav") as container:
        container.add_stream("pcm_s16le", rate=8000)
        container.start_encoding()
    with pytest.raises(EngineError, match="no video"):
        open_frames(buffer.getvalue())


def test_large_frames_are_copies_that_are_equal(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (700, 800, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "0.png")
    frame = open_frames(tmp_path).frame(0)
    assert np.array_equal(frame, pixels)
    assert isinstance(np.asarray(frame).base.base, memoryview | mmap.mmap)
