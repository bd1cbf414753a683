from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from sam2_annotator.ui import window_state
from sam2_annotator.ui.window_state import WindowState


def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    dock = QDockWidget("files")
    dock.setObjectName("files")
    made.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    qtbot.addWidget(made)
    return made


def side(of: QMainWindow) -> Qt.DockWidgetArea:
    return of.dockWidgetArea(of.findChild(QDockWidget))


def test_each_set_of_screens_has_its_own_layout(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "window.ini"
    first = window(qtbot)
    monkeypatch.setattr(window_state, "_screens", lambda: "at home")
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.findChild(QDockWidget))
    WindowState(path).save(first)
    monkeypatch.setattr(window_state, "_screens", lambda: "at work")
    second = window(qtbot)
    WindowState(path).restore(second)
    assert side(second) == Qt.DockWidgetArea.LeftDockWidgetArea  # as it was left last
    second.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, second.findChild(QDockWidget))
    WindowState(path).save(second)
    monkeypatch.setattr(window_state, "_screens", lambda: "at home")
    third = window(qtbot)
    WindowState(path).restore(third)
    assert side(third) == Qt.DockWidgetArea.LeftDockWidgetArea


def test_a_window_on_a_screen_that_is_gone_opens_on_the_primary_one(qtbot: QtBot, tmp_path: Path) -> None:
    lost = window(qtbot)
    lost.setGeometry(QRect(40_000, 40_000, 900, 700))
    state = WindowState(tmp_path / "window.ini")
    state.save(lost)
    found = window(qtbot)
    state.restore(found)
    assert found.screen().availableGeometry().intersects(found.frameGeometry())


@pytest.mark.parametrize("content", ["", "geometry=1\nlayout=@ByteArray(zz)\n", "\x00\x01"])
def test_a_damaged_file_is_no_obstacle(qtbot: QtBot, tmp_path: Path, content: str) -> None:
    path = tmp_path / "window.ini"
    path.write_text(content)
    made = window(qtbot)
    WindowState(path).restore(made)
    assert made.width() > 100
