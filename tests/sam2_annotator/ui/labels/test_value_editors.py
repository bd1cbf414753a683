"""Values as people see and give them."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.labels.value_editors import Editor, editor_for
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue

NEAR_FAR = AttributeSpec("side", AttributeKind.CHOICE, ("near", "far"))


def shown(qtbot: QtBot, spec: AttributeSpec) -> tuple[Editor, list[AttributeValue]]:
    told: list[AttributeValue] = []
    editor = editor_for(spec, told.append)
    qtbot.addWidget(editor)
    editor.show_value(None, mixed=False)
    with qtbot.waitExposed(editor):
        editor.show()
    return editor, told


def turn_wheel(editor: Editor) -> None:
    at = QPointF(editor.rect().center())
    left, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(editor, QWheelEvent(at, at, QPoint(), QPoint(0, -120), left, none, phase, False))


def test_a_flag_goes_from_unsaid_to_yes_to_no(qtbot: QtBot, theme: Theme) -> None:
    editor, told = shown(qtbot, AttributeSpec("seen", AttributeKind.FLAG))
    for expected in (True, False, True):
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.rect().center())
        assert told[-1] is expected
        editor.show_value(expected, mixed=False)
    editor.show_value(None, mixed=True)
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.rect().center())
    assert told[-1] is True


def test_the_wheel_passes_over_choices(qtbot: QtBot, theme: Theme) -> None:
    editor, told = shown(qtbot, NEAR_FAR)
    editor.clearFocus()
    turn_wheel(editor)
    assert told == []
    editor.setFocus()
    turn_wheel(editor)
    assert told == ["near"]


def test_a_number_is_a_number_or_nothing(qtbot: QtBot, theme: Theme) -> None:
    editor, told = shown(qtbot, AttributeSpec("age", AttributeKind.NUMBER))
    editor.setFocus()
    for typed in ("1,5", "x"):
        editor.selectAll()
        qtbot.keyClicks(editor, typed)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told == [1.5]
    assert editor.text() == "1.5"


def test_a_text_is_kept_when_the_field_is_left(qtbot: QtBot, theme: Theme) -> None:
    editor, told = shown(qtbot, AttributeSpec("note", AttributeKind.TEXT))
    editor.setFocus()
    qtbot.keyClicks(editor, "in the shade ")
    editor.clearFocus()
    assert told == ["in the shade"]


def test_a_value_that_comes_in_does_not_take_what_is_typed(qtbot: QtBot, theme: Theme) -> None:
    editor, _ = shown(qtbot, AttributeSpec("note", AttributeKind.TEXT))
    editor.setFocus()
    qtbot.keyClicks(editor, "half a wo")
    editor.show_value(None, mixed=False)
    assert editor.text() == "half a wo"
