"""The language of tests."""

from functools import cache

from PySide6.QtWidgets import QApplication

from sam2_annotator.paths import resource
from sam2_annotator.ui.i18n import install


@cache
def speak_english(qapp: QApplication) -> None:
    """As the program does at its start. Once: every text asks all translators there are."""
    install(qapp, resource("i18n"), "en")
