"""Brings settings to the parts of the window that only take values."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.project import Project
from sam2_annotator.ui.canvas.looks import CanvasLooks
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.canvas.wheel import WheelPreset
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.panels.cleanup_button import CleanUpButton
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice
from sam2_annotator.ui.threads.frame_client import FrameClient

_MIB = 1 << 20


class SettingsPresenter(QObject):
    """Applies the settings of theme, canvas and memory at the start and whenever they change."""

    def __init__(
        self,
        bus: DocumentBus,
        settings: LiveSettings,
        theme: Theme,
        canvas: CanvasView,
        frames: FrameClient,
        cleanup: CleanUpButton,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._settings = settings
        self._theme = theme
        self._canvas = canvas
        self._frames = frames
        self._cleanup = cleanup
        theme.changed.connect(self._apply)
        self._apply()

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: its history is to keep to the limit."""
        if project is not None:
            project.limit_history(self._settings.now.undo_memory_mb * _MIB)

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Some settings changed."""
        self._apply()

    @Slot()
    def _apply(self) -> None:
        now = self._settings.now
        self._theme.choose(ThemeChoice(now.theme))
        self._canvas.set_wheel_preset(WheelPreset(now.wheel_preset))
        self._canvas.set_looks(
            CanvasLooks(
                zoom_step=now.zoom_step,
                smooth=now.smooth_enlarged,
                grid=now.pixel_grid,
                crosshair=now.crosshair,
                outline_width=now.outline_width,
                tags=now.tags,
                bold=self._theme.tokens.high_contrast,
            )
        )
        self.on_project(self._bus.project)
        self._frames.set_limit(now.frame_memory_mb * _MIB)
        self._cleanup.set_clean_up(self._settings.clean_up)
