import pytest
from PySide6.QtGui import QIcon
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from sam2_annotator.paths import resource
from sam2_annotator.ui.theme.icons import icon, pixmap
from sam2_annotator.ui.theme.tokens import DARK

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_is_valid_and_not_empty(name: str, qapp: QApplication) -> None:
    assert QSvgRenderer(str(resource(f"icons/{name}.svg"))).isValid()
    image = pixmap(name, "#ff0000", 24).toImage()
    drawn = [(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 128]
    assert 10 < len(drawn) < 520


def test_icons_are_sharp_at_each_size_and_dimmed_when_disabled(qapp: QApplication) -> None:
    undo = icon("undo", DARK)
    assert {16, 24, 32} <= {size.width() for size in undo.availableSizes()}
    assert undo.pixmap(24, 24).toImage() != undo.pixmap(24, 24, QIcon.Mode.Disabled).toImage()


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", DARK)
