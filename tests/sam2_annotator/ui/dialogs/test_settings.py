"""The dialog of settings, by mouse and keys."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QToolButton

from sam2_annotator.settings import Settings
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.dialogs.key_catcher import KeyCatcher
from sam2_annotator.ui.dialogs.settings import SettingsDialog
from sam2_annotator.ui.dialogs.settings_row import SettingRow
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.theme.style import Theme

# The device is chosen with the model, keys have a page of their own, and hints count themselves.
NOT_SHOWN = {"device", "keys", "key_preset", "hints_done"}


@pytest.fixture
def live(qapp) -> LiveSettings:
    return LiveSettings(Settings(theme="dark"))


@pytest.fixture
def dialog(qtbot, theme: Theme, live: LiveSettings) -> SettingsDialog:
    dialog = SettingsDialog(theme, live, ActionSet(theme, platform="linux"), (("en", "English"),))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_every_setting_has_a_line(dialog: SettingsDialog) -> None:
    assert set(dialog.visible_settings) == {entry.name for entry in fields(Settings)} - NOT_SHOWN
    for row in dialog.findChildren(SettingRow):
        assert row.entry.title
        assert row.entry.what.endswith("."), row.entry.name


def test_a_change_is_applied_at_once_marked_and_taken_back(dialog: SettingsDialog, live: LiveSettings) -> None:
    box, reset = dialog.findChild(QCheckBox, "setting.pixel_grid"), dialog.findChild(QToolButton, "reset.pixel_grid")
    assert reset.isHidden()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not live.now.pixel_grid
    assert not reset.isHidden()
    QTest.keyClick(reset, Qt.Key.Key_Space)
    assert live.now.pixel_grid
    assert box.isChecked()
    assert reset.isHidden()


def test_numbers_choices_and_shares_are_told_in_their_own_units(dialog: SettingsDialog, live: LiveSettings) -> None:
    fill = dialog.findChild(QAbstractSpinBox, "setting.fill")
    fill.selectAll()
    QTest.keyClicks(fill, "60")
    assert live.now.fill == 0.35  # not while typing
    QTest.keyClick(fill, Qt.Key.Key_Return)
    assert live.now.fill == 0.6
    QTest.keyClick(dialog.findChild(QComboBox, "setting.wheel_preset"), Qt.Key.Key_Down)
    assert live.now.wheel_preset == "scroll"
    step = dialog.findChild(QAbstractSpinBox, "setting.zoom_step")
    QTest.keyClick(step, Qt.Key.Key_Up)
    assert live.now.zoom_step == pytest.approx(1.3)


def test_the_search_finds_settings_and_commands_on_all_pages(dialog: SettingsDialog) -> None:
    QTest.keyClicks(dialog._search, "grid")
    assert dialog.visible_settings == ("pixel_grid",)
    assert dialog._list.currentItem().text() == "Mouse and view"
    dialog._search.setText("propagate both")
    assert dialog.visible_settings == ()
    assert dialog._list.currentItem().text() == "Keys"
    dialog._search.setText("no such thing")
    assert dialog._none.isVisible()


def test_the_wheel_over_a_field_without_the_focus_changes_nothing(dialog: SettingsDialog, live: LiveSettings) -> None:
    dialog._list.setCurrentRow(1)
    field = dialog.findChild(QComboBox, "setting.wheel_preset")
    for focus, expected in ((False, "zoom"), (True, "scroll")):
        (field if focus else dialog._search).setFocus()
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(field.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, turn)
        assert live.now.wheel_preset == expected


def test_the_model_is_chosen_in_its_own_dialog(dialog: SettingsDialog, qtbot) -> None:
    with qtbot.waitSignal(dialog.model_requested):
        QTest.keyClick(dialog.findChild(QPushButton, "setting.model"), Qt.Key.Key_Space)


# ------------------------------------------------------------------------------------------------------ keys


def press(dialog: SettingsDialog, button: str, key: Qt.Key, held=Qt.KeyboardModifier.NoModifier) -> None:
    catcher = dialog.findChild(KeyCatcher, button)
    QTest.mouseClick(catcher, Qt.MouseButton.LeftButton)
    assert catcher.listening
    QTest.keyClick(catcher, key, held)
    assert not catcher.listening


def test_pressing_a_free_key_gives_it_to_the_marked_command(dialog: SettingsDialog, live: LiveSettings) -> None:
    dialog.show_keys()
    dialog.keys._mark("tool.box")
    press(dialog, "keyChange", Qt.Key.Key_S)
    assert live.now.keys == (("tool.box", ("S",)),)
    press(dialog, "keyAdd", Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert live.now.keys == (("tool.box", ("S", "Alt+S")),)
    QTest.mouseClick(dialog.findChild(QPushButton, "keyReset"), Qt.MouseButton.LeftButton)
    assert live.now.keys == ()


def test_a_clash_names_both_commands_and_needs_a_choice(dialog: SettingsDialog, live: LiveSettings) -> None:
    dialog.show_keys()
    dialog.keys._mark("tool.box")
    press(dialog, "keyChange", Qt.Key.Key_V)
    question = dialog.findChild(QLabel, "keyQuestion")
    assert question.text() == "V belongs to “Select”. Take it for “Box”?"
    assert live.now.keys == ()
    QTest.mouseClick(dialog.findChild(QPushButton, "keyLeave"), Qt.MouseButton.LeftButton)
    assert live.now.keys == ()
    assert question.isHidden()
    press(dialog, "keyChange", Qt.Key.Key_V)
    QTest.mouseClick(dialog.findChild(QPushButton, "keyTake"), Qt.MouseButton.LeftButton)
    assert live.now.keys == (("tool.box", ("V",)), ("tool.select", ()))
    QTest.mouseClick(dialog.findChild(QPushButton, "keyResetAll"), Qt.MouseButton.LeftButton)
    assert live.now.keys == ()


def test_a_key_that_moves_the_focus_is_refused_and_escape_ends_the_asking(
    dialog: SettingsDialog, live: LiveSettings
) -> None:
    dialog.show_keys()
    dialog.keys._mark("tool.box")
    press(dialog, "keyChange", Qt.Key.Key_Tab)
    assert dialog.findChild(QLabel, "keyQuestion").text() == "Tab cannot be used: it moves the focus or the picture."
    press(dialog, "keyChange", Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert live.now.keys == ()


def test_a_command_is_found_by_its_key(dialog: SettingsDialog) -> None:
    dialog.show_keys()
    press(dialog, "keyFind", Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.keys.command == "track.backward"
    press(dialog, "keyFind", Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.findChild(QLabel, "keyQuestion").text() == "No command has Shift+F11."


def test_another_preset_drops_ones_own_keys(dialog: SettingsDialog, live: LiveSettings) -> None:
    live.change({"keys": (("tool.box", ("S",)),)})
    dialog.show_keys()
    QTest.keyClick(dialog.findChild(QComboBox, "keyPreset"), Qt.Key.Key_End)
    assert (live.now.key_preset, live.now.keys) == ("cvat", ())


def test_the_key_of_play_is_fixed(dialog: SettingsDialog) -> None:
    dialog.show_keys()
    dialog.keys._mark("clip.play")
    assert not dialog.findChild(KeyCatcher, "keyChange").isEnabled()
