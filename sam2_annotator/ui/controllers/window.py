"""Wishes about the window itself: tools, zoom, panels, help."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata

from PySide6.QtCore import QByteArray, QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow

from sam2_annotator import __version__
from sam2_annotator.tools.base import Key
from sam2_annotator.ui.actions.action import UseTool, WindowAction, Wish, group_title
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.dialogs.about import AboutDialog, PackageEntry
from sam2_annotator.ui.dialogs.keys import KeyEntry, KeysDialog
from sam2_annotator.ui.dialogs.messages import MessagesDialog
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.panels.files import FilesPanel
from sam2_annotator.ui.panels.objects import ObjectsPanel
from sam2_annotator.ui.panels.transport import Transport
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.intents import DocumentAction, PromptAction

_FULL_SCREEN = Qt.WindowState.WindowFullScreen


_PACKAGES = ("torch", "PySide6-Essentials", "numpy", "opencv-python-headless", "av", "pillow", "safetensors")


_TOOL_KEYS: tuple[tuple[Wish, Key], ...] = (
    (PromptAction.ACCEPT, Key.ENTER),
    (PromptAction.REMOVE_LAST, Key.BACKSPACE),
    (DocumentAction.UNDO, Key.UNDO),
    (DocumentAction.REDO, Key.REDO),
    (WindowAction.CANCEL, Key.ESCAPE),
)


class WindowController(QObject):
    """Acts on the canvas and the panels."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        actions: ActionSet,
        theme: Theme,
        notices: Notices,
        *,
        window: QMainWindow,
        canvas: CanvasView,
        objects: ObjectsPanel,
        files: FilesPanel,
        transport: Transport,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._actions = actions
        self._theme = theme
        self._notices = notices
        self._window = window
        self._canvas = canvas
        self._objects = objects
        self._files = files
        self._transport = transport
        self._layout: QByteArray = window.saveState()

    def use_tool(self, wish: UseTool) -> None:
        """Take up a tool."""
        self._view.use_tool(wish.tool)

    def is_for_tool(self, wish: Wish) -> bool:
        """True, and done, when the wish means something to what the tool in use has begun (UND-2): undo in an open
        polygon takes back its last point."""
        key = next((key for other, key in _TOOL_KEYS if other is wish), None)
        return key is not None and self._canvas.press_in_tool(key)

    @Slot()
    def focus_canvas(self) -> None:
        """Give the keyboard back to the canvas (FOC-2)."""
        self._canvas.setFocus()

    def act(self, wish: WindowAction) -> None:
        """Carry out a wish that concerns the window alone."""
        match wish:
            case WindowAction.QUIT:
                self._window.close()
            case WindowAction.FIND:
                self._files.focus_filter()
            case WindowAction.FIND_FRAME:
                self._transport.focus_field()
            case WindowAction.TOGGLE_PANELS:
                self._toggle_panels()
            case WindowAction.FULL_SCREEN:
                self._window.setWindowState(self._window.windowState() ^ _FULL_SCREEN)
            case WindowAction.RESET_LAYOUT:
                self._reset_layout()
            case WindowAction.MESSAGES:
                MessagesDialog(self._theme, self._notices.history, self._window).open()
            case WindowAction.KEYS:
                self._show_keys()
            case WindowAction.ABOUT:
                AboutDialog(__version__, installed_packages(), self._window).open()
            case _:
                raise ValueError(f"{wish} is not for the window")

    def _reset_layout(self) -> None:
        """Panels where they were at the first start; they show unless the welcome page does."""
        self._window.restoreState(self._layout)
        for dock in self._window.findChildren(QDockWidget):
            dock.setVisible(self._bus.project is not None)

    def _toggle_panels(self) -> None:
        docks = self._window.findChildren(QDockWidget)
        show = not any(dock.isVisible() for dock in docks)
        for dock in docks:
            dock.setVisible(show)

    def _show_keys(self) -> None:
        entries = tuple(
            KeyEntry(group_title(entry.group).replace("&", ""), entry.title, self._actions.keys_text(entry))
            for entry in self._actions.entries
            if entry.keys
        )
        KeysDialog(self._theme, entries, self._window).open()


def installed_packages() -> tuple[PackageEntry, ...]:
    """What the program is made with, as its metadata says."""
    found = []
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            facts = metadata(name)
            licence = facts["License-Expression"] or facts["License"] or ""
            found.append(PackageEntry(name, facts["Version"], licence.splitlines()[0] if licence else ""))
    return tuple(found)
