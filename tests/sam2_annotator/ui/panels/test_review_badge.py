"""The badge says what was said of a frame and stays in its corner."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.corner import CornerRow
from sam2_annotator.ui.theme.style import Theme


def test_it_says_what_was_said_and_nothing_else(qtbot: QtBot, theme: Theme) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(400, 300)
    row = CornerRow(theme, host)
    badge = row.review
    with qtbot.waitExposed(host):
        host.show()
    assert badge.text == ""
    badge.set_review(confirmed=True, flag=None)
    assert badge.text == "Confirmed"
    badge.set_review(confirmed=True, flag="edge")
    assert badge.text == "Flagged: edge"
    badge.set_review(confirmed=False, flag="")
    assert badge.text == "Flagged"
    host.resize(500, 500)
    qtbot.waitUntil(lambda: row.geometry().bottom() > 450)
    badge.set_review(confirmed=False, flag="far too long a reason " * 20)
    assert badge.width() < 450
    badge.set_review(confirmed=False, flag=None)
    assert badge.text == ""
