from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.dialogs.keys import KeyEntry, KeysDialog
from sam2_annotator.ui.theme.style import Theme

ENTRIES = (
    KeyEntry("Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    KeyEntry("Edit", "Undo", ("Ctrl+Z",)),
    KeyEntry("Clip", "Propagate", ("T",)),
)


def shown(table: QTreeWidget) -> dict[str, list[str]]:
    groups = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return {
        group.text(0): [group.child(n).text(1) for n in range(group.childCount()) if not group.child(n).isHidden()]
        for group in groups
        if not group.isHidden()
    }


def test_commands_are_grouped_and_filtered(qtbot: QtBot, theme: Theme) -> None:
    dialog = KeysDialog(theme, ENTRIES)
    qtbot.addWidget(dialog)
    table, field = dialog.findChild(QTreeWidget), dialog.findChild(QLineEdit)
    assert table is not None
    assert field is not None
    assert shown(table) == {"Edit": ["Ctrl+Shift+Z or Ctrl+Y", "Ctrl+Z"], "Clip": ["T"]}
    qtbot.keyClicks(field, "un ctrl")
    assert shown(table) == {"Edit": ["Ctrl+Z"]}
    field.clear()
    assert len(shown(table)) == 2


def test_escape_takes_the_filter_back_and_then_closes(qtbot: QtBot, theme: Theme) -> None:
    dialog = KeysDialog(theme, ENTRIES)
    dialog.open()
    qtbot.waitExposed(dialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "undo")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, theme: Theme) -> None:
    dialog = KeysDialog(theme, ENTRIES)
    dialog.open()
    close = dialog.findChild(QPushButton, "keysClose")
    assert close is not None
    close.setFocus()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(close, Qt.Key.Key_Return)
