"""Attributes: defined anew, and said of objects."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc.commands import AddAttribute, ChangeAttribute, DeleteAttribute, SetAttribute
from sam2_annotator.doc.commands.attributes import AttributeChange, cleaned, kept_values, taken_name
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import AttributeRow, AttributeValueRow
from sam2_annotator.errors import DocError
from sam2_annotator.ui.controllers.chosen import unlocked
from sam2_annotator.ui.dialogs.question import question
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.values.intents import DocumentAction


class AttributesController(QObject):
    """Applies changes of attributes; what would be lost by one is told before."""

    def __init__(self, bus: DocumentBus, notices: Notices, *, parent_window: QWidget) -> None:
        super().__init__()
        self._bus = bus
        self._notices = notices
        self._window = parent_window

    def change(self, wish: AttributeChange) -> None:
        """Carry out one change."""
        project = self._bus.writable
        if project is None:
            if self._bus.project is not None and self._bus.project.read_only:
                words = tr("This project is open for reading only: what is said of its objects stays as it is.")
                self._notices.post(words, Tone.WARNING)
            return
        if not self._may_be_named(project, wish):
            return
        match wish:
            case ChangeAttribute():
                self._redefine(project, wish)
            case DeleteAttribute():
                self._delete(project, wish)
            case SetAttribute():
                self._say(project, wish)
            case _:
                self._bus.apply(wish)

    def _may_be_named(self, project: Project, wish: AttributeChange) -> bool:
        """A name that cannot be given is told in a notice; nothing is written."""
        if not isinstance(wish, AddAttribute | ChangeAttribute):
            return True
        try:
            name = cleaned(wish.spec).name
        except DocError as error:
            self._notices.post(f"{error.message} {error.hint}", Tone.WARNING)
            return False
        row = project.get(AttributeRow, wish.attribute) if isinstance(wish, ChangeAttribute) else None
        label = wish.label if isinstance(wish, AddAttribute) else None if row is None else row.label
        if taken_name(project.attributes(), name, label, but=None if row is None else row.id):
            self._notices.post(tr("There is an attribute {name} already.", name=name), Tone.WARNING)
            return False
        return True

    def _redefine(self, project: Project, wish: ChangeAttribute) -> None:
        row = project.get(AttributeRow, wish.attribute)
        if row is None:
            return
        values = project.find(AttributeValueRow, attribute=row.id)
        lost = len(values) - len(kept_values(values, row, cleaned(wish.spec)))
        if not lost:
            self._bus.apply(wish)
            return
        text = tr("{count} values of {name} have no place in this and would be lost.", count=lost, name=row.name)
        dialog = question(self._window, tr("Change attribute"), text, yes=tr("Change"))
        dialog.answered.connect(lambda: self._bus.apply(wish))
        dialog.open()

    def _delete(self, project: Project, wish: DeleteAttribute) -> None:
        row = project.get(AttributeRow, wish.attribute)
        changes = self._bus.apply(wish)
        if row is not None and changes:
            text = tr("Deleted {name} from {count} objects.", name=row.name, count=len(changes.attributes))
            self._notices.post(text, Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))

    def _say(self, project: Project, wish: SetAttribute) -> None:
        """Locked objects stay as they are."""
        rows = tuple(row for row in map(project.object, wish.objects) if row is not None)
        free = tuple(row.id for row in unlocked(project, rows, self._notices))
        if free:
            self._bus.apply(replace(wish, objects=free))
