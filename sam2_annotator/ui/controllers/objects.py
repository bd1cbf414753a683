"""Selection, labels, visibility, deleting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import DeleteObject, MarkAbsent, SetFlags, Together
from sam2_annotator.doc.commands import SetLabel as SetLabelOf
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.ui.controllers.chosen import names_of, unlocked
from sam2_annotator.ui.controllers.label_by_name import label_named
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import draft_of
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import (
    Delete,
    DeleteScope,
    DocumentAction,
    SelectNeighbour,
    SelectObjects,
    SelectRank,
    SetLabel,
    SetLabelNumber,
    SetLocked,
    SetVisible,
)


class ObjectsController(QObject):
    """Turns wishes about objects into commands."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        notices: Notices,
        large: LargeEdits,
        *,
        listed: Callable[[], tuple[ObjectId, ...]],
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._large = large
        self._listed = listed  # the order people see

    # --------------------------------------------------------------------------------------------- selection

    def select(self, wish: SelectObjects) -> None:
        """Make these the selection."""
        self._view.select(*wish.objects)

    def select_all(self) -> None:
        """Select every object of the item."""
        self._view.select(*(row.id for row in self._rows()))

    def clear_selection(self) -> bool:
        """Select nothing; False when nothing was selected."""
        had = bool(self._view.selection)
        self._view.select()
        return had

    def select_rank(self, wish: SelectRank) -> None:
        """Select by place in the list."""
        ids = self._listed()
        if 1 <= wish.rank <= len(ids):
            self._view.select(ids[wish.rank - 1])

    def select_neighbour(self, wish: SelectNeighbour) -> None:
        """Select the next or previous object of the list; from none, the first or the last."""
        ids = self._listed()
        if not ids:
            return
        chosen = self._view.selection
        if chosen and chosen[-1] in ids:
            self._view.select(ids[(ids.index(chosen[-1]) + wish.step) % len(ids)])
        else:
            self._view.select(ids[0 if wish.step > 0 else -1])

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """What is gone cannot stay selected."""
        project = self._bus.project
        if project is not None and changes.objects and self._view.selection:
            touched = changes.objects
            self._view.select(*(o for o in self._view.selection if o not in touched or project.object(o) is not None))

    # ------------------------------------------------------------------------------------------------ labels

    def set_label(self, wish: SetLabel) -> None:
        """Name objects, or choose the label new objects get."""
        project = self._bus.writable
        if project is None:
            return
        meant = self._rows_of(project, wish.objects or self._labelled_by_default(project))
        rows = unlocked(project, meant, self._notices)
        if meant and not rows:
            return
        label, step = label_named(self._bus, project, wish.name)
        if label is None and (wish.name or "").strip():
            return  # it could not be made, and that was said
        if rows:
            self._bus.apply(SetLabelOf(tuple(row.id for row in rows), label), into=step)
        self._bus.set_current_label(label)

    def set_label_number(self, wish: SetLabelNumber) -> None:
        """A digit: the label with this key; 0 for none."""
        project = self._bus.writable
        if project is None:
            return
        if wish.number == 0:
            self.set_label(SetLabel(None))
            return
        label = next((row for row in project.labels() if row.shortcut == wish.number), None)
        if label is None:
            self._notices.post(tr("No label has the key {number}.", number=wish.number))
        else:
            self.set_label(SetLabel(label.name))

    def _labelled_by_default(self, project: Project) -> tuple[ObjectId, ...]:
        """The draft, else the selection."""
        shown = self._view.item
        draft = None if shown is None else draft_of(project, shown.media.item)
        return self._view.selection if draft is None or self._view.selection else (draft.id,)

    # ------------------------------------------------------------------------------------------- flags, delete

    def set_visible(self, wish: SetVisible) -> None:
        """Show or hide objects."""
        self._bus.apply(SetFlags(wish.objects, visible=wish.visible))

    def set_locked(self, wish: SetLocked) -> None:
        """Lock or unlock objects."""
        self._bus.apply(SetFlags(wish.objects, locked=wish.locked))

    def toggle_lock(self) -> None:
        """Lock the selected objects, or unlock them when all are locked."""
        chosen = [row for row in self._rows() if row.id in self._view.selection]
        if chosen:
            self._bus.apply(SetFlags(tuple(row.id for row in chosen), locked=not all(row.locked for row in chosen)))

    def delete(self, wish: Delete) -> None:
        """Objects go as far as the scope says; in a picture always wholly (OBJ-8). Locked ones stay."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return
        rows = self._rows_of(project, wish.objects or self._view.selection)
        objects = tuple(row.id for row in unlocked(project, rows, self._notices))
        if not objects:
            return
        item, frame = shown.media.item, self._view.frame
        names = self._names(project, objects)
        if not shown.media.is_clip or wish.scope is DeleteScope.WHOLE:
            in_clip = tr("Removed {name} from {count} frames.", name=names, count=project.count_frames(objects))
            text = in_clip if shown.media.is_clip else tr("Removed {name}.", name=names)
            size = project.count_masks(objects)
            self._large.apply(DeleteObject(item, objects), rows=size, then=lambda _: self._removed(text))
            return
        here = wish.scope is DeleteScope.HERE
        marks = []
        for object_id in objects:
            after = None if here else project.next_frame_of_a_person(item, object_id, frame)
            last = frame + 1 if here else shown.facts.frames if after is None else after
            marks.append(MarkAbsent(item, range(frame, last), (object_id,)))
        text = tr("{name} is absent here.", name=names) if here else tr("{name} is absent from here on.", name=names)
        size = sum(len(mark.frames) for mark in marks)
        self._large.apply(Together(tuple(marks)), rows=size, then=lambda _: self._removed(text))

    def _removed(self, text: str) -> None:
        self._notices.post(text, Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))

    def _names(self, project: Project, objects: tuple[ObjectId, ...]) -> str:
        chosen = frozenset(objects)
        return names_of(project, tuple(row for row in self._rows() if row.id in chosen))

    def _rows_of(self, project: Project, objects: tuple[ObjectId, ...]) -> tuple[ObjectRow, ...]:
        return tuple(row for row in map(project.object, objects) if row is not None)

    def _rows(self) -> tuple[ObjectRow, ...]:
        project, shown = self._bus.project, self._view.item
        return () if project is None or shown is None else project.objects(shown.media.item)
