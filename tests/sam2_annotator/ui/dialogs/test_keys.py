from PySide6.QtWidgets import QLineEdit, QTreeWidget
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
