"""What a person says of whole frames: confirmed, flagged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.changes import RowImage
from sam2_annotator.doc.commands.base import require_frame
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import MaskRow, ObjectRow, ReviewRow, Value
from sam2_annotator.values.ids import FrameIndex, ItemId
from sam2_annotator.values.states import MaskOrigin, MaskState

_STATE, _DIGEST = (MaskRow.COLUMNS.index(name) for name in ("state", "digest"))
_DRAFT = ObjectRow.COLUMNS.index("draft")
_FEW = 32


@dataclass(frozen=True, slots=True)
class ConfirmFrames:
    """These frames are right as they are, also where nothing is: masks of visible objects become confirmed.

    Drafts and hidden objects keep their state, absent objects are a person's word already. A flag is settled by it.
    """

    item: ItemId
    frames: range

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Confirm" if len(self.frames) == 1 else f"Confirm {len(self.frames)} frames"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        _require_frames(edit, self.item, self.frames)
        seen = {row.id for row in edit.find(ObjectRow, item=self.item) if row.visible and not row.draft}
        for frame in map(FrameIndex, self.frames):
            for mask in edit.find(MaskRow, item=self.item, frame=frame):
                if mask.object in seen and mask.state is not MaskState.ABSENT:
                    edit.put(replace(mask, state=MaskState.CONFIRMED))
            edit.put(ReviewRow(self.item, frame, confirmed=True, flag=None))


@dataclass(frozen=True, slots=True)
class TakeBackConfirmation:
    """These frames want another look: confirmed masks go back to the state they came about with."""

    item: ItemId
    frames: range

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Take back confirmation"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        _require_frames(edit, self.item, self.frames)
        for frame in map(FrameIndex, self.frames):
            for mask in edit.find(MaskRow, item=self.item, frame=frame):
                if mask.state is MaskState.CONFIRMED:
                    edit.put(replace(mask, state=_state_before(mask)))
            review = edit.get(ReviewRow, self.item, frame)
            if review is not None:
                _put(edit, replace(review, confirmed=False))


@dataclass(frozen=True, slots=True)
class FlagFrame:
    """A frame is flagged with a reason ("" for none given), or with None no longer."""

    item: ItemId
    frame: FrameIndex
    flag: str | None

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Remove flag" if self.flag is None else "Flag"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        require_frame(edit, self.item, self.frame)
        review = edit.get(ReviewRow, self.item, self.frame)
        if review is not None or self.flag is not None:
            confirmed = review is not None and review.confirmed
            _put(edit, ReviewRow(self.item, self.frame, confirmed, self.flag))


def withdraw_confirmations(edit: Edit) -> None:
    """Frames on which a mask came, went or changed are confirmed no longer, but for what was confirmed just now.

    A draft says nothing of a frame before it is accepted. To be called at the end of each edit, so that no command
    has to think of it.
    """
    images = edit.images
    objects = {image.key[0]: image for image in images if image.row_type is ObjectRow}
    drafts = {number: _is_draft(image) for number, image in objects.items()}
    places = _places_of_accepted(edit, objects)
    for image in images:
        if image.row_type is not MaskRow:
            continue
        owner = image.key[2]
        if owner not in drafts:
            found = edit.get(ObjectRow, owner)
            drafts[owner] = found is not None and found.draft
        if drafts[owner]:
            continue
        is_confirmed = image.after is not None and image.after[_STATE] == MaskState.CONFIRMED.value
        if is_confirmed and _pixels(image.before) in (None, _pixels(image.after)):
            continue
        places.add(image.key[:2])
    for review in _reviews(edit, places):
        if review.confirmed:
            _put(edit, replace(review, confirmed=False))


def _is_draft(image: RowImage) -> bool:
    """True for an object that is a draft, or was one when it went."""
    values = image.before if image.after is None else image.after
    return values is not None and bool(values[_DRAFT])


def _places_of_accepted(edit: Edit, objects: dict[Value, RowImage]) -> set[tuple[Value, ...]]:
    """Where the drafts that were accepted just now have masks."""
    accepted = [
        number
        for number, image in objects.items()
        if image.before is not None and image.after is not None and image.before[_DRAFT] and not image.after[_DRAFT]
    ]
    return {(row.item, row.frame) for number in accepted for row in edit.find(MaskRow, object=number)}


def _reviews(edit: Edit, places: set[tuple[Value, ...]]) -> list[ReviewRow]:
    """What was said of these frames; of many frames read at once."""
    if len(places) <= _FEW:
        return [review for place in places if (review := edit.get(ReviewRow, *place)) is not None]
    items = {item for item, _ in places}
    return [row for item in items for row in edit.find(ReviewRow, item=item) if (row.item, row.frame) in places]


def _pixels(values: tuple[Value, ...] | None) -> tuple[Value] | None:
    return None if values is None else (values[_DIGEST],)


def _put(edit: Edit, review: ReviewRow) -> None:
    """Keep what was said of a frame; there is no row where nothing is."""
    if review.confirmed or review.flag is not None:
        edit.put(review)
        return
    found = edit.get(ReviewRow, review.item, review.frame)
    if found is not None:
        edit.delete(found)


def _state_before(mask: MaskRow) -> MaskState:
    if mask.digest is None:
        return MaskState.EMPTY
    return MaskState.PROPAGATED if mask.origin is MaskOrigin.PROPAGATED else MaskState.KEY


def _require_frames(edit: Edit, item: ItemId, frames: range) -> None:
    for frame in (min(frames), max(frames)) if frames else ():
        require_frame(edit, item, frame)
