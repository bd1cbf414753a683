from PySide6.QtWidgets import QLabel, QTreeWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.dialogs.about import AboutDialog, PackageEntry
from sam2_annotator.ui.theme.style import Theme


def test_it_names_version_and_licences(qtbot: QtBot, theme: Theme) -> None:
    dialog = AboutDialog("1.2.3", (PackageEntry("torch", "2.13", "BSD-3-Clause"),))
    qtbot.addWidget(dialog)
    version, table = dialog.findChild(QLabel, "aboutVersion"), dialog.findChild(QTreeWidget)
    assert version is not None
    assert table is not None
    assert version.text() == "Version 1.2.3 · Apache License 2.0"
    row = table.topLevelItem(0)
    assert row is not None
    assert [row.text(column) for column in range(3)] == ["torch", "2.13", "BSD-3-Clause"]
