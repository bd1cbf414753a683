"""The commands of the View menu: they change how things are looked at, and nothing else."""

from __future__ import annotations

from sam2_annotator.ui.actions.action import Action, Group, WindowAction
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.intents import PromptAction


def view_actions() -> tuple[Action, ...]:
    """In menu order."""
    view, wish = Group.VIEW, WindowAction
    return (
        Action("view.zoom_in", view, tr("Zoom in"), wish.ZOOM_IN, ("Ctrl++", "Ctrl+=")),
        Action("view.zoom_out", view, tr("Zoom out"), wish.ZOOM_OUT, ("Ctrl+-",)),
        Action("view.fit", view, tr("Fit in window"), wish.FIT, ("Ctrl+0",)),
        Action("view.toggle_fit", view, tr("Fit or 100 %"), wish.TOGGLE_FIT, ("Z",)),
        Action("view.selection", view, tr("Zoom to selection"), wish.ZOOM_SELECTION, ("Shift+Z",)),
        Action("view.masks", view, tr("Show or hide masks"), wish.TOGGLE_MASKS, ("H",), after_line=True),
        Action("view.only_selected", view, tr("Only selected masks"), wish.ONLY_SELECTED, ("Shift+H",)),
        Action("view.less_fill", view, tr("Masks fainter"), wish.LESS_FILL, ("Shift+Q",), repeats=True),
        Action("view.more_fill", view, tr("Masks stronger"), wish.MORE_FILL, ("Shift+W",), repeats=True),
        Action("view.outlines", view, tr("Outlines only"), wish.OUTLINE_ONLY),
        Action(
            "view.hover_preview",
            view,
            tr("Show or hide the mask under the pointer"),
            PromptAction.TOGGLE_PREVIEW,
            tip=tr("what a click would outline"),
        ),
        Action("view.adjust", view, tr("Adjust picture…"), wish.ADJUST, after_line=True),
        Action("view.reset_adjust", view, tr("Show picture as it is"), wish.RESET_ADJUST),
        Action("view.next_area", view, tr("Next area"), wish.NEXT_AREA, ("F6",), in_menu=False),
        Action("view.previous_area", view, tr("Previous area"), wish.PREVIOUS_AREA, ("Shift+F6",), in_menu=False),
        Action("view.key_pointer", view, tr("Keyboard pointer"), wish.KEY_POINTER, ("F7",), after_line=True),
        Action("view.panels", view, tr("Show or hide panels"), wish.TOGGLE_PANELS, ("F9",), after_line=True),
        Action("view.full_screen", view, tr("Full screen"), wish.FULL_SCREEN, ("F11",), ("Ctrl+Meta+F",)),
        Action("view.reset", view, tr("Reset layout"), wish.RESET_LAYOUT),
    )
