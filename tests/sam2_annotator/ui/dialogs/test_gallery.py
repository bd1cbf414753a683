from sam2_annotator.ui.dialogs import gallery
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import DARK, LIGHT, ThemeChoice


def test_dialogs_are_shown_in_both_themes(theme: Theme) -> None:
    picture = gallery.picture(theme)
    theme.choose(ThemeChoice.DARK)
    inside = 24 + 5
    below = inside + picture.height() // 2
    assert picture.pixelColor(inside, inside).name() == DARK.window
    assert picture.pixelColor(inside, below).name() == LIGHT.window
