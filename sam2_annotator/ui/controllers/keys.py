"""Which keys are in force, the command palette, and commands that end when their key is let go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from sam2_annotator.ui.actions.action import group_title
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.actions.keymap import key_map
from sam2_annotator.ui.dialogs.palette import PaletteDialog, PaletteEntry
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import default_key, is_typing, show_key, takes_text
from sam2_annotator.ui.view_state import ViewState

HOLD_MS = 300
_RECENT = 8


class KeysController(QObject):
    """Makes the keys of the settings those of the actions, and shows them wherever keys are told."""

    def __init__(
        self,
        settings: LiveSettings,
        view: ViewState,
        actions: ActionSet,
        notices: Notices,
        theme: Theme,
        *,
        window: QMainWindow,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._view = view
        self._actions = actions
        self._notices = notices
        self._theme = theme
        self._window = window
        self._recent: list[str] = []
        self._down = 0  # the key that went down last and is still held
        self._held: tuple[int, Callable[[], None]] | None = None  # a key, and what ends with it
        self._since = QElapsedTimer()
        window.installEventFilter(self)
        actions.triggered.connect(self._on_triggered)

    def begin(self) -> None:
        """Use the keys of the settings; say which could not be used."""
        self._apply()
        for warning in self._actions.key_map.warnings:
            self._notices.post(warning, Tone.WARNING)

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Other keys, at once."""
        if change.concerns("keys", "key_preset"):
            self._apply()

    def _apply(self) -> None:
        now = self._settings.now
        actions = self._actions
        actions.set_keys(key_map(actions.entries, actions.platform, now.key_preset, now.keys))
        owners = {key: entry.id for entry in actions.entries for key in entry.keys_on(actions.platform)}
        for widget in self._window.findChildren(QWidget):
            key = default_key(widget)
            if key in owners:
                show_key(widget, actions.key_text(owners[key]))

    # ----------------------------------------------------------------------------------------------- palette

    def show_palette(self) -> None:
        """Open the command palette."""
        dialog = PaletteDialog(self._theme, self._palette_entries(), tuple(self._recent), self._window)
        dialog.chosen.connect(self._run)
        dialog.open()

    def _palette_entries(self) -> tuple[PaletteEntry, ...]:
        return tuple(
            PaletteEntry(
                entry.id,
                group_title(entry.group).replace("&", ""),
                self._actions[entry.id].iconText(),
                "  ".join(self._actions.keys_text(entry)),
                self._actions[entry.id].isEnabled(),
                "" if self._actions[entry.id].isEnabled() else self._actions.why_not(entry.id),
            )
            for entry in self._actions.entries
        )

    @Slot(str)
    def _run(self, command: str) -> None:
        if command in self._recent:
            self._recent.remove(command)
        self._recent = [command, *self._recent][:_RECENT]
        self._actions[command].trigger()

    # ------------------------------------------------------------------------------------------- held keys

    @Slot(str)
    def _on_triggered(self, command: str) -> None:
        """A tool taken up, or masks hidden, by a key: for as long as the key is held."""
        self._held = None
        if not self._down or not self._belongs(self._down, command):
            return
        if command.startswith("tool."):
            before, taken = self._view.tool, command.removeprefix("tool.")
            if before != taken:
                self._hold(lambda: self._give_back(taken, before))
        elif command == "view.masks":
            visible = self._view.masks_visible
            self._hold(lambda: self._view.show_masks(visible))

    def _belongs(self, key: int, command: str) -> bool:
        name = QKeySequence(key).toString()
        return any(text.rsplit("+", 1)[-1] == name for text in self._actions.key_map.keys[command])

    def _give_back(self, taken: str, before: str) -> None:
        if self._view.tool == taken:
            self._view.use_tool(before)

    def _hold(self, end: Callable[[], None]) -> None:
        self._held = (self._down, end)
        self._since.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See keys go down and up that nobody in the window took."""
        if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if event.type() == QEvent.Type.ShortcutOverride:
                if is_typing(event) and takes_text(QApplication.focusWidget()):
                    event.accept()
                    return True
                self._down = event.key()
            elif event.type() == QEvent.Type.KeyRelease:
                self._release(event.key())
        return super().eventFilter(watched, event)

    def _release(self, key: int) -> None:
        if key == self._down:
            self._down = 0
        if self._held is not None and self._held[0] == key:
            _, end = self._held
            self._held = None
            if self._since.elapsed() > HOLD_MS:
                end()
