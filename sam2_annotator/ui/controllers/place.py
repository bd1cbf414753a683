"""Where a gesture goes: what the shown item and frame have for an object, and who is asked for masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import MaskRow, ObjectRow
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import Question
from sam2_annotator.ui.view_state import ShownItem, ViewState
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId, StepId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import MaskOrigin


class Asker(Protocol):
    """Who gets masks for prompts."""

    def ask(self, question: Question, step: StepId | None, *, now: bool = True, again: bool = False) -> None:
        """Ask for the mask of prompts that are in the document; see `PredictController.ask`."""
        ...

    def forget(self, question: Question) -> None:
        """These prompts are gone."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """The shown item and frame of a project."""

    project: Project
    shown: ShownItem
    frame: FrameIndex

    @property
    def item(self) -> ItemId:
        """The shown item."""
        return self.shown.media.item

    @property
    def size(self) -> dict[str, int]:
        """`height` and `width` of the frame."""
        return {"height": self.shown.facts.height, "width": self.shown.facts.width}

    def mask_row(self, object_id: ObjectId) -> MaskRow | None:
        """The row of an object's mask here, None where no pixel is set."""
        row = self.project.mask_row(self.item, self.frame, object_id)
        return None if row is None or row.digest is None else row

    def mask(self, object_id: ObjectId) -> Mask | None:
        """The pixels of an object here, None where no pixel is set."""
        row = self.mask_row(object_id)
        return None if row is None or row.digest is None else self.project.mask(row.digest)

    def prompts(self, target: ObjectRow | None) -> PromptSet:
        """The prompts of an object here; none for one that is yet to be made."""
        row = None if target is None else self.project.prompts(self.item, self.frame, target.id)
        return PromptSet() if row is None else row.prompts

    def question(self, object_id: ObjectId, prompts: PromptSet) -> Question:
        """What is asked when an object has these prompts here."""
        return Question(self.shown.media, self.frame, object_id, prompts)

    def base(self, target: ObjectRow | None) -> Mask | None:
        """The object's mask here if it did not come from its prompts: they begin with it (PRM-5)."""
        row = None if target is None else self.mask_row(target.id)
        if target is None or row is None or (row.origin is MaskOrigin.PROMPTED and self.prompts(target)):
            return None
        return self.mask(target.id)


def place_to_change(bus: DocumentBus, view: ViewState) -> Place | None:
    """Where a change goes; None while nothing is shown or nothing may be changed."""
    project, shown = bus.writable, view.item
    return None if project is None or shown is None else Place(project, shown, view.frame)


def is_locked(target: ObjectRow | None, notices: Notices) -> bool:
    """True, and said, when an object may not be changed."""
    if target is None or not target.locked:
        return False
    notices.post(tr("Object {number} is locked.", number=target.number), Tone.WARNING)
    return True
