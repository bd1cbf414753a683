from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.ui.theme.style import Theme


def make(qtbot: QtBot, theme: Theme, **words: str) -> ErrorDialog:
    dialog = ErrorDialog(theme, "The video ends at frame 8.", "Convert the file.", "stack …", **words)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    return dialog


def button(dialog: ErrorDialog, name: str) -> QPushButton | None:
    return dialog.findChild(QPushButton, name)


def test_it_says_what_happened_and_what_to_do(qtbot: QtBot, theme: Theme) -> None:
    dialog = make(qtbot, theme)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "The video ends at frame 8." in texts
    assert "Convert the file." in texts
    assert button(dialog, "errorMain") is None
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_details_are_copied(qtbot: QtBot, theme: Theme) -> None:
    dialog = make(qtbot, theme)
    copy = button(dialog, "errorCopy")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "stack …"
    assert dialog.isVisible()


def test_the_main_action_is_the_default(qtbot: QtBot, theme: Theme) -> None:
    dialog = make(qtbot, theme, action="Use the first 8")
    with qtbot.waitSignal(dialog.main_chosen):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_it_does_not_block(qtbot: QtBot, theme: Theme) -> None:
    dialog = make(qtbot, theme)
    assert dialog.isVisible()
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
