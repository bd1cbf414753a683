from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.options_strip import Hint, OptionsStrip
from sam2_annotator.ui.theme.popover import Popover
from sam2_annotator.ui.theme.style import Theme

HINTS = (Hint("Click", "add"), Hint("Right click", "take away"), Hint("Enter", "accept"))


def shown(strip: OptionsStrip) -> list[str]:
    return [label.text() for label in strip.findChildren(QLabel) if label.isVisible() and label.text()]


def test_hints_that_do_not_fit_are_left_out_from_the_end(qtbot: QtBot, theme: Theme) -> None:
    strip = OptionsStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(900, 32)
    strip.set_tool("prompt", "Prompt", HINTS)
    with qtbot.waitExposed(strip):
        strip.show()
    qtbot.waitUntil(lambda: "accept" in shown(strip))
    assert shown(strip) == ["Prompt", "Click", "add", "Right click", "take away", "Enter", "accept"]
    strip.resize(strip.minimumSizeHint().width() + 120, 32)
    qtbot.waitUntil(lambda: "accept" not in shown(strip))
    assert shown(strip)[:3] == ["Prompt", "Click", "add"]


def test_the_current_label_is_shown_and_asks_for_another(qtbot: QtBot, theme: Theme) -> None:
    strip = OptionsStrip(theme)
    qtbot.addWidget(strip)
    label = strip.findChild(QPushButton, "currentLabel")
    assert label is not None
    assert label.text() == "Label: none"
    strip.set_label("cat", (1, 2, 3))
    assert label.text() == "Label: cat"
    with qtbot.waitSignal(strip.label_requested):
        qtbot.mouseClick(label, Qt.MouseButton.LeftButton)


def test_what_pops_up_from_an_option_does_not_make_the_strip_higher(qtbot: QtBot, theme: Theme) -> None:
    strip = OptionsStrip(theme)
    qtbot.addWidget(strip)
    button = QPushButton("Clean up")
    tall = Popover(button)
    tall.setMinimumHeight(300)
    QVBoxLayout(tall).addWidget(QLabel("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight"))
    strip.add_options(button, "prompt")
    assert strip.height() < 80
