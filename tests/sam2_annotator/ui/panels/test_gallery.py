from PySide6.QtWidgets import QLabel, QWidget

from sam2_annotator.ui.panels import gallery
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice


def test_every_theme_is_shown_and_controls_are_named(theme: Theme) -> None:
    picture = gallery.picture(theme)
    theme.choose(ThemeChoice.DARK)
    assert picture.width() == gallery.SIZE.width() * 2
    corners = {picture.pixelColor(5, gallery.SIZE.height() * row + 5).name() for row in range(3)}
    assert len(corners) == 3


def test_everything_one_can_reach_by_tab_has_a_name(theme: Theme) -> None:
    window = gallery.window(theme)
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy().value & 1
        and not isinstance(widget, QLabel)
        and type(widget).__module__.startswith("sam2_annotator")
        and not widget.accessibleName()
    ]
    assert nameless == []
