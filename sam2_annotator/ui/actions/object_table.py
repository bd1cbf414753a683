"""The commands that shape, combine, order and copy objects, for the Edit and the Object menu."""

from __future__ import annotations

from sam2_annotator.ui.actions.action import Action, Group, Scope
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.object_intents import ClipboardAction, ObjectAction, ObjectMenu

CONTEXT_MENU: tuple[str | None, ...] = (
    *("object.name", "object.note", "object.colour", "object.colour_by_number"),
    None,
    *("object.solo", "object.lock"),
    None,
    *("object.merge", "object.split", "object.unite", "object.subtract", "object.intersect"),
    *("object.clean_up", "object.fill_holes", "object.remove_specks", "object.keep_largest"),
    *("object.grow", "object.shrink", "object.smooth"),
    *("object.forward", "object.back", "object.to_front", "object.to_back"),
    None,
    *("edit.cut", "edit.copy", "edit.paste", "edit.duplicate"),
    None,
    "object.delete",
)
CONTEXT_MENU_IN_CLIPS: tuple[str | None, ...] = (
    *CONTEXT_MENU[:-2],
    *("edit.paste_to_range", "edit.copy_to_next"),
    None,
    *("object.delete", "object.delete_from_here", "object.delete_whole"),
)


def clipboard_actions() -> tuple[Action, ...]:
    """Cut, copy, paste: a part of the Edit menu."""
    edit, wish = Group.EDIT, ClipboardAction
    return (
        Action("edit.cut", edit, tr("Cut"), wish.CUT, ("Ctrl+X",), after_line=True),
        Action("edit.copy", edit, tr("Copy"), wish.COPY, ("Ctrl+C",), icon="copy"),
        Action("edit.paste", edit, tr("Paste"), wish.PASTE, ("Ctrl+V",), tip=tr("puts masks at the same place here")),
        Action("edit.duplicate", edit, tr("Duplicate"), wish.DUPLICATE, ("Ctrl+D",), icon="duplicate"),
        Action("edit.paste_to_range", edit, tr("Paste to frames…"), wish.PASTE_TO_RANGE, ("Ctrl+Shift+V",)),
        Action(
            "edit.copy_to_next",
            edit,
            tr("Copy to next frame"),
            wish.COPY_TO_NEXT,
            tip=tr("takes the masks along, without the tracker"),
        ),
    )


def object_actions() -> tuple[Action, ...]:
    """What is done to objects: a part of the Object menu."""
    return (*_looks(), *_combine(), *_shape(), *_order())


def _looks() -> tuple[Action, ...]:
    group, wish = Group.OBJECT, ObjectAction
    return (
        Action("object.note", group, tr("Note…"), wish.NOTE, icon="note", after_line=True),
        Action("object.colour", group, tr("Colour…"), wish.COLOUR),
        Action("object.colour_by_number", group, tr("Colour of its number"), wish.COLOUR_BY_NUMBER),
        Action("object.solo", group, tr("Show only these, or all"), wish.SOLO, icon="eye"),
        Action(
            "object.menu", group, tr("Context menu"), ObjectMenu(), ("Menu", "Shift+F10"), ("Shift+F10",), Scope.CANVAS
        ),
    )


def _combine() -> tuple[Action, ...]:
    group, wish, menu = Group.OBJECT, ObjectAction, tr("Combine")
    return (
        Action(
            "object.merge",
            group,
            tr("Merge into one"),
            wish.MERGE,
            ("Ctrl+J",),
            icon="merge",
            after_line=True,
            submenu=menu,
            tip=tr("the first selected takes in the others, on all frames"),
        ),
        Action(
            "object.split",
            group,
            tr("Split parts into objects"),
            wish.SPLIT,
            ("Ctrl+Shift+J",),
            icon="split",
            submenu=menu,
        ),
        Action(
            "object.unite",
            group,
            tr("Add the others"),
            wish.UNITE,
            submenu=menu,
            after_line=True,
            tip=tr("the first selected gets the pixels of the others here, which stay"),
        ),
        Action(
            "object.subtract",
            group,
            tr("Subtract the others"),
            wish.SUBTRACT,
            submenu=menu,
            tip=tr("the first selected loses what the others cover here"),
        ),
        Action(
            "object.intersect",
            group,
            tr("Keep what they share"),
            wish.INTERSECT,
            submenu=menu,
            tip=tr("the first selected keeps what all of them cover here"),
        ),
    )


def _shape() -> tuple[Action, ...]:
    group, wish, menu = Group.OBJECT, ObjectAction, tr("Shape")
    return (
        Action(
            "object.clean_up", group, tr("Clean up…"), wish.CLEAN_UP, ("Ctrl+Shift+F",), icon="clean-up", submenu=menu
        ),
        Action("object.fill_holes", group, tr("Fill holes"), wish.FILL_HOLES, submenu=menu, after_line=True),
        Action("object.remove_specks", group, tr("Remove specks"), wish.REMOVE_SPECKS, submenu=menu),
        Action("object.keep_largest", group, tr("Keep largest part"), wish.KEEP_LARGEST, submenu=menu),
        Action("object.grow", group, tr("Grow by 1 px"), wish.GROW, submenu=menu, after_line=True),
        Action("object.shrink", group, tr("Shrink by 1 px"), wish.SHRINK, submenu=menu),
        Action("object.smooth", group, tr("Smooth"), wish.SMOOTH, submenu=menu),
    )


def _order() -> tuple[Action, ...]:
    group, wish, menu = Group.OBJECT, ObjectAction, tr("Order")
    return (
        Action("object.forward", group, tr("Bring forward"), wish.FORWARD, ("Ctrl+Up",), submenu=menu),
        Action("object.back", group, tr("Send back"), wish.BACK, ("Ctrl+Down",), submenu=menu),
        Action("object.to_front", group, tr("Bring to front"), wish.TO_FRONT, submenu=menu, after_line=True),
        Action("object.to_back", group, tr("Send to back"), wish.TO_BACK, submenu=menu),
        Action(
            "object.no_overlap",
            group,
            tr("Keep objects apart"),
            wish.NO_OVERLAP,
            checkable=True,
            tip=tr("a mask takes its pixels from objects below it"),
        ),
    )
