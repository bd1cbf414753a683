"""Exporting: the dialog, its preview, and the job in the pool."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator import formats
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ItemRow
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import FormatError
from sam2_annotator.formats.base import ExportReport, FormatInfo
from sam2_annotator.formats.coco_video import CocoVideoExporter
from sam2_annotator.jobs import export
from sam2_annotator.jobs.dataset_view import ProjectView
from sam2_annotator.jobs.open_paths import project_title
from sam2_annotator.jobs.spec import ExportSpec, Scope
from sam2_annotator.ui.dialogs.export import (
    ExportChoice,
    ExportDialog,
    ExportPreview,
    ExportScope,
    FormatEntry,
    FormatOption,
)
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.intents import DocumentAction, ShowFolder


@dataclass(frozen=True, slots=True)
class _Last:
    """What was exported last, of which project; `written` once that has succeeded."""

    project: Path
    choice: ExportChoice
    written: bool = False


class ExportController(QObject):
    """One export at a time; the work reads the project over a connection of its own."""

    def __init__(self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, *, parent_window: QWidget) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._window = parent_window
        self._dialog: ExportDialog | None = None
        self._place: Task | None = None
        self._preview: Task | None = None
        self._job: Task | None = None
        self._last: _Last | None = None

    def ask(self) -> None:
        """Open the dialog."""
        project = self._bus.project
        if project is None or self._dialog is not None:
            return
        if self._last is not None and self._last.project == project.path:
            self._open_dialog(self._last.choice)
            return
        first = _default_format(project)
        wanted = ExportChoice(
            first, ExportScope.ALL, _beside(project.items()) / f"{project_title(project.path)}-{first}"
        )
        self._place = self._tasks.run(tr("Export preview"), partial(_with_new_folder, choice=wanted))

    def _open_dialog(self, choice: ExportChoice) -> None:
        dialog = ExportDialog(tuple(map(_entry, formats.formats())), choice, self._window)
        dialog.choice_changed.connect(self.preview)
        dialog.chosen.connect(self.start)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        self.preview(dialog.choice())
        dialog.open()

    def again(self) -> None:
        """Repeat the last export of this project; ask when there was none."""
        project = self._bus.project
        if project is not None and self._last is not None and self._last.project == project.path:
            self.start(self._last.choice)
        else:
            self.ask()

    @Slot(object)
    def preview(self, choice: ExportChoice) -> None:
        """Work out what a choice would write."""
        project = self._bus.project
        if project is None or self._dialog is None:
            return
        if self._preview is not None:
            self._preview.token.set()
        self._dialog.set_preview(None)
        self._preview = self._tasks.run(tr("Export preview"), partial(_plan, project=project.place, choice=choice))

    @Slot(object)
    def start(self, choice: ExportChoice) -> None:
        """Export in the background; a second one waits for the first."""
        project = self._bus.project
        if project is None:
            return
        if self._job is not None:
            self._notices.post(tr("An export is running already."), Tone.WARNING)
            return
        # A folder that was refused before is somebody's; only what this program wrote may be replaced.
        repeated = self._last is not None and self._last.written and self._last.choice.folder == choice.folder
        self._last = _Last(project.path, choice, written=repeated)
        spec = ExportSpec(
            project.place,
            choice.format_id,
            choice.folder,
            options=_options(choice),
            overwrite=repeated,
            scope=Scope(choice.scope.value),
        )
        self._job = self._tasks.run(tr("Export to {name}", name=choice.folder.name), partial(_export, spec=spec))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """A preview or an export ended."""
        if result.task is self._place:
            self._place = None
            if isinstance(result.value, ExportChoice) and self._dialog is None and self._bus.project is not None:
                self._open_dialog(result.value)
        elif result.task is self._preview:
            self._preview = None
            if self._dialog is not None:
                self._dialog.set_preview(_preview_of(result))
        elif result.task is self._job:
            self._job = None
            self._tell(result)

    def _tell(self, result: TaskResult) -> None:
        if result.cancelled:
            self._notices.post(tr("Export cancelled; nothing was written."))
        elif result.error is not None:
            self._notices.fail(result.error)
        elif isinstance(result.value, ExportReport):
            report = result.value
            if self._last is not None:
                self._last = replace(self._last, written=True)
            lost = sum(loss.count for loss in report.losses)
            text = tr("{count} masks written to {folder}.", count=report.annotations, folder=str(report.target)) + (
                " " + tr("{count} things the format cannot hold were left out.", count=lost) if lost else ""
            )
            show = (tr("Show folder"), ShowFolder(report.target))
            self._notices.post(text, Tone.SUCCESS, show, (tr("Export again"), DocumentAction.EXPORT_AGAIN))

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None


def _default_format(project: Project) -> str:
    """One annotation per frame and track where there are only clips (FORMATS 1), else the first format."""
    kinds = {item.kind for item in project.items()}
    return CocoVideoExporter.info.id if kinds and MediaKind.IMAGE not in kinds else formats.formats()[0].id


def _beside(items: Sequence[ItemRow]) -> Path:
    """The folder above all pictures and with all clips: in a folder of pictures, copies would be taken for new ones."""
    folders = {row.path.parent.parent if row.kind is MediaKind.IMAGE else row.path.parent for row in items}
    try:
        return Path(os.path.commonpath(folders)) if folders else Path.home()
    except ValueError:  # on several drives
        return Path.home()


def _entry(info: FormatInfo) -> FormatEntry:
    options = tuple(
        FormatOption(option.name, tr(option.help), option.default)
        for option in info.options
        if isinstance(option.default, bool)
    )
    return FormatEntry(info.id, tr(info.title), options=options)


def _options(choice: ExportChoice) -> dict[str, bool]:
    info = formats.exporter(choice.format_id).info
    return {o.name: o.name in choice.options for o in info.options if isinstance(o.default, bool)}


def _export(progress: Progress, token: CancelToken, *, spec: ExportSpec) -> ExportReport:
    return export.run(spec, lambda done, total, text: progress(done, total), token)


def _with_new_folder(progress: Progress, token: CancelToken, *, choice: ExportChoice) -> ExportChoice:
    """In the home folder where the wanted one may not be written; with another name while there is one of its name."""
    wanted = choice.folder if os.access(choice.folder.parent, os.W_OK) else Path.home() / choice.folder.name
    folder, number = wanted, 2
    while folder.exists():
        folder, number = wanted.with_name(f"{wanted.name}-{number}"), number + 1
    return replace(choice, folder=folder)


def _plan(progress: Progress, token: CancelToken, *, project: Place, choice: ExportChoice) -> ExportPreview:
    exporter = formats.exporter(choice.format_id)
    with ProjectView.open(project, Scope(choice.scope.value)) as view:
        totals = view.totals()
        media = view.media()
        tracks = sum(len(view.tracks(medium)) for medium in media)
        problems = _left_out(view.drafts)
        try:
            plan = exporter.plan(view, _options(choice))
        except FormatError as error:
            return ExportPreview(
                (), totals.media, tracks, totals.shapes, problems, blocked=f"{error.message} {error.hint}".strip()
            )
        return ExportPreview(plan.files, totals.media, tracks, totals.shapes, problems)


def _left_out(drafts: int) -> tuple[str, ...]:
    """What a person may miss in the files."""
    if not drafts:
        return ()
    return (tr("{count} objects not accepted yet (Enter) are left out.", count=drafts),)


def _preview_of(result: TaskResult) -> ExportPreview | None:
    if isinstance(result.value, ExportPreview):
        return result.value
    if result.error is not None:
        return ExportPreview((), 0, 0, 0, blocked=result.error.message)
    return None
