from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.welcome import RecentEntry, WelcomePanel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import DocumentAction, OpenPaths


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> WelcomePanel:
    panel = WelcomePanel(theme)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def told_by(panel: WelcomePanel) -> list[object]:
    told: list[object] = []
    panel.intent.connect(told.append)
    return told


def test_the_buttons_say_what_is_wanted(qtbot: QtBot, panel: WelcomePanel) -> None:
    told = told_by(panel)
    for name in ("openPicture", "openFolder", "openVideo", "openSample"):
        button = panel.findChild(QPushButton, name)
        assert button is not None
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    open_file = DocumentAction.OPEN_FILE
    assert told == [open_file, DocumentAction.OPEN_FOLDER, open_file, DocumentAction.OPEN_SAMPLE]


def test_five_recent_projects_are_shown_and_open(qtbot: QtBot, panel: WelcomePanel) -> None:
    panel.set_recent(tuple(RecentEntry(Path(f"/x/{n}.s2a"), f"project {n}") for n in range(9)))
    told = told_by(panel)
    rows = panel.findChildren(QPushButton, "recentProject")
    assert [row.accessibleName() for row in rows] == [f"project {n}" for n in range(5)]
    qtbot.mouseClick(rows[3], Qt.MouseButton.LeftButton)
    assert told == [OpenPaths((Path("/x/3.s2a"),))]


def test_dropped_files_are_opened_and_the_target_shows_itself(panel: WelcomePanel, tmp_path: Path) -> None:
    told = told_by(panel)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.jpg")), QUrl("http://example.org/b.jpg")])
    target = panel.findChild(QFrame, "dropTarget")
    assert target is not None
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, files, left, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    assert target.property("dropping") is True
    QApplication.sendEvent(panel, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, files, left, none))
    assert target.property("dropping") is False
    assert told == [OpenPaths((tmp_path / "a.jpg",))]


def test_dropped_text_is_refused(panel: WelcomePanel) -> None:
    words = QMimeData()
    words.setText("hello")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, words, left, none)
    enter.ignore()
    QApplication.sendEvent(panel, enter)
    assert not enter.isAccepted()


def test_it_fits_the_smallest_window(panel: WelcomePanel) -> None:
    panel.set_recent(tuple(RecentEntry(Path(f"/x/{n}.s2a"), f"project {n}") for n in range(5)))
    hint = panel.minimumSizeHint()
    assert hint.width() <= 640
    assert hint.height() <= 540


def test_a_recent_project_says_where_it_lies_and_when_it_was_opened(panel: WelcomePanel) -> None:
    panel.set_recent((RecentEntry(Path("/x/1.s2a"), "street", "/home/ann/street", "Today 14:03"),))
    (row,) = panel.findChildren(QPushButton, "recentProject")
    assert {label.text() for label in row.findChildren(QLabel)} == {"street", "/home/ann/street", "Today 14:03"}
    assert row.accessibleDescription() == "/home/ann/street · Today 14:03"
    assert row.height() >= 24
