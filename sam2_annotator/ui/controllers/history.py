"""Undo, redo, and going to any step of the history, without holding up the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.history import MAX_STEPS
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.step_list import StepSubject
from sam2_annotator.errors import DocError
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.dialogs.history import HistoryDialog, HistoryEntry
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import day_time, tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.step_words import Stepped, Way, subject_words
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import GoToStep

LARGE = 1 << 20  # bytes of a step, some 3,000 masks, from which another thread does it
_SLICE_SECONDS = 0.03
_REFRESH_MS = 80
_TOPIC = "history"


class HistoryController(QObject):
    """`stepped` carries a Stepped; `intent` what a person wants of the list."""

    stepped = Signal(object)
    intent = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        large: LargeEdits,
        notices: Notices,
        live: LiveSettings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._live = live
        self._bus = bus
        self._large = large
        self._notices = notices
        self._theme = theme
        self._window = window
        self._dialog: HistoryDialog | None = None
        self._target: int | None = None
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._show_steps)

    # ------------------------------------------------------------------------------------------- one step

    def undo(self) -> None:
        """Take back the newest step."""
        self._target = None
        self._step(undo=True)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._target = None
        self._step(undo=False)

    def _step(self, *, undo: bool) -> None:
        project = self._bus.writable
        title = None if project is None else project.undo_title if undo else project.redo_title
        if project is None:
            return
        number = project.next_step(undo=undo)
        if not self._bus.pending and project.next_step_size(undo=undo) > LARGE:
            self._step_elsewhere(project, title or "", undo=undo)
            return
        changes = self._bus.undo() if undo else self._bus.redo()
        if changes is not None and title is not None:
            self._tell(number, title, Way.UNDONE if undo else Way.REDONE)

    def _tell(self, number: int, title: str, way: Way) -> None:
        self.stepped.emit(Stepped(title, self._subject(number), way))

    def _step_elsewhere(self, project: Project, title: str, *, undo: bool) -> None:
        moving = (project.next_step(undo=undo), title, Way.UNDONE if undo else Way.REDONE)
        words = tr("Undoing: {step}", step=tr(title)) if undo else tr("Doing again: {step}", step=tr(title))

        def ended(changes: Changes | None) -> None:
            if changes is None:
                self._target = None
                return
            self._tell(*moving)
            if self._target is not None:
                self._go_on()

        self._large.run(words, Project.undo if undo else Project.redo, ended)

    # ------------------------------------------------------------------------------------------ many steps

    def go_to(self, wish: GoToStep) -> None:
        """Undo or redo until a step is the newest that is done."""
        self._target = wish.number
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """A slice of the way; the window paints between two."""
        project, target = self._bus.writable, self._target
        if project is None or target is None or self._bus.pending:
            self._target = None
            return
        undone = project.head > target
        if project.head != target and project.next_step_size(undo=undone) > LARGE:
            self._step(undo=undone)
            return
        changes = self._bus.travel(target, seconds=_SLICE_SECONDS)
        if changes is None:
            self._target = None
            return
        if project.head == target:
            self._target = None
            self._arrive(project, undone=undone)
        else:
            QTimer.singleShot(0, self._go_on)

    def _arrive(self, project: Project, *, undone: bool) -> None:
        """Tell of the step somebody went to; of the one after it, taken back last, where that one is nowhere."""
        number, title = project.head, project.undo_title or ""
        if undone and self._subject(number).item is None:
            self._tell(project.next_step(undo=False), project.redo_title or "", Way.UNDONE)
        else:
            self._tell(number, title, Way.REACHED)

    def _subject(self, number: int) -> StepSubject:
        """What a step is about; nothing for one that cannot be read, which undoing it would say."""
        project = self._bus.project
        try:
            return StepSubject() if project is None else project.step_subject(number)
        except DocError:
            return StepSubject()

    def _about(self, number: int) -> str:
        return subject_words(self._subject(number))

    # ------------------------------------------------------------------------------------------- the list

    def show(self) -> None:
        """Open the list of steps, or bring it to the front."""
        if self._bus.project is None:
            return
        if self._dialog is None:
            self._dialog = HistoryDialog(self._theme, self._about, self._window)
            self._dialog.intent.connect(self.intent)
            self._dialog.finished.connect(self._forget_dialog)
        self._show_steps()
        self._dialog.show()
        self._dialog.raise_()

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        self._target = None
        self._notices.settle(_TOPIC)
        if project is None and self._dialog is not None:
            self._dialog.close()
        self._refresh.start()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """One more step, or another present one."""
        project = self._bus.project
        if project is not None and project.forgotten_steps:
            words = tr(
                "The oldest steps cannot be undone any more: {steps} steps within {size} MB are kept.",
                steps=f"{MAX_STEPS:,}",
                size=self._live.now.undo_memory_mb,
            )
            self._notices.once(words, topic=_TOPIC)
        if self._dialog is not None and not self._refresh.isActive():
            self._refresh.start()

    @Slot()
    def _show_steps(self) -> None:
        project = self._bus.project
        if self._dialog is not None and project is not None:
            self._dialog.set_steps(
                [
                    HistoryEntry(
                        step.number,
                        tr(step.title),
                        "" if step.made is None else day_time(step.made),
                        step.done,
                    )
                    for step in project.steps()
                ]
            )

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None
