"""What several parts of the window read of objects: the draft, names, and the key frames the engine must know."""

from __future__ import annotations

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.engine.messages import KeyFrame
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import MaskState


def draft_of(project: Project, item: ItemId) -> ObjectRow | None:
    """The draft of an item; there is at most one."""
    objects = project.objects(item)
    return objects[-1] if objects and objects[-1].draft else None


def keys_of(
    project: Project, item: ItemId, object_id: ObjectId, *, without: FrameIndex | None = None
) -> tuple[KeyFrame, ...]:
    """Frames a person prompted, drew or confirmed, in order; `without` leaves one out.

    A prompted frame brings its mask along: replayed after a restart, prompts may give another one than the person saw.
    A frame marked absent is no key frame: it says where not to write, not what the object looks like.
    """
    prompts = {row.frame: row for row in project.prompts_of(item, object_id)}
    states = project.states(item).get(object_id, {})  # far cheaper than the rows of a long clip
    made = {frame for frame, state in states.items() if state in _CONDITIONING}
    keys = []
    for frame in sorted((prompts.keys() | made) - {without}):
        row = prompts.get(frame)
        pixels = _pixels(project, item, frame, object_id) if frame in made else None
        if row is not None:
            keys.append(KeyFrame(frame, row.prompts, row.candidate, pixels))
        elif pixels is not None:
            keys.append(KeyFrame(frame, PromptSet(), mask=pixels))
    return tuple(keys)


def name_of(project: Project, row: ObjectRow) -> str:
    """ "dog 2", or "object 2" without a label."""
    label = None if row.label is None else project.label(row.label)
    if label is None:
        return tr("object {number}", number=row.number)
    return tr("{label} {number}", label=label.name, number=row.number)


_CONDITIONING = (MaskState.KEY, MaskState.CONFIRMED)


def _pixels(project: Project, item: ItemId, frame: FrameIndex, object_id: ObjectId) -> Mask | None:
    row = project.mask_row(item, frame, object_id)
    return None if row is None or row.digest is None else project.mask(row.digest)
