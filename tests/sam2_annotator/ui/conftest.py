"""English and a theme for every widget under test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from sam2_annotator.paths import resource
from sam2_annotator.ui.i18n import install
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice


@pytest.fixture(scope="session", autouse=True)
def english(qapp: QApplication) -> None:
    install(qapp, resource("i18n"), "en")


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, ThemeChoice.DARK)
