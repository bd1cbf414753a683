"""Every change a user can make to a project. A command is applied with `Project.apply`."""

from sam2_annotator.doc.commands.attributes import (
    AddAttribute,
    ChangeAttribute,
    DeleteAttribute,
    MoveAttribute,
    SetAttribute,
)
from sam2_annotator.doc.commands.base import Command, Together
from sam2_annotator.doc.commands.details import SetColour, SetNote
from sam2_annotator.doc.commands.found import AddFoundObjects, FoundObject
from sam2_annotator.doc.commands.items import AddItems, NewItem, Relocated, RelocateItems, RemoveItems
from sam2_annotator.doc.commands.joining import MergeObjects, SplitObject
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
from sam2_annotator.doc.commands.overlap import SetNoOverlap
from sam2_annotator.doc.commands.painting import PaintStroke, ReplaceMask
from sam2_annotator.doc.commands.pasting import Pasted, PasteMasks
from sam2_annotator.doc.commands.prompts import SetPrompts
from sam2_annotator.doc.commands.review import ConfirmFrames, FlagFrame, TakeBackConfirmation
from sam2_annotator.doc.commands.shapes import Combination, CombineMasks, SetShapes, Shaped
from sam2_annotator.doc.commands.stack import Lift, LiftObjects, PlaceObjects

__all__ = [
    "AcceptObject",
    "AddAttribute",
    "AddFoundObjects",
    "AddItems",
    "AddLabel",
    "AddObject",
    "ChangeAttribute",
    "Combination",
    "CombineMasks",
    "Command",
    "ConfirmFrames",
    "DeleteAttribute",
    "DeleteLabel",
    "DeleteObject",
    "FlagFrame",
    "FoundObject",
    "ImportLabels",
    "Lift",
    "LiftObjects",
    "MarkAbsent",
    "MergeLabels",
    "MergeObjects",
    "MoveAttribute",
    "MoveLabel",
    "NewItem",
    "NewMask",
    "PaintStroke",
    "PasteMasks",
    "Pasted",
    "PlaceObjects",
    "RelocateItems",
    "Relocated",
    "RemoveItems",
    "RemoveMask",
    "RenameLabel",
    "ReplaceMask",
    "SetAttribute",
    "SetColour",
    "SetDefaultLabel",
    "SetFlags",
    "SetLabel",
    "SetLabelColour",
    "SetLabelShortcut",
    "SetMask",
    "SetMasks",
    "SetNoOverlap",
    "SetNote",
    "SetPrompts",
    "SetShapes",
    "Shaped",
    "SplitObject",
    "TakeBackConfirmation",
    "Together",
]
