"""What several parts of the window read of objects: the draft, names, and the key frames the engine must know."""

from __future__ import annotations

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import MaskRow, ObjectRow
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

    A frame marked absent is none: it says where not to write, not what the object looks like.
    """
    prompts = {row.frame: row for row in project.prompts_of(item, object_id)}
    masks = {row.frame: row for row in project.masks_of(item, object_id) if row.state in _CONDITIONING}
    keys = []
    for frame in sorted(prompts.keys() | masks.keys()):
        if frame == without:
            continue
        row = prompts.get(frame)
        if row is not None:
            keys.append(KeyFrame(frame, row.prompts, row.candidate))
        elif masks[frame].digest is not None:
            keys.append(KeyFrame(frame, PromptSet(), mask=_pixels(project, masks[frame])))
    return tuple(keys)


def name_of(project: Project, row: ObjectRow) -> str:
    """ "dog 2", or "object 2" without a label."""
    label = None if row.label is None else project.label(row.label)
    if label is None:
        return tr("object {number}", number=row.number)
    return tr("{label} {number}", label=label.name, number=row.number)


_CONDITIONING = (MaskState.KEY, MaskState.CONFIRMED)


def _pixels(project: Project, row: MaskRow) -> Mask | None:
    return None if row.digest is None else project.mask(row.digest)
