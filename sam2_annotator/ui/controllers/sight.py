"""How the picture and its masks are looked at: zoom, what is shown, how strongly, adjusted how."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.ui.actions.action import WindowAction
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.panels.adjust import AdjustPanel
from sam2_annotator.ui.panels.corner import CornerRow
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.adjustment import Adjustment

SIGHTS = frozenset(
    {
        WindowAction.ZOOM_IN,
        WindowAction.ZOOM_OUT,
        WindowAction.FIT,
        WindowAction.TOGGLE_FIT,
        WindowAction.ZOOM_SELECTION,
        WindowAction.TOGGLE_MASKS,
        WindowAction.ONLY_SELECTED,
        WindowAction.LESS_FILL,
        WindowAction.MORE_FILL,
        WindowAction.OUTLINE_ONLY,
        WindowAction.ADJUST,
        WindowAction.RESET_ADJUST,
    }
)
_FILL_STEP = 0.05


class SightController(QObject):
    """Changes nothing in the document."""

    def __init__(
        self, view: ViewState, settings: LiveSettings, *, canvas: CanvasView, panel: AdjustPanel, corner: CornerRow
    ) -> None:
        super().__init__()
        self._view = view
        self._settings = settings
        self._canvas = canvas
        self._panel = panel
        self._corner = corner
        self._fill = settings.now.fill or 0.35  # what outlines alone go back to

    def act(self, wish: WindowAction) -> None:
        """Carry out one of SIGHTS."""
        match wish:
            case WindowAction.ZOOM_IN:
                self._canvas.zoom_by_steps(1)
            case WindowAction.ZOOM_OUT:
                self._canvas.zoom_by_steps(-1)
            case WindowAction.FIT:
                self._canvas.fit()
            case WindowAction.TOGGLE_FIT:
                self._canvas.toggle_fit()
            case WindowAction.ZOOM_SELECTION:
                self._canvas.zoom_to_selection()
            case WindowAction.TOGGLE_MASKS:
                self._view.show_masks(not self._view.masks_visible)
            case WindowAction.ONLY_SELECTED:
                self._view.show_only_selected(not self._view.only_selected)
            case WindowAction.LESS_FILL:
                self._change_fill(-_FILL_STEP)
            case WindowAction.MORE_FILL:
                self._change_fill(_FILL_STEP)
            case WindowAction.OUTLINE_ONLY:
                self._toggle_fill()
            case WindowAction.ADJUST:
                self._panel.open()
            case WindowAction.RESET_ADJUST:
                self.adjust(Adjustment())
            case _:
                raise ValueError(f"{wish} is not about how things are looked at")

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Say over the picture that it is shown adjusted, or without its masks."""
        if change.concerns(View.ADJUSTMENT):
            self._panel.show_adjustment(self._view.adjustment)
            self._corner.adjusted.setVisible(self._view.adjustment != Adjustment())
        if change.concerns(View.MASKS):
            self._corner.hidden.setVisible(not self._view.masks_visible)
            self._corner.only.setVisible(self._view.only_selected and self._view.masks_visible)

    @Slot(object)
    def adjust(self, adjustment: Adjustment) -> None:
        """Show pictures so from now on."""
        self._view.adjust(adjustment)

    @Slot()
    def show_masks(self) -> None:
        """Show masks again."""
        self._view.show_masks(True)

    @Slot()
    def show_others(self) -> None:
        """Show the masks of all objects again."""
        self._view.show_only_selected(False)

    @Slot()
    def reset_adjustment(self) -> None:
        """Show pictures as they are."""
        self.adjust(Adjustment())

    def _change_fill(self, by: float) -> None:
        now = self._settings.now.fill
        self._settings.change({"fill": round(min(max(now + by, 0.0), 1.0), 2)})

    def _toggle_fill(self) -> None:
        now = self._settings.now.fill
        self._fill = now or self._fill
        self._settings.change({"fill": 0.0 if now else self._fill})
