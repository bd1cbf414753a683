"""The whole job with the real engine and the bundled model: pictures, a clip, export, and everything again."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from sam2_annotator.ui import self_test
from sam2_annotator.ui.dialogs.export import ExportChoice, ExportScope
from sam2_annotator.values.intents import SelectObjects
from sam2_annotator.values.states import MaskState
from support.drawn import picture_file, video_file

CTRL = Qt.KeyboardModifier.ControlModifier
SLOW_MS = 120_000


def wait_for_mask(driver) -> None:
    driver.until(lambda: not driver.app.state.view.waiting, timeout=SLOW_MS)


@pytest.mark.slow
def test_click_candidates_and_box_in_a_picture(start, tmp_path: Path) -> None:
    driver = start(real=True)
    driver.open(picture_file(tmp_path / "a.png", width=320, height=240))
    driver.click(30, 32)
    wait_for_mask(driver)
    offer = driver.app.state.view.offer
    assert len(offer.candidates) == 3
    assert driver.mask() == offer.candidates[offer.chosen].mask
    driver.press(Qt.Key.Key_M)
    assert driver.mask() == offer.candidates[(offer.chosen + 1) % 3].mask
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.drag(14, 16, 46, 48)
    wait_for_mask(driver)
    x0, y0, x1, y1 = driver.mask(2).box
    assert x0 < 30 < x1
    assert y0 < 32 < y1
    assert driver.app.state.view.offer is None, "a box has one mask"


@pytest.mark.slow
def test_track_prompt_stop_export_and_find_it_again(start, tmp_path: Path) -> None:
    clip = video_file(tmp_path / "clip.mp4", 40, width=320, height=240)
    driver = start(real=True)
    driver.open(clip)
    driver.click(30, 32)
    wait_for_mask(driver)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.drag(150, 100, 200, 150)
    wait_for_mask(driver)
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    first = driver.objects()[0]
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames(2)) >= 3, timeout=SLOW_MS)
    driver.app.router.route(SelectObjects((first.id,)))
    driver.app.controllers.propagate.stay()
    prompted = driver.frame
    driver.click(40, 32)
    wait_for_mask(driver)
    reached = len(driver.masked_frames(2))
    driver.until(lambda: len(driver.masked_frames(2)) > reached, timeout=SLOW_MS)
    driver.app.controllers.propagate.stop()
    driver.until(lambda: driver.app.state.view.run is None, timeout=SLOW_MS)
    assert len(driver.masked_frames(2)) < 40
    assert driver.project.states(driver.item)[first.id][prompted] is MaskState.KEY

    folder = tmp_path / "out"
    driver.app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, folder))
    driver.until(lambda: any("written to" in text for text in driver.notices))
    (path,) = folder.rglob("instances*.json")
    assert json.loads(path.read_text())["annotations"]
    masks = {n: [driver.mask(n, frame) for frame in driver.masked_frames(n)] for n in (1, 2)}
    undo = driver.project.undo_title
    driver.close()

    again = start(real=True)
    again.open(clip)
    assert {n: [again.mask(n, frame) for frame in again.masked_frames(n)] for n in (1, 2)} == masks
    assert again.project.undo_title == undo
    again.press(Qt.Key.Key_Z, CTRL)
    assert again.project.redo_title == undo


@pytest.mark.slow
def test_the_self_test_of_a_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert self_test.run(tmp_path / "out") == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert [name for name in names if name.endswith(".png")] == [
        "1-opened.png",
        "2-clicked.png",
        "3-tracked.png",
        "4-reopened.png",
    ]
    assert any(name.endswith(".json") for name in names)


def test_a_self_test_that_cannot_write_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert self_test.run(blocked / "out") == 1
    assert "self-test failed" in capsys.readouterr().err
