"""Writing clips and reading them back."""

from contextlib import closing
from fractions import Fraction

import numpy as np
import pytest

from sam2_annotator.errors import MediaError
from sam2_annotator.media import encode
from sam2_annotator.media.encode import write_clip
from sam2_annotator.media.video import VideoSource
from support import clips


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "Übung 動.mp4"])
@pytest.mark.parametrize("encoder", [0, 1])
def test_frames_come_back(tmp_path, monkeypatch, name, encoder):
    monkeypatch.setattr(encode, "ENCODERS", encode.ENCODERS[encoder:])
    frames = [clips.numbered(number) for number in range(40)]
    write_clip(tmp_path / name, iter(frames), fps=Fraction(30000, 1001))
    with closing(VideoSource(tmp_path / name, cache_bytes=1)) as source:
        assert len(source) == 40
        assert source.facts.fps == pytest.approx(29.97, abs=0.01)
        assert source.time(30) == pytest.approx(1.001, abs=0.002)
        for number in range(40):
            assert clips.number_of(source.frame(number)) == number
            assert np.abs(source.frame(number)[:, :, 1].astype(int) - frames[number][:, :, 1]).mean() < 6
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_odd_sides_gain_a_row_or_column(tmp_path):
    write_clip(tmp_path / "a.mp4", [np.full((63, 65, 3), 90, np.uint8)] * 3, fps=10)
    with closing(VideoSource(tmp_path / "a.mp4", cache_bytes=1)) as source:
        assert source.size == (64, 66)
        assert np.abs(source.frame(0).astype(int) - 90).max() < 4


def test_nothing_is_left_of_a_clip_that_fails(tmp_path):
    def breaking():
        for number in range(100):
            yield clips.numbered(number)
        raise RuntimeError("no more")

    good, other = clips.numbered(0), np.zeros((32, 32, 3), np.uint8)
    for frames, error in (([], ValueError), ([good, other], ValueError), (breaking(), RuntimeError)):
        with pytest.raises(error):
            write_clip(tmp_path / "a.mp4", frames, fps=10)
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(MediaError, match=r"a\.mp4 could not be written"):
        write_clip(tmp_path / "absent" / "a.mp4", [clips.numbered(0)], fps=10)
