from PySide6.QtWidgets import QApplication

from sam2_annotator.ui.theme.swatch import swatch

ORANGE = (0xE6, 0x9F, 0x00)


def test_rings_and_drafts_look_different_without_their_colour(qapp: QApplication) -> None:
    shots = [swatch(ORANGE, ring).pixmap(16, 16).toImage() for ring in range(3)]
    shots.append(swatch(ORANGE, draft=True).pixmap(16, 16).toImage())
    assert all(a != b for i, a in enumerate(shots) for b in shots[:i])
    assert shots[0].pixelColor(8, 8).getRgb()[:3] == ORANGE
    assert shots[3].pixelColor(8, 8).alpha() == 0
