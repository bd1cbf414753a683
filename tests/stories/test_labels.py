"""Making and using labels as a person does, with mouse and keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTabWidget

from support.drawn import picture_file
from support.window import Driver


def labels_field(driver: Driver) -> QLineEdit:
    tabs = driver.window.findChild(QTabWidget, "side_tabs")
    assert tabs is not None
    tabs.setCurrentWidget(driver.window.labels)
    field = driver.window.labels.findChild(QLineEdit, "labelField")
    assert field is not None
    return field


def type_where_the_keyboard_is(text: str) -> None:
    """Every key goes to the widget that has the focus at that moment, as in life; a line break is Enter."""
    for letter in text:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, Qt.Key.Key_Return if letter == "\n" else letter)


def names(driver: Driver) -> list[str]:
    return [row.name for row in driver.project.labels()]


def test_several_names_can_be_typed_one_after_another(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("dog\nbird\n")
    assert names(driver) == ["dog", "bird"]
    assert driver.app.state.view.tool == "prompt"
    type_where_the_keyboard_is("\n")
    assert QApplication.focusWidget() is driver.window.canvas
