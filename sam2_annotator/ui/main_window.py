"""Lays the window out and nothing else: no slot here knows what a click means."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QTabWidget, QToolBar, QVBoxLayout, QWidget

from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.canvas.key_pointer import KeyPointer
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.adjust import AdjustPanel
from sam2_annotator.ui.panels.attributes import AttributesPanel
from sam2_annotator.ui.panels.candidates import CandidateStrip
from sam2_annotator.ui.panels.cleanup_button import CleanUpButton
from sam2_annotator.ui.panels.corner import CornerRow
from sam2_annotator.ui.panels.drawing_options import DrawingOptionsBar
from sam2_annotator.ui.panels.engine_popover import EnginePopover
from sam2_annotator.ui.panels.files import FilesPanel
from sam2_annotator.ui.panels.flag_field import FlagField
from sam2_annotator.ui.panels.hint_card import HintCard
from sam2_annotator.ui.panels.label_picker import LabelPicker
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.panels.notices_view import NoticesView
from sam2_annotator.ui.panels.object_forms import NoteForm, RangeForm, ShapeForm
from sam2_annotator.ui.panels.objects import ObjectsPanel
from sam2_annotator.ui.panels.options_strip import OptionsStrip
from sam2_annotator.ui.panels.propagation_bar import PropagationBar
from sam2_annotator.ui.panels.save_bar import SaveBar
from sam2_annotator.ui.panels.status_bar import StatusBar
from sam2_annotator.ui.panels.suggest_bar import SuggestBar
from sam2_annotator.ui.panels.task_progress import TaskProgressWidget
from sam2_annotator.ui.panels.timeline import Timeline
from sam2_annotator.ui.panels.transport import Transport
from sam2_annotator.ui.panels.welcome import WelcomePanel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import OpenPaths

_MINIMUM = QSize(960, 600)
_TOOL_ICON = QSize(22, 22)
_SIDE_WIDTH = 300
_SIDE_HEIGHTS = (400, 400)


class MainWindow(QMainWindow):
    """Owns every widget of the window. `close_requested` replaces closing: the shut-down closes it for good."""

    intent = Signal(object)
    close_requested = Signal()

    def __init__(self, theme: Theme, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setMinimumSize(_MINIMUM)
        self.setAcceptDrops(True)
        self._may_close = False
        self.canvas = CanvasView(theme)
        self.welcome = WelcomePanel(theme)
        self.save_bar = SaveBar(theme)
        self.drive_bar = SaveBar(theme, name="driveBar", mild=True)
        self.options = OptionsStrip(theme)
        self.adjust = AdjustPanel(theme, self.canvas)
        self.corner_row = CornerRow(theme, self.canvas)
        self.cleanup = CleanUpButton(theme)
        self.options.add_options(self.cleanup, "prompt", "box")
        self.key_pointer = KeyPointer(self.canvas)
        self.hint_card = HintCard(theme, self.canvas)
        self.drawing_options = DrawingOptionsBar(theme)
        self.options.add_options(self.drawing_options, "brush", "eraser", "polygon", "select")
        self.suggest_bar = SuggestBar(theme)
        self.options.add_options(self.suggest_bar, "suggest")
        self.candidates = CandidateStrip(theme, self.canvas)
        self.picker = LabelPicker(theme, self.canvas)
        self.name_field = self.picker.field
        self.flag_field = FlagField(self.canvas)
        self.note_form = NoteForm(self.canvas)
        self.range_form = RangeForm(self.canvas)
        self.shape_form = ShapeForm(self.canvas)
        self.bar = PropagationBar(theme)
        self.transport = Transport(theme)
        self.timeline = Timeline(theme)
        self.objects = ObjectsPanel(theme)
        self.labels = LabelsPanel(theme)
        self.attributes = AttributesPanel(theme)
        self.files = FilesPanel(theme)
        self.status = StatusBar(theme)
        self.engine_popover = EnginePopover(self.status)
        self.task_progress = TaskProgressWidget(theme)
        self.drive_progress = TaskProgressWidget(theme, name="drive_progress", can_cancel=False)
        self.clip_area = self._stack(self.bar, self.transport, self.timeline, name="clip_area")
        self._work = self._stack(self.save_bar, self.drive_bar, self.options, self.canvas, self.clip_area, name="work")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self._work)
        self.setCentralWidget(self._pages)
        self.notices = NoticesView(theme, self._pages)
        self._add_tool_bar(actions)
        self._docks = (
            self._add_dock("dock_objects", tr("Objects"), self._tabs()),
            self._add_dock("dock_files", tr("Files"), self.files),
        )
        self.resizeDocks(self._docks, _SIDE_HEIGHTS, Qt.Orientation.Vertical)
        actions.fill_menus(self.menuBar())
        actions.install(self, self.canvas)
        self.setStatusBar(self.status)
        self.status.insertPermanentWidget(1, self.task_progress)
        self.status.insertPermanentWidget(2, self.drive_progress)
        self.show_welcome(True)

    @property
    def areas(self) -> tuple[QWidget, ...]:
        """The parts of the window F6 goes through, in its order."""
        middle = (self.welcome, self.canvas, self.clip_area)
        return (*middle, *self._docks, self.status, self._tool_bar, self.options)

    def show_welcome(self, welcome: bool) -> None:
        """The welcome page, or the canvas with its panels; notices lie over what is shown."""
        self._pages.setCurrentWidget(self.welcome if welcome else self._work)
        self._tool_bar.setVisible(not welcome)
        for dock in self._docks:
            dock.setVisible(not welcome)
        self.notices.move_to(self.welcome if welcome else self.canvas)
        (self.welcome if welcome else self.canvas).setFocus()

    def show_clip(self, is_clip: bool) -> None:
        """Show or hide time line, transport and propagation bar."""
        self.clip_area.setVisible(is_clip)

    def sizeHint(self) -> QSize:
        """The size of a first start."""
        return QSize(1280, 800)

    def close_now(self) -> None:
        """Close without asking for the shut-down, which has run."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for the shut-down first; it ends in a second, allowed close."""
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files can be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.intent.emit(OpenPaths(paths))

    def _stack(self, *widgets: QWidget, name: str) -> QWidget:
        box = QWidget()
        box.setObjectName(name)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in widgets:
            layout.addWidget(widget, 1 if widget is getattr(self, "canvas", None) else 0)
        return box

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setObjectName("side_tabs")
        tabs.setDocumentMode(True)
        tabs.addTab(self.objects, tr("Objects"))
        tabs.addTab(self.labels, tr("Labels"))
        tabs.addTab(self.attributes, tr("Attributes"))
        return tabs

    def _add_tool_bar(self, actions: ActionSet) -> None:
        self._tool_bar = QToolBar(tr("Tools"))
        self._tool_bar.setObjectName("tool_bar")
        self._tool_bar.setIconSize(_TOOL_ICON)
        self._tool_bar.setMovable(False)
        actions.fill_tool_bar(self._tool_bar)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self._tool_bar)

    def _add_dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.resizeDocks([dock], [_SIDE_WIDTH], Qt.Orientation.Horizontal)
        return dock
