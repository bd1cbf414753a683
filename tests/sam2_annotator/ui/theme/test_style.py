import pytest
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.theme.sheet import style_sheet
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, THEMES, ThemeChoice, Tokens


def colour_of(button: QToolButton | QAction) -> tuple[int, int, int]:
    """Mean colour of what is drawn."""
    image = button.icon().pixmap(24, 24).toImage()
    drawn = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 200]
    assert drawn
    return tuple(sum(channel) // len(drawn) for channel in zip(*(c.getRgb()[:3] for c in drawn), strict=True))


def test_choosing_a_theme_changes_palette_sheet_and_icons(qapp: QApplication, qtbot: QtBot, theme: Theme) -> None:
    window, button, action = QWidget(), QToolButton(), QAction()
    qtbot.addWidget(window)
    button.setParent(window)
    window.addAction(action)
    for target in (button, action):
        theme.set_icon(target, "undo")
    dark = colour_of(button)
    with qtbot.waitSignal(theme.changed):
        theme.choose(ThemeChoice.LIGHT)
    try:
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
        assert LIGHT.accent in qapp.styleSheet()
        assert min(dark) > 150
        assert max(colour_of(button)) < 110
        assert max(colour_of(action)) < 110
    finally:
        theme.choose(ThemeChoice.DARK)


def test_the_system_theme_follows_the_desktop(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sam2_annotator.ui.theme.style.system_tokens", lambda app: HIGH_CONTRAST)
    theme.choose(ThemeChoice.SYSTEM)
    try:
        assert theme.tokens is HIGH_CONTRAST
    finally:
        theme.choose(ThemeChoice.DARK)
    assert theme.tokens is DARK


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_the_sheet_has_no_place_left_open(tokens: Tokens) -> None:
    assert "${" not in style_sheet(tokens)


def test_a_focused_field_has_a_two_pixel_ring(qtbot: QtBot, theme: Theme) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(120, 30)
    with qtbot.waitExposed(field):
        field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    shot = field.grab().toImage()
    column = [shot.pixelColor(x, 15).name() for x in range(4)]
    assert column[:2] == [theme.tokens.focus] * 2
    assert column[3] == theme.tokens.field
