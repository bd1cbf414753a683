from pathlib import Path

import numpy as np
import pytest

from sam2_core.training.cutouts import Cutout
from sam2_core.training.measured_sets import davis_clips
from sam2_core.training.motion import Track, track
from sam2_core.training.pictures import read_sets
from sam2_core.training.scenes import Mixed, ScenePictures, SceneRecipe, compose, main, paint
from support.toy_pictures import toy_folder

HOW = SceneRecipe(drawn=1.0, textured=1.0)
RED, BLUE, GREY = (250, 0, 0), (0, 0, 250), (90, 90, 90)


def plain(colour: tuple[int, int, int], side: int = 40) -> Cutout:
    return Cutout(np.full((side, side, 3), colour, np.uint8), np.ones((side, side), np.float32))


def test_masks_are_exact_where_things_move_turn_bend_and_hide_each_other() -> None:
    ground = np.full((128, 128, 3), GREY, np.uint8)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        things = [
            (plain(RED), track(4, rng, leaves=False), 1),
            (plain(BLUE), track(4, rng, leaves=True), 2),
            (plain(GREY), track(4, rng, leaves=False), 0),
        ]
        for frame in range(4):
            picture, labels = paint(ground, things, frame)
            # full colours lie inside a mask, those of the background outside; at borders half and half decides
            for label, colour in ((0, GREY), (1, RED), (2, BLUE)):
                pure = (np.abs(picture.astype(int) - colour) <= 1).all(-1)
                assert (labels[pure] == label).all()
            alone, of_red = paint(ground, things[:1], frame)
            assert (alone[of_red == 1][:, 0] >= 169).all()  # at least half of 250 over 90
            assert (alone[of_red == 0][:, 0] <= 171).all()


def test_a_thing_that_leaves_comes_back() -> None:
    for seed in range(20):
        way = track(6, np.random.default_rng(seed), leaves=True)
        outside = ((way.places < 0) | (way.places > 1)).any(1)
        assert outside.any()
        assert not outside[0]
        assert not outside[-1]


def test_an_unmoved_thing_lies_where_it_should() -> None:
    still = Track(
        np.full((1, 2), 0.5, np.float32), np.full(1, 0.5, np.float32), *(np.zeros(1, np.float32),) * 2,
        np.zeros((2, 4, 4), np.float32),
    )  # fmt: skip
    labels = paint(np.zeros((80, 80, 3), np.uint8), [(plain(RED), still, 1)], 0)[1]
    wanted = np.zeros((80, 80), bool)
    wanted[20:60, 20:60] = True
    assert np.array_equal(labels == 1, wanted)


def test_the_same_seed_gives_the_same_scene() -> None:
    first, again, other = (compose(None, np.random.default_rng(s), side=64, frames=3, how=HOW) for s in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first.frames, again.frames, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(first.labels, again.labels, strict=True))
    assert not np.array_equal(first.frames[0], other.frames[0])


def test_scenes_mix_with_pictures(tmp_path: Path) -> None:
    pictures = read_sets([toy_folder(tmp_path / "data")], "train")
    mixed = Mixed(pictures, ScenePictures(pictures, 64, SceneRecipe()), share=0.5)
    sides = {mixed.draw(np.random.default_rng(seed)).image.shape[0] for seed in range(12)}
    assert sides == {48, 64}


def test_the_command_writes_pictures_that_training_reads(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path / "out"), "--count", "10", "--side", "64"]) == 0
    assert len(read_sets([tmp_path / "out"], "train")) == 9
    assert read_sets([tmp_path / "out"], "val").entries[0].read().labels.any()


def test_the_command_writes_clips_that_measuring_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--out", str(tmp_path / "out"), "--count", "2", "--frames", "3", "--side", "64"]
    assert main(arguments) == 0
    clips = davis_clips(tmp_path / "out")
    assert [len(clip.frames) for clip in clips] == [3, 3]
    assert clips[0].objects(0)
    assert main(arguments) == 1
    assert "not empty" in capsys.readouterr().err
    assert main([*arguments[:3], "0"]) == 1
