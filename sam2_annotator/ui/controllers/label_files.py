"""Label sets to and from files; reading and writing happen in the pool."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from sam2_annotator.doc.commands import ImportLabels
from sam2_annotator.doc.commands.attributes import spec_of
from sam2_annotator.doc.commands.labels import DEFAULT_LABEL
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.formats import label_set
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.attributes import AttributeSpec
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.label_set import LabelSet, LabelSpec


class LabelFilesController(QObject):
    """Asks for a file, reads or writes it, and takes what was read into the project as one step."""

    def __init__(self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, *, parent_window: QWidget) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._window = parent_window
        self._reading: tuple[Task, Project] | None = None
        self._writing: tuple[Task, Path] | None = None

    @Slot()
    def ask_import(self) -> None:
        """Ask which file to take labels from."""
        dialog = QFileDialog(self._parent(), tr("Import labels"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Label sets, text, COCO (*.json *.txt *.names *.csv)"), tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    @Slot()
    def ask_export(self) -> None:
        """Ask where to write the label set."""
        project = self._bus.project
        if project is None:
            return
        dialog = QFileDialog(self._parent(), tr("Export label set"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(f"{project.path.stem}-labels.json")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Read labels from a file; they come into the project that is open now."""
        project = self._bus.writable
        if project is not None:
            task = self._tasks.run(tr("Reading {name}", name=path.name), partial(_read, path=path))
            self._reading = (task, project)

    def export_to(self, path: Path) -> None:
        """Write the label set of the project to a file."""
        project = self._bus.project
        if project is not None:
            work = partial(_write, path=path, labels=label_set_of(project))
            self._writing = (self._tasks.run(tr("Writing {name}", name=path.name), work), path)

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """A file was read or written."""
        if self._reading is not None and result.task is self._reading[0]:
            project = self._reading[1]
            self._reading = None
            if result.error is not None:
                self._notices.fail(result.error)
            elif isinstance(result.value, LabelSet) and self._bus.writable is project:
                self._take(result.value)
        elif self._writing is not None and result.task is self._writing[0]:
            path = self._writing[1]
            self._writing = None
            if result.error is not None:
                self._notices.fail(result.error)
            else:
                self._notices.post(tr("Label set written to {path}.", path=path), Tone.SUCCESS)

    def _take(self, labels: LabelSet) -> None:
        changes = self._bus.apply(ImportLabels(labels))
        if changes is None:
            return
        if not changes:
            self._notices.post(tr("The project has all these labels already."))
            return
        text = tr("Took over {count} labels.", count=len(labels.labels))
        self._notices.post(text, Tone.SUCCESS, (tr("Undo"), DocumentAction.UNDO))

    def _parent(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window


def label_set_of(project: Project) -> LabelSet:
    """The label set of a project, to be written."""
    asked: dict[LabelId | None, list[AttributeSpec]] = {}
    for row in project.attributes():
        asked.setdefault(row.label, []).append(spec_of(row))
    labels = project.labels()
    setting = project.setting(DEFAULT_LABEL)
    default = next((row.name for row in labels if setting is not None and row.id == setting.value), None)
    specs = (LabelSpec(row.name, row.colour, row.shortcut, tuple(asked.get(row.id, ()))) for row in labels)
    return LabelSet(tuple(specs), tuple(asked.get(None, ())), default)


def _read(progress: Progress, token: CancelToken, *, path: Path) -> object:
    return label_set.read(path)


def _write(progress: Progress, token: CancelToken, *, path: Path, labels: LabelSet) -> object:
    label_set.write(path, labels)
    return None
