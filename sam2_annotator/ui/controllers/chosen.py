"""The objects a wish is about: the selected ones, or the draft."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.ui.controllers.place import Place
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import draft_of, name_of
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.ids import ObjectId

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Chosen(Place):
    """Objects that may be changed, in the order they were selected, on the shown frame."""

    rows: tuple[ObjectRow, ...]

    @property
    def ids(self) -> tuple[ObjectId, ...]:
        """Ids of the objects."""
        return tuple(row.id for row in self.rows)

    @property
    def names(self) -> str:
        """The objects as people call them: "dog 1, cat 2"."""
        return names_of(self.project, self.rows)


def chosen(
    bus: DocumentBus, view: ViewState, notices: Notices, *, least: int = 1, change: bool = True
) -> Chosen | None:
    """The selection, without one the draft; None, and said, when those are fewer than `least`.

    With `change` locked ones are left out and named.
    """
    project, shown = (bus.writable if change else bus.project), view.item
    if project is None or shown is None:
        return None
    rows = tuple(row for row in map(project.object, view.selection) if row is not None)
    draft = draft_of(project, shown.media.item)
    if not rows and draft is not None:
        rows = (draft,)
    if len(rows) < least:
        notices.post(tr("Select an object first.") if least == 1 else tr("Select two objects or more first."))
        return None
    free = unlocked(project, rows, notices) if change else rows
    return Chosen(project, shown, view.frame, free) if len(free) >= least else None


def unlocked(project: Project, rows: tuple[ObjectRow, ...], notices: Notices) -> tuple[ObjectRow, ...]:
    """Those that may be changed; the others are named."""
    locked = tuple(row for row in rows if row.locked)
    if locked:
        notices.post(tr("Locked and left as they are: {names}.", names=names_of(project, locked)), Tone.WARNING)
    return tuple(row for row in rows if not row.locked)


def names_of(project: Project, rows: tuple[ObjectRow, ...]) -> str:
    """Objects as people call them; of many the first few and how many more."""
    names = ", ".join(name_of(project, row) for row in rows[:_MOST_NAMES])
    more = len(rows) - _MOST_NAMES
    return names if more <= 0 else f"{names} {tr('and {count} more', count=more)}"
