"""The spinner near the pointer and the message."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.canvas.view import CanvasView
from support.canvas import Mouse


def spinner_of(view: CanvasView) -> QWidget:
    return view.findChild(QWidget, "canvas.spinner")


def test_short_waits_show_no_spinner(view: CanvasView, qtbot: QtBot) -> None:
    view.set_busy(True)
    qtbot.wait(60)
    view.set_busy(False)
    qtbot.wait(160)
    assert spinner_of(view).isHidden()


def test_a_spinner_that_shows_stays_long_enough_to_be_seen(view: CanvasView, qtbot: QtBot) -> None:
    view.set_busy(True)
    assert spinner_of(view).isHidden()
    qtbot.waitUntil(spinner_of(view).isVisible, timeout=1000)
    view.set_busy(False)
    qtbot.wait(100)
    assert spinner_of(view).isVisible()
    qtbot.waitUntil(spinner_of(view).isHidden, timeout=1000)


def test_the_spinner_follows_the_pointer_and_stays_inside(view: CanvasView) -> None:
    mouse = Mouse(view)
    mouse.move(100, 100)
    assert spinner_of(view).pos() == QPoint(114, 114)
    mouse.move(599, 399)
    assert view.viewport().rect().contains(spinner_of(view).geometry())


def test_the_message_shows_whole_and_goes(view: CanvasView) -> None:
    label = view.findChild(QLabel, "canvas.message")
    assert label.isHidden()
    view.set_message("Nothing found there. Try a box, or a click nearer the middle.")
    assert label.isVisible()
    assert view.viewport().rect().contains(label.geometry())
    assert label.height() >= label.heightForWidth(label.width())
    view.resize(250, 300)
    assert view.viewport().rect().contains(label.geometry())
    view.set_message("")
    assert label.isHidden()
