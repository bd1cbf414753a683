"""English and a theme for every widget under test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice
from support.language import speak_english


@pytest.fixture(scope="session", autouse=True)
def english(qapp: QApplication) -> None:
    speak_english(qapp)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, ThemeChoice.DARK)
