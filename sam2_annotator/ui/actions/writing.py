"""Which wishes change the project, so that one open for reading refuses them in words."""

from __future__ import annotations

from sam2_annotator.ui.actions.action import LabelAction, WindowAction, Wish
from sam2_annotator.values import drawing_intents as d
from sam2_annotator.values import intents as i
from sam2_annotator.values import object_intents as o
from sam2_annotator.values.intents import DocumentAction, FilesAction, PromptAction, ReviewAction
from sam2_annotator.values.object_intents import ClipboardAction
from sam2_annotator.values.suggesting import AcceptSuggestion, SuggestAction


def writes(wish: Wish) -> bool:
    """True when carrying the wish out changes the document."""
    match wish:
        case i.AddPoint() | i.MovePoint() | i.RemovePoint() | i.FlipPoint() | i.SetBox() | i.ChooseCandidate():
            return True
        case d.Paint() | d.FillPolygon() | d.MoveMask() | d.ReshapeOutline():
            return True
        case SuggestAction():
            return wish is not SuggestAction.STOP
        case AcceptSuggestion():
            return True
        case i.SetLabel() | i.SetLabelNumber() | i.SetVisible() | i.SetLocked() | i.Delete():
            return True
        case o.ObjectAction() | o.ShowOnly() | o.PlaceOver() | o.Annotate() | o.ChangeShape() | o.PasteToFrames():
            return True
        case i.Propagate() | i.SetFlag() | i.AddPaths() | i.RemoveItems() | WindowAction.TOGGLE_LOCK:
            return True
        case PromptAction():
            return wish not in (PromptAction.DISCARD, PromptAction.TOGGLE_PREVIEW)
        case ClipboardAction():
            return wish is not ClipboardAction.COPY
        case ReviewAction():
            return wish in (ReviewAction.CONFIRM, ReviewAction.TAKE_BACK, ReviewAction.FLAG)
        case FilesAction():
            return wish is not FilesAction.REFRESH
        case LabelAction():
            return wish in (LabelAction.NAME, LabelAction.IMPORT_LABELS)
        case DocumentAction():
            return wish in (DocumentAction.SAVE, DocumentAction.FIND_MISSING)
    return False
