"""The data set in memory."""

import os
from datetime import UTC, datetime
from pathlib import Path

from sam2_annotator.formats.model import Media, MemoryDataset, Shape, Totals, Track
from support.datasets import CLIP, PICTURE, dot, ring, tiny_clip


def test_shapes_come_by_frame_and_track() -> None:
    view = tiny_clip()
    assert list(view.frames(CLIP)) == [0, 1, 2]
    assert [shape.track_id for shape in view.shapes(CLIP, 1)] == [1, 2]
    assert list(view.shapes(CLIP, 7)) == []
    assert view.totals() == Totals(1, 3, 6, sum(len(mask.counts) for mask in (ring(1), ring(2), *[dot(6, 4)] * 3)))


def test_frames_nothing_is_known_of_are_left_out() -> None:
    shapes = [Shape(1, 2, ring(1)), Shape(1, 0, ring(1))]
    view = MemoryDataset(categories=[], media=[CLIP], tracks=[Track(1, 1, 1)], shapes=shapes)
    assert list(view.frames(CLIP)) == [0, 2]


def test_the_newest_media_file_dates_the_data_set(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.touch()
    os.utime(picture, (1000, 1000))
    media = [Media(1, "image", "a.png", picture, 8, 6), Media(2, "image", "gone.png", tmp_path / "gone.png", 8, 6)]
    view = MemoryDataset(categories=[], media=media, tracks=[], shapes=[])
    assert view.revised == datetime(1970, 1, 1, 0, 16, 40, tzinfo=UTC)
    assert MemoryDataset(categories=[], media=[PICTURE], tracks=[], shapes=[]).revised.year == 1970
