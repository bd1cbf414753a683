"""Settings are applied at once and found again at the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDockWidget, QLabel, QPushButton, QWidget

from sam2_annotator import paths, settings
from sam2_annotator.ui.dialogs.settings import SettingsDialog
from support.drawn import picture_file, video_file


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


def test_the_long_step_goes_as_far_as_it_is_set(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "a.mp4", 12))
    driver.app.state.settings.change({"step_frames": 4})
    driver.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert driver.frame == 4
    driver.press(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert driver.frame == 0


def test_undo_keeps_to_its_memory(start, tmp_path: Path) -> None:
    driver = start()
    driver.app.state.settings.change({"undo_memory_mb": 16})
    driver.open(picture_file(tmp_path / "a.png"))
    assert driver.project._history.max_bytes == 16 << 20
    driver.app.state.settings.change({"undo_memory_mb": 32})
    assert driver.project._history.max_bytes == 32 << 20


def test_reset_layout_puts_panels_back_and_shows_them(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    dock = driver.window.findChild(QDockWidget, "dock_files")
    driver.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    driver.press(Qt.Key.Key_F9)
    assert not dock.isVisible()
    driver.app.actions["view.reset"].trigger()
    assert dock.isVisible()
    assert driver.window.dockWidgetArea(dock) == Qt.DockWidgetArea.RightDockWidgetArea


def test_esc_on_the_question_of_a_key_closes_the_question_and_then_the_settings(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    driver.window.findChild(QWidget, "filesFilter").setFocus()
    dialog = driver.window.findChild(SettingsDialog)
    driver.until(dialog.isActiveWindow)
    dialog.show_keys()
    dialog.keys._mark("tool.box")
    QTest.mouseClick(dialog.findChild(QPushButton, "keyChange"), Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_B)
    question = dialog.findChild(QLabel, "keyQuestion")
    assert question.isVisible()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not question.isVisible()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    driver.until(lambda: driver.window.focusWidget() is driver.window.canvas)
