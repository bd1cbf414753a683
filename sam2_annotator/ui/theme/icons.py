"""Icons: 24 px line drawings in resources/icons, tinted by the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sam2_annotator.paths import resource
from sam2_annotator.ui.theme.tokens import Tokens

SIZES = (16, 24, 32, 48)


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The drawing in one colour ("#rrggbb"), `size` x `size` device pixels."""
    source = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    canvas = QPixmap(QSize(size, size))
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return canvas


@lru_cache(maxsize=256)
def icon(name: str, tokens: Tokens, *, quiet: bool = False) -> QIcon:
    """The icon for buttons, menus and lists of a theme: plain (or quiet), disabled, selected and switched on."""
    result = QIcon()
    for size in SIZES:
        for mode, state, colour in (
            (QIcon.Mode.Normal, QIcon.State.Off, tokens.control if quiet else tokens.icon),
            (QIcon.Mode.Disabled, QIcon.State.Off, tokens.text_disabled),
            (QIcon.Mode.Selected, QIcon.State.Off, tokens.on_selection),
            (QIcon.Mode.Normal, QIcon.State.On, tokens.on_selection),
        ):
            result.addPixmap(pixmap(name, colour, size), mode, state)
    return result
