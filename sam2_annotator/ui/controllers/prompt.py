"""What a person gives the model: points and boxes of the selected object or of the draft; accepting a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from sam2_annotator.doc.commands import AcceptObject, AddObject, DeleteObject, RemoveMask, SetMask, SetPrompts
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.masks import metrics, rle
from sam2_annotator.ui.controllers.place import Asker, Place, is_locked, place_to_change
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.object_keys import Question, draft_of, target_of
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.ids import ObjectId, StepId
from sam2_annotator.values.intents import AddPoint, FlipPoint, MovePoint, RemovePoint, SetBox
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskOrigin, MaskState

_PointChange = Callable[[Point], Point | None]


def _on_base(prompts: PromptSet, base: Mask | None, kept: Point) -> PromptSet:
    """The prompts as a refinement of a mask made otherwise; earlier points it contradicts go, `kept` stays."""
    if base is None:
        return prompts
    points = tuple(p for p in prompts.points if p is kept or p.positive == _covers(base, p))
    return PromptSet(points, None, base)


def _covers(mask: Mask, point: Point) -> bool:
    x, y = int(point.x), int(point.y)
    return bool(rle.within(mask, (x, y, x + 1, y + 1)).any())


class PromptController(QObject):
    """Changes the prompts of the selected object, or else of the item's draft, and has their mask asked for."""

    def __init__(self, bus: DocumentBus, view: ViewState, notices: Notices, asker: Asker) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._asker = asker

    # ------------------------------------------------------------------------------------------- prompts

    def add_point(self, wish: AddPoint) -> ObjectId | None:
        """A click: the dot is in the document at once, the mask follows and joins the same undo step.

        Returns the object when the click accepted one.
        """
        place = place_to_change(self._bus, self._view)
        if place is None:
            return None
        target = self._target(place)
        shown, point = place.prompts(target), Point(wish.x, wish.y, wish.positive)
        prompts = _on_base(replace(shown, points=(*shown.points, point)), place.base(target), point)
        step = self._change(place, target, prompts, "Add point", run=wish.run)
        return self.accept(into=step) if wish.accept else None

    def move_point(self, wish: MovePoint) -> None:
        """A point goes elsewhere."""
        self._change_point(wish.index, lambda point: replace(point, x=wish.x, y=wish.y), "Move point")

    def flip_point(self, wish: FlipPoint) -> None:
        """A point changes its sign."""
        self._change_point(wish.index, lambda point: replace(point, positive=not point.positive), "Flip point")

    def remove_point(self, wish: RemovePoint) -> None:
        """A point goes."""
        self._change_point(wish.index, lambda point: None, "Remove point")

    def set_box(self, wish: SetBox) -> None:
        """A box is drawn or resized; it says where the object is, whatever mask is there."""
        place = place_to_change(self._bus, self._view)
        if place is None:
            return
        box = Box(min(wish.x0, wish.x1), min(wish.y0, wish.y1), max(wish.x0, wish.x1), max(wish.y0, wish.y1))
        target = self._target(place)
        shown = PromptSet() if place.base(target) is not None else place.prompts(target)
        self._change(place, target, replace(shown, box=box, mask=None), "Set box")

    def remove_last(self) -> bool:
        """The newest prompt goes; False when there was none."""
        place = place_to_change(self._bus, self._view)
        target = None if place is None else self._target(place)
        if place is None or target is None:
            return False
        shown = place.prompts(target)
        if shown.points:
            self._change_point(len(shown.points) - 1, lambda point: None, "Remove point")
        elif shown.box is not None:
            self._change(place, target, replace(shown, box=None), "Remove box")
        else:
            return False
        return True

    def run(self) -> None:
        """Ask for the mask of the prompts as they are (the end of collecting with Shift)."""
        place = place_to_change(self._bus, self._view)
        target = None if place is None else self._target(place)
        if place is not None and target is not None and (prompts := place.prompts(target)):
            self._asker.ask(place.question(target.id, prompts), None)

    def refine(self) -> None:
        """Hand the target's mask to the model, whatever made it, with a point at its deepest pixel."""
        place = place_to_change(self._bus, self._view)
        target = None if place is None else self._target(place)
        mask = None if place is None or target is None else place.mask(target.id)
        if place is None or not mask:
            self._notices.post(tr("Select an object with a mask first."))
            return
        x, y = metrics.deepest_point(rle.crop(mask))
        point = Point(x + mask.box[0], y + mask.box[1])
        self._change(place, target, PromptSet((point,), None, mask), "Refine mask")

    def run_again(self) -> None:
        """Ask once more for all prompts of the selected objects, or of the draft: another model may do better."""
        place = place_to_change(self._bus, self._view)
        if place is None:
            return
        chosen = self._view.selection or tuple(row.id for row in [draft_of(place.project, place.item)] if row)
        targets = [row for row in map(place.project.object, chosen) if not is_locked(row, self._notices)]
        prompted = [row for target in targets if target for row in place.project.prompts_of(place.item, target.id)]
        if not prompted:
            self._notices.post(tr("Select an object that was prompted first."))
            return
        step = place.project.new_step("Run prompts again")
        for row in prompted:
            question = Question(place.shown.media, row.frame, row.object, row.prompts)
            self._asker.ask(question, step, again=True)

    # --------------------------------------------------------------------------------------------------- drafts

    @property
    def has_draft(self) -> bool:
        """True when the shown item has a draft."""
        return self._draft() is not None

    def accept(self, *, into: StepId | None = None) -> ObjectId | None:
        """The draft of the shown item becomes an object with the current label; the selection is cleared.

        While a selected object is refined that is all that happens. Returns the object, None when there was no draft.
        `into` is the step of the click that accepts.
        """
        draft, selected = self._draft(), self._view.selection
        if draft is not None and (not selected or draft.id in selected) and self._found_nothing(draft):
            self._notices.post(tr("There is no mask to keep yet. Esc drops the draft."))
            return None
        self._view.select()
        self._view.set_offer(None)
        if draft is None or (selected and draft.id not in selected):
            return None
        return self._accept(draft, into)

    def accept_draft(self) -> ObjectId | None:
        """The same with the selection left as it is: before a run of the tracker."""
        draft = self._draft()
        if draft is None or self._found_nothing(draft):
            return None
        self._view.set_offer(None)
        return self._accept(draft, None)

    def new_object(self) -> ObjectId | None:
        """The next click begins a new object: nothing is selected, and a draft with a mask is accepted."""
        self._view.select()
        return self.accept()

    def discard(self) -> bool:
        """The draft goes; one undo brings it back. False when there was none."""
        draft = self._draft()
        if draft is None:
            return False
        self._bus.apply(DeleteObject(draft.item, (draft.id,)))
        self._view.set_offer(None)
        return True

    def _draft(self) -> ObjectRow | None:
        project, shown = self._bus.writable, self._view.item
        return None if project is None or shown is None else draft_of(project, shown.media.item)

    def _accept(self, draft: ObjectRow, into: StepId | None) -> ObjectId | None:
        project = self._bus.writable
        label = draft.label if draft.label is not None or project is None else project.current_label
        return draft.id if self._bus.apply(AcceptObject(draft.id, label), into=into) else None

    def _found_nothing(self, draft: ObjectRow) -> bool:
        """True when the model answered and no frame has a pixel of the draft."""
        project = self._bus.writable
        rows = () if project is None else project.masks_of(draft.item, draft.id)
        return bool(rows) and all(row.digest is None for row in rows)

    # ------------------------------------------------------------------------------------------------ inside

    def _target(self, place: Place) -> ObjectRow | None:
        return target_of(place.project, place.item, self._view.selection)

    def _change_point(self, index: int, change: _PointChange, title: str) -> None:
        place = place_to_change(self._bus, self._view)
        target = None if place is None else self._target(place)
        if place is None or target is None:
            return
        shown = place.prompts(target)
        if not 0 <= index < len(shown.points):
            return
        changed = change(shown.points[index])
        kept = () if changed is None else (changed,)
        prompts = replace(shown, points=(*shown.points[:index], *kept, *shown.points[index + 1 :]))
        self._change(place, target, _on_base(prompts, place.base(target), changed or Point(0, 0)), title)

    def _change(
        self, place: Place, target: ObjectRow | None, prompts: PromptSet, title: str, *, run: bool = True
    ) -> StepId | None:
        """Give the target this prompt set as one undo step, which is returned, and have its mask asked for."""
        if is_locked(target, self._notices):
            return None
        if target is not None and target.draft and not prompts and not self._has_other_prompts(place, target.id):
            self.discard()
            return None
        step: StepId | None = None
        if target is None:
            added = self._bus.apply(AddObject(place.item, draft=True))
            if added is None:
                return None
            object_id, step = ObjectId(added.created[0]), added.step
        else:
            object_id = target.id
        only_mask = prompts.mask if prompts.mask is not None and not (prompts.points or prompts.box) else None
        written = PromptSet() if only_mask is not None else prompts
        here = (place.item, place.frame, object_id)
        changes = self._bus.apply(SetPrompts(*here, written, title=title), into=step)
        if changes is None:
            return None
        if written:
            self._asker.ask(place.question(object_id, written), changes.step, now=run)
            return changes.step
        self._asker.forget(place.question(object_id, written))
        if only_mask is None:
            self._bus.apply(RemoveMask(*here), into=changes.step)
        else:  # what was there before the prompts
            before = SetMask(*here, only_mask, MaskState.KEY, origin=MaskOrigin.EDITED)
            self._bus.apply(before, into=changes.step)
        return changes.step

    def _has_other_prompts(self, place: Place, object_id: ObjectId) -> bool:
        return any(row.frame != place.frame for row in place.project.prompts_of(place.item, object_id))
