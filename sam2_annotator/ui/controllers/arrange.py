"""Objects as wholes: merged, split, combined, ordered, noted, coloured, shown alone."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import (
    Combination,
    CombineMasks,
    Lift,
    LiftObjects,
    MergeObjects,
    PlaceObjects,
    SetColour,
    SetFlags,
    SetNoOverlap,
    SetNote,
    SplitObject,
)
from sam2_annotator.masks.morphology import parts
from sam2_annotator.ui.controllers.chosen import chosen
from sam2_annotator.ui.controllers.large_edits import ROWS_OF_A_UNION, LargeEdits
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import keeps_apart
from sam2_annotator.ui.object_looks import colour_of
from sam2_annotator.ui.panels.object_forms import NoteForm
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.object_intents import Annotate, PlaceOver, ShowOnly

MOST_PARTS = 100


class ArrangeController(QObject):
    """Turns wishes about several objects and their order into commands, one undo step each."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        notices: Notices,
        large: LargeEdits,
        *,
        note_form: NoteForm,
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._large = large
        self._note_form = note_form
        self._parent_window = parent_window

    # ------------------------------------------------------------------------------------- merge, split, combine

    def merge(self) -> None:
        """The first selected object takes in the others, on all frames."""
        found = chosen(self._bus, self._view, self._notices, least=2)
        if found is None:
            return
        words = tr("Merged {names}.", names=found.names)

        def then(changes: Changes) -> None:
            self._view.select(found.ids[0])
            self._tell(words)

        rows = ROWS_OF_A_UNION * found.project.count_masks(found.ids)
        self._large.apply(MergeObjects(found.item, found.ids), rows=rows, then=then)

    def split(self) -> None:
        """Parts of the masks on this frame become objects, which are selected."""
        found = chosen(self._bus, self._view, self._notices)
        if found is None:
            return
        step, made = None, list[ObjectId]()
        for row in found.rows:
            mask = found.mask(row.id)
            count = 0 if mask is None else len(parts(mask))
            if count > MOST_PARTS:
                text = tr("{name} has {count} parts. Remove specks first.", name=found.names, count=f"{count:,}")
                self._notices.post(text, Tone.WARNING)
            elif count > 1:
                changes = self._bus.apply(SplitObject(found.item, found.frame, row.id), into=step)
                if changes:
                    step = changes.step
                    made += [row.id, *map(ObjectId, changes.created)]
        if made:
            self._view.select(*made)
            self._tell(tr("Split into {count} objects.", count=len(made)))
        elif step is None:
            self._notices.post(tr("Nothing to split: the mask is one part."))

    def combine(self, how: Combination) -> None:
        """The mask of the first selected object on this frame is combined with the others."""
        found = chosen(self._bus, self._view, self._notices, least=2)
        if found is None:
            return
        first, *others = found.rows
        mask = found.mask(first.id)
        if how is not Combination.UNITE and mask is None:
            self._notices.post(tr("The object selected first has no mask here."))
        elif not self._bus.apply(CombineMasks(found.item, found.frame, first.id, tuple(o.id for o in others), how)):
            self._notices.post(tr("Nothing to change: the masks do not meet like that."))

    # ------------------------------------------------------------------------------------------------ order

    def lift(self, lift: Lift) -> None:
        """The selected objects move in the stack."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        if found is not None:
            self._bus.apply(LiftObjects(found.item, found.ids, lift))

    def place(self, wish: PlaceOver) -> None:
        """Objects were dragged to another place of the stack."""
        shown = self._view.item
        if shown is not None and wish.over not in wish.objects:
            self._bus.apply(PlaceObjects(shown.media.item, wish.objects, wish.over))

    # ---------------------------------------------------------------------------------- notes, colours, visibility

    def ask_note(self) -> None:
        """Open the field for the note of the selected objects."""
        found = chosen(self._bus, self._view, self._notices)
        if found is not None:
            self._note_form.ask(found.names, found.rows[0].note)

    def annotate(self, wish: Annotate) -> None:
        """The note was typed."""
        found = chosen(self._bus, self._view, self._notices)
        if found is not None:
            self._bus.apply(SetNote(found.ids, wish.note))

    def ask_colour(self) -> None:
        """Choose a colour for the selected objects."""
        found = chosen(self._bus, self._view, self._notices)
        if found is None:
            return
        dialog = QColorDialog(QColor(*colour_of(found.rows[0])), self._parent_window)
        dialog.setObjectName("objectColour")
        dialog.setWindowTitle(tr("Colour of {names}", names=found.names))
        dialog.colorSelected.connect(lambda picked: self._colour(found.ids, picked))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def colour_by_number(self) -> None:
        """The selected objects get the colours of their numbers again."""
        found = chosen(self._bus, self._view, self._notices)
        if found is not None:
            self._bus.apply(SetColour(found.ids, None))

    def _colour(self, objects: tuple[ObjectId, ...], picked: QColor) -> None:
        self._bus.apply(SetColour(objects, (picked.red(), picked.green(), picked.blue())))

    def solo(self) -> None:
        """Only the selected objects are to be seen, or all again."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        if found is not None:
            self.show_only(ShowOnly(found.ids))

    def show_only(self, wish: ShowOnly) -> None:
        """Hide all but these; when it is so already, show all."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return
        rows = project.objects(shown.media.item)
        others = tuple(row.id for row in rows if row.id not in wish.objects)
        alone = {row.id for row in rows if row.visible} == set(wish.objects)
        step = project.new_step("Show all objects" if alone else "Show only these objects")
        self._bus.apply(SetFlags(others, visible=alone), into=step)
        self._bus.apply(SetFlags(wish.objects, visible=True), into=step)
        self._bus.end_step(step)

    def toggle_no_overlap(self) -> None:
        """Objects of this project are kept apart from now on, or may overlap again."""
        project = self._bus.writable
        if project is None:
            return
        on = not keeps_apart(project)
        self._bus.apply(SetNoOverlap(on))
        if on:
            self._notices.post(tr("From now on a mask takes its pixels from objects below it. Locked ones give none."))
        else:
            self._notices.post(tr("Objects may overlap again."))

    def _tell(self, text: str) -> None:
        self._notices.post(text, Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))
