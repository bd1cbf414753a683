"""The label set, changed from the Labels tab and the label set editor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddLabel, Command, DeleteLabel, MergeLabels, RenameLabel, SetDefaultLabel
from sam2_annotator.doc.commands.labels import DEFAULT_LABEL, LabelChange, clean_name
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import LabelRow
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.dialogs.label_set import LabelSetDialog
from sam2_annotator.ui.dialogs.question import question
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import label_entries
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.intents import DocumentAction

Tell = Callable[[Changes], None]


class LabelsController(QObject):
    """Turns wishes about labels into commands, after asking what has to be asked."""

    intent = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        notices: Notices,
        large: LargeEdits,
        *,
        theme: Theme,
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._notices = notices
        self._large = large
        self._theme = theme
        self._editor: LabelSetDialog | None = None
        self._window = parent_window

    # --------------------------------------------------------------------------------------------- changing

    def change(self, wish: LabelChange) -> None:
        """Change the label set; a rename onto another label and the loss of a used one are asked about first."""
        project = self._bus.writable
        if project is None:
            if self._bus.project is not None and self._bus.project.read_only:
                self._say(tr("This project is open for reading only: its labels stay as they are."), Tone.WARNING)
            return
        match wish:
            case AddLabel():
                self._add(project, wish)
            case RenameLabel():
                self._rename(project, wish)
            case MergeLabels():
                self._merge(wish)
            case DeleteLabel():
                self._delete(project, wish)
            case SetDefaultLabel():
                if self._apply(wish) is not None and wish.label is not None:
                    self._bus.set_current_label(wish.label)
            case _:
                self._apply(wish)

    def _add(self, project: Project, wish: AddLabel) -> None:
        if not wish.name.strip():
            return
        if project.label_named(clean_name(wish.name)) is not None:
            self._say(tr("There is a label {name} already.", name=clean_name(wish.name)), Tone.WARNING)
            return
        changes = self._apply(wish)
        if changes is not None and project.current_label is None:
            self._bus.set_current_label(LabelId(changes.created[0]))

    def _rename(self, project: Project, wish: RenameLabel) -> None:
        if not wish.name.strip():
            return
        name = clean_name(wish.name)
        twin, row = project.label_named(name), project.label(wish.label)
        if row is None or name == row.name:
            return
        if twin is None:
            changes = self._apply(wish)
            count = project.label_counts().get(wish.label, 0)
            if changes:
                self._say(tr("Renamed {old} to {name}: {count} objects.", old=row.name, name=name, count=count))
            return
        count = project.label_counts().get(wish.label, 0)
        text = tr(
            "There is a label {name} already. Merge {old} into it? {count} objects change their label.",
            name=name,
            old=row.name,
            count=count,
        )
        dialog = question(self._window, tr("Merge labels"), text, yes=tr("Merge"))
        dialog.answered.connect(lambda: self._merge(MergeLabels((row.id,), twin.id)))
        dialog.open()

    def _merge(self, wish: MergeLabels) -> None:
        project = self._bus.project
        into = None if project is None else project.label(wish.into)
        if project is None or into is None:
            return

        def tell(changes: Changes) -> None:
            text = tr("Merged into {name}: {count} objects changed.", name=into.name, count=len(changes.objects))
            self._say(text, undo=True)

        self._relabel(project, wish.labels, wish, tell)

    def _delete(self, project: Project, wish: DeleteLabel) -> None:
        row = project.label(wish.label)
        if row is None:
            return
        count = project.label_counts().get(wish.label, 0)
        if not count:
            self._delete_now(project, row, wish)
            return
        others = [other for other in project.labels() if other.id != row.id]
        ways: list[LabelChange] = [wish, *(MergeLabels((row.id,), other.id) for other in others)]
        titles = (tr("Leave them unlabelled"), *(tr("Give them the label {name}", name=o.name) for o in others))
        text = tr("{count} objects have the label {name}.", count=count, name=row.name)
        dialog = question(self._window, tr("Delete label"), text, yes=tr("Delete label"), choices=titles)
        dialog.answered.connect(lambda way: self._delete_now(project, row, ways[way]))
        dialog.open()

    def _delete_now(self, project: Project, row: LabelRow, wish: LabelChange) -> None:
        def tell(changes: Changes) -> None:
            count = len(changes.objects)
            text = tr("Deleted the label {name}: {count} objects changed.", name=row.name, count=count)
            self._say(text, undo=True)

        self._relabel(project, (row.id,), wish, tell)

    def _relabel(self, project: Project, labels: tuple[LabelId, ...], wish: Command, tell: Tell) -> None:
        """Apply what changes all objects of labels."""
        counts = project.label_counts()
        self._large.apply(wish, rows=sum(counts.get(label, 0) for label in labels), then=tell)

    # ------------------------------------------------------------------------------------------ the editor

    def edit_set(self) -> None:
        """Open the label set editor."""
        if self._bus.writable is None:
            return
        editor = LabelSetDialog(self._theme, self._window)
        editor.wish.connect(self.intent)
        editor.finished.connect(self._forget_editor)
        self._notices.posted.connect(editor.show_notice)
        self._editor = editor
        editor.open()
        self._show_set()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Keep the editor up to date."""
        if changes.labels or changes.definitions or changes.objects or changes.settings:
            self._show_set()

    def _show_set(self) -> None:
        project = self._bus.project
        if self._editor is None or project is None:
            return
        setting = project.setting(DEFAULT_LABEL)
        default = None if setting is None else LabelId(int(setting.value))
        self._editor.set_labels(label_entries(project), default=default)
        self._editor.set_attributes(project.attributes())

    def _forget_editor(self) -> None:
        self._editor = None

    # ---------------------------------------------------------------------------------------------- helpers

    def _apply(self, wish: Command) -> Changes | None:
        """Apply; what a person asked for in vain is told as a notice, not as a failure to save."""
        project = self._bus.writable
        if project is None:
            return None
        return self._bus.apply(wish)

    def _say(self, text: str, tone: Tone = Tone.PLAIN, *, undo: bool = False) -> None:
        self._notices.post(text, tone, *(((tr("Undo"), DocumentAction.UNDO),) if undo else ()))
