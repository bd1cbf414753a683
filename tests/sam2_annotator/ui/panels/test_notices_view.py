import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.notices import Notice, Tone
from sam2_annotator.ui.panels import notices_view
from sam2_annotator.ui.panels.notices_view import NoticeCard, NoticesView
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import DocumentAction


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> NoticesView:
    monkeypatch.setattr(notices_view, "SHOWN_MS", 200)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 500)
    with qtbot.waitExposed(host):
        host.show()
    QCursor.setPos(host.mapToGlobal(QPoint(2, 2)))
    return NoticesView(theme, host)


def test_at_most_two_and_the_oldest_goes(view: NoticesView) -> None:
    for text in ("one", "two", "three"):
        view.show_notice(Notice(text))
    assert view.texts == ("two", "three")


def test_they_pass(qtbot: QtBot, view: NoticesView) -> None:
    view.show_notice(Notice("one", Tone.WARNING))
    assert view.isVisible()
    qtbot.waitUntil(lambda: view.texts == ())
    assert not view.isVisible()


def test_they_stay_under_the_pointer(qtbot: QtBot, view: NoticesView) -> None:
    view.show_notice(Notice("one"))
    card = view.findChild(NoticeCard)
    assert card is not None
    QApplication.sendEvent(card, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    qtbot.wait(300)
    assert view.texts == ("one",)
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: view.texts == ())


def test_a_button_sends_its_intent_and_closes(qtbot: QtBot, view: NoticesView) -> None:
    told: list[object] = []
    view.intent.connect(told.append)
    view.show_notice(Notice("Removed cat 3.", actions=(("Undo", DocumentAction.UNDO),)))
    button = view.findChild(QPushButton, "noticeAction")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [DocumentAction.UNDO]
    assert view.texts == ()


def test_the_cross_closes(qtbot: QtBot, view: NoticesView) -> None:
    view.show_notice(Notice("one"))
    cross = view.findChild(QToolButton, "noticeClose")
    assert cross is not None
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert view.texts == ()


def test_it_stays_at_the_bottom_and_inside(view: NoticesView) -> None:
    host = view.parentWidget()
    assert host is not None
    view.show_notice(Notice("a long sentence that needs more than one line in a narrow window " * 3, Tone.ERROR))
    for width, height in ((800, 500), (420, 300)):
        host.resize(width, height)
        assert host.rect().contains(view.geometry())
        assert view.geometry().bottom() > height - 30


def test_two_notices_are_read_whole(view: NoticesView) -> None:
    sentence = "The folder /data/exports/2026/city cannot be written: no space is left on the device. Choose another."
    view.show_notice(Notice("135 masks written.", actions=(("Export again", DocumentAction.EXPORT_AGAIN),)))
    view.show_notice(Notice(sentence, Tone.ERROR))
    QApplication.processEvents()
    texts = view.findChildren(QLabel, "noticeText")
    assert len(texts) == 2
    for text in texts:
        needed = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
        assert text.height() >= needed
        assert text.wordWrap() or text.width() >= text.sizeHint().width()


def test_undo_is_not_offered_when_it_would_take_back_something_else(view: NoticesView) -> None:
    view.show_notice(Notice("Removed cat 3.", actions=(("Undo", DocumentAction.UNDO),)))
    view.show_notice(Notice("135 masks written.", actions=(("Export again", DocumentAction.EXPORT_AGAIN),)))
    view.withdraw_undo()
    assert view.texts == ("135 masks written.",)


def test_what_weighs_less_waits_for_what_weighs_more(view: NoticesView) -> None:
    view.show_notice(Notice("Restored 93 changes.", Tone.SUCCESS))
    view.show_notice(Notice("model"))
    view.show_notice(Notice("another"))
    assert view.texts == ("Restored 93 changes.", "another")
    view.show_notice(Notice("cannot be read", Tone.WARNING))
    view.show_notice(Notice("copied"))
    assert view.texts == ("Restored 93 changes.", "cannot be read")
    cross = view.findChild(QToolButton, "noticeClose")
    assert cross is not None
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert view.texts == ("cannot be read", "copied")


def test_of_one_topic_only_the_newest_is_shown(view: NoticesView) -> None:
    view.show_notice(Notice("Undid: Remove item", topic="step"))
    view.show_notice(Notice("135 masks written."))
    view.show_notice(Notice("Undid: Add object", topic="step"))
    assert view.texts == ("135 masks written.", "Undid: Add object")
    view.withdraw("step")
    assert view.texts == ("135 masks written.",)
