"""What the engine chip tells when it is pressed (STA-2)."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from sam2_annotator.engine.messages import ModelReady
from sam2_annotator.engine.tickets import TicketBook
from sam2_annotator.ui.dialogs.models import ModelsDialog
from sam2_annotator.ui.panels.engine_popover import EnginePopover, device_words
from support.drawn import picture_file
from support.fake_engine import FakeService


def said(driver, name: str) -> str:
    label = driver.window.findChild(EnginePopover).findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_the_chip_opens_what_is_known_of_the_engine_and_leads_to_other_models(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.until(lambda: "ready" in driver.window.status.engine_chip.text())
    assert driver.window.status.engine_chip.text() == "CPU · Fake · ready"
    QTest.mouseClick(driver.window.status.engine_chip, Qt.MouseButton.LeftButton)
    popover = driver.window.findChild(EnginePopover)
    driver.until(popover.isVisible)
    assert said(driver, "engineDevice") == "CPU · float32"
    popover.close()
    assert driver.window.canvas.hasFocus()
    driver.click(30, 32)
    driver.answered()
    assert said(driver, "engineDecoding").endswith(("ms", " s"))
    QTest.mouseClick(driver.window.status.engine_chip, Qt.MouseButton.LeftButton)
    QTest.mouseClick(popover.findChild(QPushButton, "engineChange"), Qt.MouseButton.LeftButton)
    assert not popover.isVisible()
    driver.dialog(ModelsDialog).close()


def test_another_quality_is_chosen_in_the_popover_by_keys_and_analyses_the_picture_anew(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(picture_file(tmp_path / "a.png"))
    driver.until(lambda: service.embedded == [("a.png", 0)])
    QTest.mouseClick(driver.window.status.engine_chip, Qt.MouseButton.LeftButton)
    popover = driver.window.findChild(EnginePopover)
    field = popover.findChild(QComboBox, "engineQuality")
    assert field.currentText() == "Full"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    driver.until(lambda: said(driver, "engineInput") == "768 px square")
    assert "half" in said(driver, "engineCost")
    popover.close()
    driver.until(lambda: driver.window.status.engine_chip.text() == "CPU · Fake, balanced · ready")
    driver.until(lambda: service.embedded == [("a.png", 0)] * 2)
    assert driver.app.state.settings.now.quality == "balanced"


def test_why_it_is_not_the_gpu_is_said_there(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    note = "The GPU has no memory left: this goes on with the CPU."
    ready = ModelReady(TicketBook().issue("model"), "tiny", "SAM 2.1 tiny", "cpu", "float32", 1024, note, 160_000_000)
    driver.app.presenters.engine.on_response(ready)
    popover = driver.window.findChild(EnginePopover)
    popover.open_at(driver.window.status.engine_chip)
    assert note in [label.text() for label in popover.findChildren(QLabel) if label.isVisible()]
    assert said(driver, "engineMemory") == "160 MB"
    assert said(driver, "engineInput") == "1024 px square"
    assert said(driver, "engineAnalysis") == "not yet", "nothing was analysed by this model yet"
    popover.close()


def test_devices_are_named_as_people_name_them() -> None:
    assert [device_words(one) for one in ("cpu", "cuda", "cuda:0", "cuda:1", "mps")] == [
        "CPU",
        "CUDA",
        "CUDA",
        "CUDA 1",
        "MPS",
    ]
