"""The next pictures are analysed while a person works on this one, and a click never waits for that (FIL-3)."""

import time
from pathlib import Path

from PySide6.QtCore import Qt

from sam2_annotator.engine.messages import Embed, KeepFeatures, MaskReady
from support.drawn import picture_file, video_file
from support.fake_engine import FakeService

SLOW_MS = 120_000


def pictures(folder: Path, count: int = 6) -> list[Path]:
    return [picture_file(folder / f"{number}.png", centre=(30 + number, 32)) for number in range(count)]


def ahead(service: FakeService) -> list[str]:
    return [r.media.path.name for r in service.asked if isinstance(r, Embed) and r.ahead]


def test_the_next_two_in_the_direction_of_travel(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(*pictures(tmp_path))
    driver.until(lambda: len(service.embedded) == 3)
    assert service.embedded == [("0.png", 0), ("1.png", 0), ("2.png", 0)]
    for _ in range(4):
        driver.press(Qt.Key.Key_PageDown)
    driver.until(lambda: ("5.png", 0) in service.embedded)
    service.embedded.clear()
    driver.press(Qt.Key.Key_PageUp)
    driver.until(lambda: ("1.png", 0) in service.embedded)
    assert [name for name, _ in service.embedded] == ["3.png", "2.png", "1.png"]


def test_turning_round_gives_up_what_is_not_wanted_any_more(start, tmp_path: Path) -> None:
    service = FakeService(ahead=0.5)
    driver = start(service)
    driver.open(*pictures(tmp_path))
    for _ in range(3):
        driver.press(Qt.Key.Key_PageDown)
    driver.until(lambda: "5.png" in ahead(service))
    driver.press(Qt.Key.Key_PageUp)
    driver.until(lambda: ("0.png", 0) in service.embedded)
    assert ("5.png", 0) not in service.embedded


def test_a_click_does_not_wait_and_the_rest_is_taken_up_again(start, tmp_path: Path) -> None:
    service = FakeService(ahead=1.0)
    driver = start(service)
    driver.open(*pictures(tmp_path, 3))
    driver.until(lambda: ("0.png", 0) in service.embedded)
    driver.until(lambda: len(ahead(service)) == 2)
    began = time.monotonic()
    driver.click(30, 30)
    driver.answered()
    assert time.monotonic() - began < 0.9
    assert ("1.png", 0) not in service.embedded
    driver.until(lambda: {("1.png", 0), ("2.png", 0)} <= set(service.embedded))


def test_the_next_frames_of_a_clip(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(video_file(tmp_path / "clip.mp4", 6))
    driver.until(lambda: len(service.embedded) == 3)
    assert [frame for _, frame in service.embedded] == [0, 1, 2]


def test_none_are_analysed_ahead_when_that_is_turned_off(start, tmp_path: Path, qtbot) -> None:
    service = FakeService()
    driver = start(service)
    driver.app.state.settings.change({"prefetch_items": 0})
    driver.open(*pictures(tmp_path))
    driver.until(lambda: bool(service.embedded))
    qtbot.wait(300)
    assert ahead(service) == []


def test_limits_and_the_place_on_disk_follow_the_settings(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(*pictures(tmp_path, 1))

    def kept() -> KeepFeatures:
        return [request for request in service.asked if isinstance(request, KeepFeatures)][-1]

    driver.until(lambda: bool(service.embedded))
    assert kept().folder is None
    driver.app.state.settings.change({"features_on_disk": True, "feature_memory_mb": 100, "feature_disk_mb": 200})
    driver.until(lambda: kept().folder is not None)
    assert (kept().memory_bytes, kept().folder_bytes) == (100 << 20, 200 << 20)
    assert kept().folder.parent.name == "features"


def test_a_folder_opened_again_answers_from_disk(start, tmp_path: Path, monkeypatch) -> None:
    files = pictures(tmp_path, 2)
    driver = start(real=True)
    driver.app.state.settings.change({"features_on_disk": True})
    driver.open(*files)
    folder = driver.app.controllers.sync.cache
    driver.until(lambda: len(list(folder.glob("*/*.safetensors"))) == 2, timeout=SLOW_MS)
    driver.close()
    monkeypatch.setattr("sam2_core.stills.embed", None)  # nothing is analysed any more
    driver = start(real=True)
    driver.app.state.settings.change({"features_on_disk": True})
    driver.open(*files)
    answers: list[MaskReady] = []
    driver.app.threads.engine.received.connect(
        lambda answer: answers.append(answer) if isinstance(answer, MaskReady) else None
    )
    driver.click(30, 32)
    driver.until(lambda: bool(answers), timeout=SLOW_MS)
    driver.answered()
    assert driver.mask() is not None
