"""Keeps the settings file in step with the settings in use."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator import settings
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import SettingsError
from sam2_annotator.settings import KeyChanges, Value
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.dialogs.settings import SettingsDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner

_REST_MS = 300
_TOPIC = "settings"

Values = dict[str, Value | KeyChanges]


class SettingsController(QObject):
    """Writes what changed in the pool, once the person rests; `flush` writes the rest when the program ends.

    `model_requested` asks for the dialog of models.
    """

    model_requested = Signal()

    def __init__(
        self,
        live: LiveSettings,
        tasks: TaskRunner,
        notices: Notices,
        actions: ActionSet,
        theme: Theme,
        *,
        path: Path,
        languages: tuple[tuple[str, str], ...],
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._live = live
        self._tasks = tasks
        self._notices = notices
        self._actions = actions
        self._theme = theme
        self._path = path
        self._languages = languages
        self._window = parent_window
        self._unwritten: set[str] = set()
        self._writing: Task | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._write)

    def ask(self) -> None:
        """Open the dialog."""
        dialog = SettingsDialog(self._theme, self._live, self._actions, self._languages, self._window)
        dialog.model_requested.connect(self.model_requested)
        dialog.open()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Some settings changed."""
        self._unwritten |= change.names
        self._rest.start()

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """The file was written, or could not be: told once until it can be again."""
        if result.task is not self._writing:
            return
        self._writing = None
        if result.error is not None:
            self._notices.fail(result.error, topic=_TOPIC)
            return
        self._notices.settle(_TOPIC)
        written = result.value
        assert isinstance(written, dict)
        self._unwritten -= {name for name, value in written.items() if getattr(self._live.now, name) == value}
        if self._unwritten:
            self._rest.start()

    def flush(self) -> None:
        """Write what is not written yet, here and now."""
        self._rest.stop()
        if not self._unwritten:
            return
        try:
            settings.update(self._path, self._values())
        except SettingsError as error:
            self._notices.fail(ErrorReport(error.message, error.hint, error.details), topic=_TOPIC)

    def _values(self) -> Values:
        return {name: getattr(self._live.now, name) for name in self._unwritten}

    def _write(self) -> None:
        if self._writing is None:
            self._writing = self._tasks.run(tr("Saving settings"), partial(_update, self._path, self._values()))


def _update(path: Path, values: Values, progress: Progress, token: CancelToken) -> Values:
    settings.update(path, values)
    return values
