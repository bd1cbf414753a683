import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.candidates import CandidateButton, CandidateEntry, CandidateStrip
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import ChooseCandidate


def entry(quality: float) -> CandidateEntry:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    return CandidateEntry(image, quality)


@pytest.fixture
def strip(qtbot: QtBot, theme: Theme) -> CandidateStrip:
    strip = CandidateStrip(theme)
    qtbot.addWidget(strip)
    strip.set_candidates((entry(0.2), entry(0.9), entry(0.5)), 1)
    return strip


def buttons(strip: CandidateStrip) -> list[CandidateButton]:
    return [strip.findChild(CandidateButton, f"candidate{index}") for index in range(3)]


def test_a_click_chooses(qtbot: QtBot, strip: CandidateStrip) -> None:
    told: list[object] = []
    strip.intent.connect(told.append)
    qtbot.mouseClick(buttons(strip)[2], Qt.MouseButton.LeftButton)
    assert told == [ChooseCandidate(2)]
    assert [button.isChecked() for button in buttons(strip)] == [False, False, True]


def test_the_best_is_marked_and_the_bar_is_as_long_as_the_quality(strip: CandidateStrip, theme: Theme) -> None:
    assert [button.isChecked() for button in buttons(strip)] == [False, True, False]
    lengths = []
    for button in buttons(strip):
        image = button.grab().toImage()
        row = image.height() - 4 - 2
        lengths.append(sum(image.pixelColor(x, row).name() == theme.tokens.accent for x in range(4, image.width() - 4)))
    assert lengths == [pytest.approx(76 * quality, abs=3) for quality in (0.2, 0.9, 0.5)]
    assert "90%" in buttons(strip)[1].toolTip()


def test_the_pointer_previews(strip: CandidateStrip) -> None:
    seen: list[object] = []
    strip.previewed.connect(seen.append)
    QApplication.sendEvent(buttons(strip)[0], QEvent(QEvent.Type.Enter))
    QApplication.sendEvent(buttons(strip)[0], QEvent(QEvent.Type.Leave))
    assert seen == [0, None]


def test_no_candidates_hide_the_strip(strip: CandidateStrip) -> None:
    assert strip.isVisible()
    strip.set_candidates((), 0)
    assert not strip.isVisible()
