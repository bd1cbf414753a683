"""What the next press of a drawing tool does, in a sentence for the status bar and as hints for the strip."""

from __future__ import annotations

from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.tools.base import Key
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.options_strip import Hint
from sam2_annotator.ui.view_state import ViewState


def drawing_sentence(view: ViewState, actions: ActionSet, target: ObjectRow | None, name: str) -> str | None:
    """What the next press does (STA-1), `name` being what the object drawn on is called; None for other tools."""
    if view.tool == "select":
        if Key.ENTER not in view.gesture:
            return None
        return tr(
            "Drag: move or add a point · Right click: remove it · {accept}: take over · {cancel}: leave",
            accept=actions.key_text("object.accept"),
            cancel=actions.key_text("object.cancel"),
        )
    if view.tool not in ("brush", "eraser", "polygon"):
        return None
    if target is not None and target.locked:
        return tr("Locked: {name} cannot be changed", name=name)
    if view.tool == "polygon":
        return _polygon_sentence(view, actions, target, name)
    if view.tool == "brush":
        return tr("Drag: paint {name} · Right drag: erase · Shift + click: straight line", name=name)
    if target is None:
        return tr("Select the object to erase from")
    return tr("Drag: erase from {name} · Right drag: paint · Shift + click: straight line", name=name)


def _polygon_sentence(view: ViewState, actions: ActionSet, target: ObjectRow | None, name: str) -> str:
    if Key.ENTER in view.gesture:
        return tr(
            "Click or drag: go on · Click the first point or {accept}: close · {remove}: back · {cancel}: discard",
            accept=actions.key_text("object.accept"),
            remove=actions.key_text("object.remove_last"),
            cancel=actions.key_text("object.cancel"),
        )
    if not view.drawing.cut:
        return tr("Click or drag: begin a polygon that adds to {name} · Alt: cut", name=name)
    if target is None:
        return tr("Select the object to cut from")
    return tr("Click or drag: begin a polygon that cuts from {name}", name=name)


def drawing_hints(tool: str, actions: ActionSet, *, editing: bool) -> tuple[Hint, ...]:
    """The gestures of a drawing tool, the most important first; none for other tools."""
    key = actions.key_text
    sizes = f"{key('brush.smaller')} {key('brush.larger')}".strip()
    match tool:
        case "brush":
            return (
                Hint(tr("Right drag"), tr("erase")),
                Hint(sizes, tr("size")),
                Hint(tr("Shift + click"), tr("straight line")),
                Hint(key("object.accept"), tr("accept")),
            )
        case "eraser":
            return (
                Hint(tr("Right drag"), tr("paint")),
                Hint(sizes, tr("size")),
                Hint(tr("Shift + click"), tr("straight line")),
            )
        case "polygon":
            return (
                Hint(tr("Click"), tr("point")),
                Hint(tr("Drag"), tr("freehand")),
                Hint(key("object.accept"), tr("close")),
                Hint(key("object.remove_last"), tr("back")),
                Hint("Alt", tr("cut")),
            )
        case "select" if editing:
            return (
                Hint(tr("Drag"), tr("move or add a point")),
                Hint(tr("Right click"), tr("remove it")),
                Hint(key("object.accept"), tr("take over")),
                Hint(key("object.cancel"), tr("leave")),
            )
    return ()
