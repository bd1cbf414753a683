import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import ElidedLabel, TextField, icon_button


@pytest.fixture
def field(qtbot: QtBot) -> TextField:
    window = QWidget()
    field = TextField()
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    field.setText("before")
    with qtbot.waitExposed(window):
        window.show()
    field.setFocus()
    field.host = window
    return field


def test_enter_commits_and_releases(qtbot: QtBot, field: TextField) -> None:
    field.selectAll()
    qtbot.keyClicks(field, "cat")
    told: list[str] = []
    field.committed.connect(told.append)
    with qtbot.waitSignal(field.released):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["cat"]


def test_esc_restores_the_old_text_and_releases(qtbot: QtBot, field: TextField) -> None:
    field.selectAll()
    qtbot.keyClicks(field, "cat")
    with qtbot.waitSignal(field.released):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "before"


def test_letters_and_enter_reach_the_field_and_not_the_commands(qtbot: QtBot, field: TextField) -> None:
    fired: list[str] = []
    for key in ("T", "Return", "Ctrl+Z"):
        shortcut = QShortcut(key, field.window())
        shortcut.activated.connect(lambda key=key: fired.append(key))
    field.clear()
    qtbot.keyClicks(field, "t")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "t"
    assert fired == []


def test_a_click_on_an_icon_button_leaves_the_keyboard_where_it_is(
    qtbot: QtBot, field: TextField, theme: Theme
) -> None:
    button = icon_button(theme, "undo", "undo", "Undo", key="Ctrl+Z", what="takes back the last step")
    field.window().layout().addWidget(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    assert button.toolTip() == "Undo (Ctrl+Z): takes back the last step"
    assert button.accessibleName() == "Undo"
    assert button.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_long_line_is_cut_and_told_in_full(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("a sentence that is certainly too long for so little room")
    label.resize(80, 20)
    label.grab()
    assert label.minimumSizeHint().width() == 0
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""
