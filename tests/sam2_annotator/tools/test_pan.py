"""The pan tool moves the picture with the pointer."""

from sam2_annotator.tools.base import Cursor, ToolContext
from sam2_annotator.tools.pan import PanTool
from support.pointer import Hand


def test_the_picture_goes_with_the_pointer_while_the_button_is_down() -> None:
    hand = Hand(PanTool(), ToolContext(scale=2.0, image_size=(200, 100)))
    assert hand.result.cursor is Cursor.OPEN_HAND
    hand.move(5, 5)
    assert hand.result.scroll == (0, 0)
    hand.press(10, 10)
    assert hand.result.cursor is Cursor.CLOSED_HAND
    hand.move(15, 8)
    assert hand.result.scroll == (10, -4)
    hand.move(16, 8)
    assert hand.result.scroll == (2, 0)
    hand.release(16, 8)
    hand.move(50, 50)
    assert hand.result.scroll == (0, 0)
    assert hand.intents == []
