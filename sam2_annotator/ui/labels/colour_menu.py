"""Choosing a colour: the seven that everybody can tell apart first, then any."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.values.palette import COLOURS, RGB


def fill_colour_menu(menu: QMenu, current: RGB, choose: Callable[[RGB], None], parent: QWidget) -> None:
    """Put the colours into a menu; `choose` gets the one that was taken."""
    for title, colour in zip(_names(), COLOURS, strict=True):
        action = menu.addAction(swatch(colour), title)
        action.triggered.connect(partial(_choose, choose, colour))
        action.setCheckable(True)
        action.setChecked(colour == current)
    menu.addSeparator()
    menu.addAction(tr("Another colour…"), lambda: _ask(current, choose, parent))


def _choose(choose: Callable[[RGB], None], colour: RGB, checked: bool = False) -> None:
    choose(colour)


def _ask(current: RGB, choose: Callable[[RGB], None], parent: QWidget) -> None:
    dialog = QColorDialog(QColor(*current), parent)
    dialog.setObjectName("colourDialog")
    dialog.setWindowTitle(tr("Colour"))
    dialog.colorSelected.connect(lambda colour: choose((colour.red(), colour.green(), colour.blue())))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _names() -> tuple[str, ...]:
    return (
        tr("Orange"),
        tr("Sky blue"),
        tr("Green"),
        tr("Yellow"),
        tr("Blue"),
        tr("Vermilion"),
        tr("Purple"),
    )
