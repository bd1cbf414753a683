"""Work in the pool that takes long enough to be shown, with a way to end it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.ui.panels.task_progress import TaskProgressWidget
from sam2_annotator.ui.threads.task_runner import Task, TaskProgress, TaskResult


class TasksPresenter(QObject):
    """Shows the task that reported last."""

    def __init__(self, widget: TaskProgressWidget) -> None:
        super().__init__()
        self._widget = widget
        self._task: Task | None = None
        widget.cancelled.connect(self._cancel)

    @Slot(object)
    def on_progress(self, progress: TaskProgress) -> None:
        """A task told how far it is."""
        self._task = progress.task
        self._widget.show_progress(progress.task.title, progress.done, progress.total)

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """A task ended."""
        if result.task is self._task:
            self._task = None
            self._widget.hide()

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self._task.token.set()
