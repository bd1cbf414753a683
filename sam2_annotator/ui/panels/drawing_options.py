"""What the options strip sets for drawing by hand: size and shape of the brush, add or cut, an outline's tolerance."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QSlider, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.fields import NumberField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, icon_button, row_layout, text_label
from sam2_annotator.values.drawing import MAX_SIZE, MAX_TOLERANCE, MIN_SIZE, DrawingOptions
from sam2_annotator.values.drawing_intents import SetDrawing

_TENTHS = 10
_SLIDER = 110


class DrawingOptionsBar(QWidget):
    """Shows what the tool in use can be set to, nothing for tools without options.

    `intent` carries SetDrawing; `focus_released` is sent when the keyboard belongs to the canvas again.
    """

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawingOptions")
        self._options = DrawingOptions()
        self._size = NumberField()
        self._size.setRange(MIN_SIZE, MAX_SIZE)
        self._size.setSuffix(" px")
        self._size.setAccelerated(True)
        describe(self._size, "brushSize", tr("Brush size"), what=tr("diameter in pixels of the picture"))
        self._round = icon_button(theme, "brush-round", "brushRound", tr("Round brush"), what=tr("paints discs"))
        self._square = icon_button(theme, "brush-square", "brushSquare", tr("Square brush"), what=tr("paints squares"))
        self._add = icon_button(
            theme, "plus", "polygonAdd", tr("Add"), what=tr("what the polygon goes around is added"), text=tr("Add")
        )
        self._cut = icon_button(
            theme, "cut", "polygonCut", tr("Cut"), what=tr("what the polygon goes around is taken away"), text=tr("Cut")
        )
        self._tolerance = QSlider(Qt.Orientation.Horizontal)
        self._tolerance.setRange(0, round(MAX_TOLERANCE * _TENTHS))
        self._tolerance.setFixedWidth(_SLIDER)
        describe(
            self._tolerance,
            "outlineTolerance",
            tr("Tolerance"),
            what=tr("how far straight lines may leave the pixels' edges; less gives more points"),
        )
        self._tolerance_text = text_label("", "muted")
        self._groups = {
            "brush": self._group(text_label(tr("Size")), self._size, self._round, self._square),
            "polygon": self._group(self._add, self._cut),
            "outline": self._group(text_label(tr("Tolerance")), self._tolerance, self._tolerance_text),
        }
        layout = row_layout(spacing=0)
        for group in self._groups.values():
            layout.addWidget(group)
        self.setLayout(layout)
        for one, other in ((self._round, self._square), (self._add, self._cut)):
            pair = QButtonGroup(self)
            for button in (one, other):
                button.setCheckable(True)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                pair.addButton(button)
        self._size.valueChanged.connect(lambda size: self._tell(replace(self._options, size=size)))
        self._size.installEventFilter(self)
        for button, options in (
            (self._round, {"square": False}),
            (self._square, {"square": True}),
            (self._add, {"cut": False}),
            (self._cut, {"cut": True}),
        ):
            button.clicked.connect(partial(self._choose, options))
        self._tolerance.valueChanged.connect(
            lambda tenths: self._tell(replace(self._options, tolerance=tenths / _TENTHS))
        )
        self._tolerance.sliderReleased.connect(self.focus_released)
        self.set_options(self._options)
        self.set_tool("", editing=False)

    def set_tool(self, tool: str, *, editing: bool) -> None:
        """Show the options of this tool; `editing` while an outline is open."""
        shown = {"brush": "brush", "eraser": "brush", "polygon": "polygon"}.get(tool, "outline" if editing else "")
        for name, group in self._groups.items():
            group.setVisible(name == shown)
        self.setVisible(bool(shown))

    def set_options(self, options: DrawingOptions) -> None:
        """Show these."""
        self._options = options
        for widget in (self._size, self._tolerance):
            widget.blockSignals(True)
        self._size.setValue(options.size)
        self._tolerance.setValue(round(options.tolerance * _TENTHS))
        for widget in (self._size, self._tolerance):
            widget.blockSignals(False)
        (self._square if options.square else self._round).setChecked(True)
        (self._cut if options.cut else self._add).setChecked(True)
        self._tolerance_text.setText(tr("{tolerance} px", tolerance=f"{options.tolerance:.1f}"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape in the size field give the keyboard back; Escape forgets what was typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._size.interpretText()
                self.focus_released.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.set_options(self._options)
                self.focus_released.emit()
                return True
        return super().eventFilter(watched, event)

    def _choose(self, options: dict[str, bool]) -> None:
        self._tell(replace(self._options, **options))
        self.focus_released.emit()

    def _tell(self, options: DrawingOptions) -> None:
        self.intent.emit(SetDrawing(options))

    def _group(self, *widgets: QWidget) -> QWidget:
        group = QWidget()
        layout = row_layout(spacing=4)
        for widget in widgets:
            layout.addWidget(widget)
        group.setLayout(layout)
        return group
