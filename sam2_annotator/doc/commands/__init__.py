"""Every change a user can make to a project. A command is applied with `Project.apply`."""

from sam2_annotator.doc.commands.base import Command
from sam2_annotator.doc.commands.items import AddItems, NewItem, RemoveItems
from sam2_annotator.doc.commands.labels import AddLabel, RenameLabel
from sam2_annotator.doc.commands.masks import MarkAbsent, NewMask, RemoveMask, SetMask, SetMasks
from sam2_annotator.doc.commands.objects import AcceptObject, AddObject, DeleteObject, SetFlags, SetLabel
from sam2_annotator.doc.commands.prompts import SetPrompts

__all__ = [
    "AcceptObject",
    "AddItems",
    "AddLabel",
    "AddObject",
    "Command",
    "DeleteObject",
    "MarkAbsent",
    "NewItem",
    "NewMask",
    "RemoveItems",
    "RemoveMask",
    "RenameLabel",
    "SetFlags",
    "SetLabel",
    "SetMask",
    "SetMasks",
    "SetPrompts",
]
