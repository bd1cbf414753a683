from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.dialogs.export import (
    ExportChoice,
    ExportDialog,
    ExportPreview,
    ExportScope,
    FormatEntry,
    FormatOption,
)
from sam2_annotator.ui.theme.style import Theme

COCO = FormatEntry("coco", "COCO", (), (FormatOption("images", "Copy the pictures", True),))
LOSSY = FormatEntry("davis", "DAVIS", ("Overlaps are lost.",))
CHOICE = ExportChoice("coco", ExportScope.ALL, Path("/data/out"), frozenset({"images"}))
PREVIEW = ExportPreview(("annotations.json",), 1, 2, 3)


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> ExportDialog:
    dialog = ExportDialog((COCO, LOSSY), CHOICE)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    return dialog


def label(dialog: ExportDialog, name: str) -> QLabel:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found


def test_enter_exports_what_is_set(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.set_preview(PREVIEW)
    chosen: list[object] = []
    dialog.chosen.connect(chosen.append)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert chosen == [CHOICE]
    assert not dialog.isVisible()


def test_each_change_asks_for_a_new_preview_and_waits_for_it(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.set_preview(PREVIEW)
    asked: list[object] = []
    dialog.choice_changed.connect(asked.append)
    box, scope = dialog.findChild(QCheckBox, "exportOption.images"), dialog.findChild(QComboBox, "exportScope")
    folder, export = dialog.findChild(QLineEdit, "exportFolder"), dialog.findChild(QPushButton, "exportExport")
    assert box is not None
    assert scope is not None
    assert folder is not None
    assert export is not None
    box.click()
    scope.setCurrentIndex(2)
    folder.setText("/data/other")
    assert asked[-1] == ExportChoice("coco", ExportScope.CONFIRMED, Path("/data/other"))
    assert len(asked) == 3
    assert not export.isEnabled()
    dialog.set_preview(PREVIEW)
    assert export.isEnabled()


def test_the_preview_names_files_counts_and_problems(dialog: ExportDialog) -> None:
    files = tuple(f"images/{n}.jpg" for n in range(9))
    dialog.set_preview(ExportPreview(files, 9, 1, 12, ("2 objects have no label.",)))
    text = label(dialog, "exportPreview").text()
    assert text.startswith("Writes 9 pictures and clips, 1 object, 12 masks:")
    assert "images/0.jpg" in text
    assert text.endswith("and 3 more")
    assert label(dialog, "exportProblems").text() == "2 objects have no label."


def test_what_a_format_cannot_hold_blocks(dialog: ExportDialog) -> None:
    dialog.set_preview(ExportPreview((), 0, 0, 0, blocked="DAVIS holds at most 255 objects."))
    export = dialog.findChild(QPushButton, "exportExport")
    assert export is not None
    assert not export.isEnabled()
    assert "255" in label(dialog, "exportProblems").text()


def test_another_format_brings_its_losses_and_options(dialog: ExportDialog) -> None:
    formats = dialog.findChild(QComboBox, "exportFormat")
    assert formats is not None
    assert not label(dialog, "exportLosses").isVisible()
    formats.setCurrentIndex(1)
    assert label(dialog, "exportLosses").text() == "Overlaps are lost."
    assert dialog.choice().options == frozenset()
    formats.setCurrentIndex(0)
    assert dialog.choice() == CHOICE


def test_esc_exports_nothing(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.set_preview(PREVIEW)
    chosen: list[object] = []
    dialog.chosen.connect(chosen.append)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert chosen == []
    assert not dialog.isVisible()
