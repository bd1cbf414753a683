"""Every change a user can make to a project. A command is applied with `Project.apply`."""

from sam2_annotator.doc.commands.attributes import (
    AddAttribute,
    ChangeAttribute,
    DeleteAttribute,
    MoveAttribute,
    SetAttribute,
)
from sam2_annotator.doc.commands.base import Command
from sam2_annotator.doc.commands.items import AddItems, NewItem, RemoveItems
from sam2_annotator.doc.commands.label_sets import ImportLabels
from sam2_annotator.doc.commands.labels import (
    AddLabel,
    DeleteLabel,
    MergeLabels,
    MoveLabel,
    RenameLabel,
    SetDefaultLabel,
    SetLabelColour,
    SetLabelShortcut,
)
from sam2_annotator.doc.commands.masks import MarkAbsent, NewMask, RemoveMask, SetMask, SetMasks
from sam2_annotator.doc.commands.objects import AcceptObject, AddObject, DeleteObject, SetFlags, SetLabel
from sam2_annotator.doc.commands.painting import PaintStroke, ReplaceMask
from sam2_annotator.doc.commands.prompts import SetPrompts

__all__ = [
    "AcceptObject",
    "AddAttribute",
    "AddItems",
    "AddLabel",
    "AddObject",
    "ChangeAttribute",
    "Command",
    "DeleteAttribute",
    "DeleteLabel",
    "DeleteObject",
    "ImportLabels",
    "MarkAbsent",
    "MergeLabels",
    "MoveAttribute",
    "MoveLabel",
    "NewItem",
    "NewMask",
    "PaintStroke",
    "RemoveItems",
    "RemoveMask",
    "RenameLabel",
    "ReplaceMask",
    "SetAttribute",
    "SetDefaultLabel",
    "SetFlags",
    "SetLabel",
    "SetLabelColour",
    "SetLabelShortcut",
    "SetMask",
    "SetMasks",
    "SetPrompts",
]
