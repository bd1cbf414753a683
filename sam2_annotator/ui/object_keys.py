"""What several parts of the window read of objects: the draft, names, and what the engine is asked about them."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.commands.overlap import NO_OVERLAP
from sam2_annotator.doc.object_lists import ObjectSummary
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.engine.messages import KeyFrame
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.shaping import Avoid


@dataclass(frozen=True, slots=True)
class Question:
    """Prompts of an object on a frame that want a mask."""

    media: MediaRef
    frame: FrameIndex
    object_id: ObjectId
    prompts: PromptSet

    @property
    def item(self) -> ItemId:
        """The item the frame is of."""
        return self.media.item

    @property
    def slot(self) -> str:
        """What a newer question replaces."""
        return f"object:{self.object_id}@item:{self.item}/frame:{self.frame}"

    def stands(self, project: Project) -> bool:
        """True while the document has these prompts."""
        row = project.prompts(self.item, self.frame, self.object_id)
        return row is not None and row.prompts == self.prompts


def draft_of(project: Project, item: ItemId) -> ObjectRow | None:
    """The draft of an item; there is at most one."""
    return next(iter(project.find(ObjectRow, item=item, draft=True)), None)


def target_of(project: Project, item: ItemId, selection: tuple[ObjectId, ...]) -> ObjectRow | None:
    """The object prompts go to: the first selected one, else the draft, else none yet."""
    for object_id in selection:
        return project.object(object_id)
    return draft_of(project, item)


def keys_of(
    project: Project, item: ItemId, object_id: ObjectId, *, without: FrameIndex | None = None
) -> tuple[KeyFrame, ...]:
    """Frames a person prompted, drew or confirmed, in order; `without` leaves one out.

    A prompted frame brings its mask along: replayed after a restart, prompts may give another one than the person saw.
    A frame marked absent is no key frame: it says where not to write, not what the object looks like.
    """
    prompts = {row.frame: row for row in project.prompts_of(item, object_id)}
    made = {row.frame: row.digest for row in project.key_masks(item, object_id)}
    keys = []
    for frame in sorted((prompts.keys() | made.keys()) - {without}):
        row, digest = prompts.get(frame), made.get(frame)
        pixels = None if digest is None else project.mask(digest)
        if row is not None:
            keys.append(KeyFrame(frame, row.prompts, row.candidate, pixels))
        elif pixels is not None:
            keys.append(KeyFrame(frame, PromptSet(), mask=pixels))
    return tuple(keys)


def name_of(project: Project, row: ObjectRow) -> str:
    """ "dog 2", or "object 2" without a label."""
    label = None if row.label is None else project.label(row.label)
    return _named(row.number, "" if label is None else label.name)


def listed_name(row: ObjectSummary) -> str:
    """The same of an object in a list."""
    return _named(row.number, row.label_name)


def _named(number: int, label: str) -> str:
    if not label:
        return tr("object {number}", number=number)
    return tr("{label} {number}", label=label, number=number)


def masks_to_avoid(project: Project, question: Question, avoid: Avoid) -> tuple[Mask, ...]:
    """Masks of the frame that the answer to a question is to leave out."""
    if avoid is Avoid.NOBODY:
        return ()
    left_out = {
        row.id
        for row in project.objects(question.item)
        if row.id != question.object_id and not row.draft and (row.locked or avoid is Avoid.ALL)
    }
    rows = (row for row in project.masks(question.item, question.frame) if row.object in left_out)
    return tuple(project.mask(row.digest) for row in rows if row.digest is not None)


def keeps_apart(project: Project) -> bool:
    """Whether objects of a project never overlap."""
    row = project.setting(NO_OVERLAP)
    return row is not None and row.value is True
