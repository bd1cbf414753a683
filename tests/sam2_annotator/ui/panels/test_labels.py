import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.intents import SetLabel

ROWS = (LabelEntry(LabelId(1), "dog", 1, 3, (1, 2, 3)), LabelEntry(LabelId(2), "cat", None, 0, (4, 5, 6)))


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> LabelsPanel:
    panel = LabelsPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(300, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def told_by(panel: LabelsPanel) -> list[object]:
    told: list[object] = []
    panel.intent.connect(told.append)
    return told


def test_typing_makes_labels_until_an_empty_enter_gives_the_keyboard_back(qtbot: QtBot, panel: LabelsPanel) -> None:
    told = told_by(panel)
    field = panel.findChild(QLineEdit, "labelField")
    assert field is not None
    qtbot.keyClicks(field, "  dog ")
    with qtbot.assertNotEmitted(panel.focus_released):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [AddLabel("  dog ")]
    assert field.text() == ""
    with qtbot.waitSignal(panel.focus_released):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [AddLabel("  dog ")]


def test_an_empty_name_makes_nothing(qtbot: QtBot, panel: LabelsPanel) -> None:
    told = told_by(panel)
    field = panel.findChild(QLineEdit, "labelField")
    assert field is not None
    qtbot.keyClicks(field, "  ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == []


def test_a_click_chooses_the_label(qtbot: QtBot, panel: LabelsPanel) -> None:
    panel.set_rows(ROWS, LabelId(1))
    told = told_by(panel)
    view = panel.findChild(RowView)
    assert view is not None
    place = view.visualRect(view.model().index(1, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [SetLabel("cat")]


def test_the_rows_show_digit_count_and_the_current_one(panel: LabelsPanel) -> None:
    panel.set_rows(ROWS, LabelId(1))
    view = panel.findChild(RowView)
    assert view is not None
    model = view.model()
    assert [[model.index(row, column).data() for column in (0, 2, 3)] for row in range(2)] == [
        ["1", "dog", "3"],
        ["", "cat", ""],
    ]
    marks = [model.index(row, 3).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(2)]
    assert marks == [True, False]
