"""A canvas to draw on."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.theme.style import Theme


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> Iterator[CanvasView]:
    """A shown canvas of 600 x 400 with a picture of 320 x 240 random pixels and the prompt tool."""
    canvas = CanvasView(theme)
    canvas.resize(600, 400)
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.setFocus()
    frame = np.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    canvas.set_frame(frame, keep_view=False)
    yield canvas
    canvas.hide()
