"""The canvas: shows a frame with its masks and forwards events to the tool in use."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from sam2_annotator.tools import registry
from sam2_annotator.tools.base import (
    Button,
    Cursor,
    Key,
    KeyEvent,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.ui.canvas.cursors import SHAPES
from sam2_annotator.ui.canvas.floating import BusySpinner, CanvasMessage
from sam2_annotator.ui.canvas.looks import CanvasLooks
from sam2_annotator.ui.canvas.panning import PanGesture
from sam2_annotator.ui.canvas.pointer import to_image_event, to_key_event
from sam2_annotator.ui.canvas.render import Pixels
from sam2_annotator.ui.canvas.scene import CanvasScene
from sam2_annotator.ui.canvas.values import CanvasMask, DrawingTarget, PointerInfo
from sam2_annotator.ui.canvas.zoom_view import ZoomView
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.adjustment import Adjustment
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import ChangeBrushSize
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import PlayToggle, StepFrame
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.suggesting import Suggestion

_SELECTION_MARGIN = 0.2
_BRUSHES = ("brush", "eraser")


class CanvasView(ZoomView):
    """Fed with values, emits intents; knows no document and no engine."""

    intent = Signal(object)
    pointer_moved = Signal(object)  # PointerInfo
    came_under_pointer = Signal(object)  # PointerInfo of a resting pointer
    resized = Signal()
    gesture_changed = Signal(object)  # frozenset[Key] the tool takes now

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._scene = CanvasScene()
        super().__init__(self._scene, parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.viewport().setMouseTracking(True)
        self._theme = theme
        theme.changed.connect(self._follow_theme)
        self._follow_theme()
        self._selection: tuple[ObjectId, ...] = ()
        self._pan = PanGesture()
        self._pointer: QPointF | None = None
        self._button_down = False
        self._options = DrawingOptions()
        self._place: Hashable = None
        self._waiting: dict[tuple[Hashable, str], ToolState] = {}
        self._spinner = BusySpinner(self.viewport())
        self._message = CanvasMessage(self.viewport())
        self._entry = registry.find(registry.DEFAULT_TOOL)
        self._result = self._entry.tool.start(self._context())
        self._show_cursor()

    # ------------------------------------------------------------------------------------------ what to show

    def set_frame(self, frame: Pixels | None, keep_view: bool) -> None:
        """Show a frame, uint8 (H, W, 3) RGB; `keep_view` keeps zoom and position if the size is the same."""
        self._scene.set_frame(frame)
        self.set_picture_size(self._scene.frame_size, keep_view=keep_view)
        self._lay_out_message()
        self._look_again()

    def set_masks(self, masks: tuple[CanvasMask, ...]) -> None:
        """The objects of the frame, from back to front."""
        movable = self._scene.movable
        self._scene.set_masks(masks)
        if self._result.state.active or self._scene.movable != movable:
            self._refresh()
        self._look_again()

    def set_masks_visible(self, visible: bool) -> None:
        """Show or hide all masks."""
        self._scene.set_masks_visible(visible)
        self._refresh()

    def set_looks(self, looks: CanvasLooks) -> None:
        """Draw so from now on."""
        self.set_zoom_step(looks.zoom_step)
        self._scene.set_looks(looks)

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Show pictures so from now on."""
        self._scene.set_adjustment(adjustment)

    def set_preview(self, mask: Mask | None) -> None:
        """Show a mask in place of the draft's (a candidate under the pointer), or end that."""
        self._scene.set_preview(mask)

    def set_ghost(self, mask: Mask | None) -> None:
        """Show the mask a click would bring, or end that."""
        self._scene.set_ghost(mask)

    def set_previews(self, masks: Mapping[ObjectId, Mask]) -> None:
        """Show these masks in place of what the objects have; {} ends that."""
        self._scene.set_previews(masks)

    def set_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Show these lightly over everything; () ends that."""
        self._scene.set_suggestions(suggestions)
        self._refresh()

    def set_prompts(self, prompts: PromptSet, draft: bool) -> None:
        """The prompts of the draft or of the selected object."""
        self._scene.set_prompts(prompts, draft=draft)

    def set_context(self, *, selection: tuple[ObjectId, ...]) -> None:
        """What tools cannot see on the canvas: the selection, which may have no mask here."""
        self._selection = selection
        self._refresh()

    def set_target(self, target: DrawingTarget) -> None:
        """What strokes go into."""
        if target != self._scene.target:
            self._scene.set_target(target)
            self._refresh()

    def set_drawing(self, options: DrawingOptions) -> None:
        """How to draw."""
        self._options = options
        self._refresh()

    def set_place(self, place: Hashable) -> None:
        """Name what is shown: work begun in one place waits there until the place is shown again."""
        if place != self._place:
            self._put_aside()
            self._place = place
            self._take_up()

    def set_busy(self, busy: bool) -> None:
        """Turn a spinner near the pointer as soon as waiting takes noticeable time."""
        self._spinner.set_busy(busy)

    @property
    def message(self) -> str:
        """The line over the canvas, as shown."""
        return self._message.text()

    def set_message(self, text: str) -> None:
        """A line over the canvas; "" takes it away."""
        self._message.set_message(text)
        self._lay_out_message()

    def toggle_fit(self) -> None:
        """Between the whole picture and 100 % at the pointer."""
        if self.is_fitted:
            self.zoom_to(1.0, self._pointer)
        else:
            self.fit()

    def zoom_to_selection(self) -> None:
        """The selected objects with a margin."""
        box = self._scene.selected_box()
        if box is not None:
            self.zoom_to_box(box, _SELECTION_MARGIN)

    def on_camera(self) -> None:
        """Let the items get ready for another view."""
        self._scene.set_camera(self.camera, self.ratio, self.canvas_size())
        self._refresh()

    def on_frame_wheel(self, frames: int) -> None:
        """Alt + wheel."""
        self.intent.emit(ChangeBrushSize(-frames) if self.tool in _BRUSHES else StepFrame(frames))

    # ------------------------------------------------------------------------------------------------- tools

    @property
    def tool(self) -> str:
        """Id of the tool in use."""
        return self._entry.id

    def set_tool(self, tool_id: str) -> None:
        """Take up another tool; a gesture in progress is dropped, collected points are run. Raises KeyError."""
        entry = registry.find(tool_id)
        if entry is not self._entry:
            self._feed(KeyEvent(Key.SHIFT, pressed=False))
            self._put_aside()
            self._entry = entry
            self._take_up()

    @property
    def in_gesture(self) -> bool:
        """True while the tool is in the middle of something."""
        return self._result.state.active

    def press_in_tool(self, key: Key) -> bool:
        """Give the tool a key if it takes that one now; False when it does not."""
        if key not in self._result.state.keys:
            return False
        self._feed(KeyEvent(key))
        return True

    def _put_aside(self) -> None:
        """Keep unfinished work that lasts; anything else the tool has begun is dropped."""
        here = (self._place, self._entry.id)
        self._waiting.pop(here, None)
        if self._result.state.lasts:
            self._waiting[here] = self._result.state

    def _take_up(self) -> None:
        """Begin with the tool where it was left in this place."""
        state = self._waiting.pop((self._place, self._entry.id), None)
        self._apply(self._entry.tool.start(self._context()))
        if state is not None:
            self._apply(self._entry.tool.on(state, KeyEvent(Key.SHIFT, pressed=False), self._context()))

    def _context(self) -> ToolContext:
        return self._scene.context(self.camera.scale, self._selection, self._options)

    def _refresh(self) -> None:
        """What the tool shows may have changed though the pointer has not moved."""
        self._look_again()
        if self._scene.frame_size is None or self._button_down:
            return
        if self._pointer is None and self._result.state.active:
            self._apply(self._entry.tool.on(self._result.state, KeyEvent(Key.SHIFT, pressed=False), self._context()))
        elif self._pointer is None:
            self._scene.set_overlay(self._entry.tool.start(self._context()).overlay)
        else:
            x, y = self._pointer.toTuple()
            self._feed(PointerEvent(PointerKind.MOVE, *self.camera.to_image(x, y), x, y))

    def _feed(self, event: PointerEvent | KeyEvent) -> None:
        if self._scene.frame_size is not None:
            self._apply(self._entry.tool.on(self._result.state, event, self._context()))

    def _apply(self, result: ToolResult) -> None:
        before, self._result = self._result.state.keys, result
        if result.state.keys != before:
            self.gesture_changed.emit(result.state.keys)
        self._scene.set_overlay(result.overlay)
        self._show_cursor()
        if result.scroll != (0.0, 0.0):
            self.pan_by(*result.scroll)
        for intent in result.intents:
            self.intent.emit(intent)

    def _show_cursor(self) -> None:
        cursor = self._result.cursor
        if self._pan.active:
            cursor = Cursor.CLOSED_HAND
        elif self._pan.space_down:
            cursor = Cursor.OPEN_HAND
        if self.viewport().cursor().shape() != SHAPES[cursor]:
            self.viewport().setCursor(SHAPES[cursor])

    # ------------------------------------------------------------------------------------------------ events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan or press."""
        self._button_down = True
        if not self._pan.press(event):
            double = event.type() == QEvent.Type.MouseButtonDblClick
            self._feed(to_image_event(event, PointerKind.DOUBLE if double else PointerKind.PRESS, self.camera))
        self._show_pan()
        self._tell_pointer(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or let the tool know."""
        if self._button_down and event.buttons() == Qt.MouseButton.NoButton:
            self._release_unheard()
        self._pointer = event.position()
        self._spinner.follow(self._pointer.toPoint())
        way = self._pan.move(event)
        if way is None:
            self._feed(to_image_event(event, PointerKind.MOVE, self.camera))
        else:
            self.pan_by(way.x(), way.y())
            self._show_pan()
        self._tell_pointer(event)

    def _tell_pointer(self, event: QMouseEvent) -> None:
        place = self._scene.look_up(*self.camera.to_image(*event.position().toTuple()))
        self.pointer_moved.emit(replace(place, pressed=event.buttons() != Qt.MouseButton.NoButton))

    def _look_again(self) -> None:
        """Something else may lie under the pointer though it rests."""
        if self._pointer is not None:
            self.came_under_pointer.emit(self._scene.look_up(*self.camera.to_image(*self._pointer.toTuple())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a pan, or of a press."""
        self._button_down = event.buttons() != Qt.MouseButton.NoButton
        if not self._pan.release(event):
            self._feed(to_image_event(event, PointerKind.RELEASE, self.camera))
        self._show_pan()

    def _release_unheard(self) -> None:
        """A button went up while something else had the mouse, such as a dialog: what it did ends where it was."""
        self._button_down = False
        self._pan.reset()
        if self._pointer is not None:
            x, y = self._pointer.toTuple()
            for button in (Button.LEFT, Button.RIGHT):
                self._feed(PointerEvent(PointerKind.RELEASE, *self.camera.to_image(x, y), x, y, button))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._pointer is not None:
            self.pointer_moved.emit(PointerInfo(*self.camera.to_image(*self._pointer.toTuple()), inside=False))
        self._pointer = None
        if not self._result.state.active:
            self._refresh()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Space, and Escape during a gesture, from becoming a shortcut of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            escape = event.key() == Qt.Key.Key_Escape and self._result.state.active
            if escape or (plain and event.key() == Qt.Key.Key_Space):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, keys of tools go to the tool, all others to the window."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._pan.press_space()
                self._show_pan()
        elif (key := to_key_event(event, pressed=True)) is not None:
            self._feed(key)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A tap on Space plays or pauses."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                if self._pan.release_space():
                    self.intent.emit(PlayToggle.TOGGLE)
                self._show_pan()
        elif (key := to_key_event(event, pressed=False)) is not None:
            self._feed(key)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys let go elsewhere are not heard here."""
        self._pan.reset()
        self._show_pan()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The message keeps its place."""
        super().resizeEvent(event)
        self._lay_out_message()
        self.resized.emit()

    # ------------------------------------------------------------------------------------------------- looks

    def _show_pan(self) -> None:
        self._scene.set_panning(self._pan.active)
        self._show_cursor()

    def _lay_out_message(self) -> None:
        self._message.lay_out(over_picture=self._scene.frame_size is not None)

    def _follow_theme(self) -> None:
        self.setBackgroundBrush(QColor(self._theme.tokens.canvas))
