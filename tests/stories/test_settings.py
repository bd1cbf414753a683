"""Settings are applied at once and found again at the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from sam2_annotator import paths, settings
from sam2_annotator.ui.dialogs.settings import SettingsDialog
from support.drawn import picture_file


def test_a_changed_setting_is_written_soon_and_only_what_differs(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.app.state.settings.change({"wheel_preset": "scroll", "theme": "light"})
    driver.until(lambda: settings.load(paths.settings_file()).settings.wheel_preset == "scroll")
    assert paths.settings_file().read_text() == 'theme = "light"\nwheel_preset = "scroll"\n'


def test_what_was_changed_last_is_written_when_the_program_ends(start) -> None:
    driver = start()
    driver.app.state.settings.change({"fill": 0.8})
    driver.close()
    assert settings.load(paths.settings_file()).settings.fill == 0.8


def test_the_settings_open_by_key_and_change_the_window(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = driver.window.findChild(SettingsDialog)
    driver.until(dialog.isActiveWindow)
    QTest.keyClick(dialog.findChild(QComboBox, "setting.theme"), Qt.Key.Key_End)
    assert driver.window.palette().window().color().name() == "#000000"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
