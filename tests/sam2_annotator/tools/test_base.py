"""What the event values say of themselves."""

from sam2_annotator.tools.base import Button, Modifier, PointerEvent, PointerKind


def test_the_second_press_of_a_double_click_is_a_press() -> None:
    double = PointerEvent(PointerKind.DOUBLE, 0, 0, 0, 0, Button.LEFT, Modifier.SHIFT | Modifier.ALT)
    assert double.presses(Button.LEFT)
    assert not double.presses(Button.RIGHT)
    assert not double.releases(Button.LEFT)
    assert double.held(Modifier.ALT)
    assert not double.held(Modifier.CTRL)
