"""The label a person means by a name."""

from __future__ import annotations

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.doc.commands.base import single_spaced
from sam2_annotator.doc.commands.labels import clean_name
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.values.ids import LabelId, StepId


def label_named(bus: DocumentBus, project: Project, name: str | None) -> tuple[LabelId | None, StepId | None]:
    """The label with this name, made when it is new, and the step that made it; no label for a blank name."""
    if not single_spaced(name or ""):
        return None, None
    wanted = clean_name(name or "")
    known = project.label_named(wanted)
    if known is not None:
        return known.id, None
    made = bus.apply(AddLabel(wanted))
    return (None, None) if made is None else (LabelId(made.created[0]), made.step)
