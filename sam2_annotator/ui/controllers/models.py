"""Which model works on which device: loading, fetching, the dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.engine import catalogue
from sam2_annotator.engine.messages import Activity, Ended, EndReason, LoadModel, ModelReady, Response
from sam2_annotator.engine.tickets import CancelToken, Ticket
from sam2_annotator.ui.actions.action import WindowAction
from sam2_annotator.ui.dialogs.models import DeviceRow, DownloadState, ModelRow, ModelsDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.input_size import InputSize, Quality
from sam2_annotator.values.intents import ChangeModel


@dataclass(frozen=True, slots=True)
class Choices:
    """What the dialog offers; found out in the pool, since it needs torch."""

    models: tuple[ModelRow, ...]
    devices: tuple[DeviceRow, ...]


class ModelsController(QObject):
    """Loads the model of the settings at the start and whatever is chosen later; a choice that worked is remembered
    there. `is_news` says whether a text was never shown here; `ready` tells that a model is loaded."""

    ready = Signal()

    def __init__(
        self,
        engine: EngineClient,
        tasks: TaskRunner,
        notices: Notices,
        live: LiveSettings,
        *,
        is_news: Callable[[str], bool],
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._tasks = tasks
        self._notices = notices
        self._live = live
        self._wanted = ChangeModel(live.now.model, live.now.device)
        self._working: ChangeModel | None = None  # what last became ready
        self._is_news = is_news
        self._window = parent_window
        self._loading: Ticket | None = None
        self._fetching = ""
        self._dialog: ModelsDialog | None = None
        self._looking: Task | None = None

    @Slot()
    def start(self) -> None:
        """Load the model of the settings."""
        self.load(self._wanted)

    @Slot(object)
    def load(self, wish: ChangeModel) -> None:
        """Load a model, fetching it first when it is not on this machine."""
        self._wanted = wish
        self._loading = self._engine.ticket("model")
        size = InputSize(Quality(self._live.now.quality))
        self._engine.submit(LoadModel(self._loading, wish.model, wish.device, self._live.now.precision, size))

    @Slot(object)
    def choose_quality(self, quality: Quality) -> None:
        """See pictures at this size from now on."""
        self._live.change({"quality": quality.value})

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Another quality or precision: the model is made ready anew."""
        if change.concerns("quality", "precision"):
            self.load(self._working or self._wanted)

    def ask(self) -> None:
        """Open the dialog."""
        dialog = ModelsDialog(self._window)
        dialog.intent.connect(self.load)
        dialog.download_requested.connect(self._download)
        dialog.download_cancelled.connect(self._cancel)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        self._looking = self._tasks.run(tr("Looking for models"), _look)
        dialog.open()

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Show what the machine has."""
        if result.task is not self._looking:
            return
        self._looking = None
        if self._dialog is not None and isinstance(result.value, Choices):
            used = self._working or self._wanted
            self._dialog.set_models(result.value.models, used.model)
            self._dialog.set_devices(result.value.devices, used.device)

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Follow loading."""
        if isinstance(response, ModelReady):
            self._on_ready(response)
        elif isinstance(response, Activity):
            self._show_download(response)
        elif isinstance(response, Ended) and response.ticket == self._loading:
            self._on_end(response)

    def _on_ready(self, ready: ModelReady) -> None:
        self.ready.emit()
        self._working = self._wanted
        self._live.change({"model": self._wanted.model, "device": self._wanted.device})
        text = tr("{model}: {note}", model=ready.title, note=ready.note)
        if ready.note and self._is_news(text):
            self._notices.post(text, Tone.PLAIN, (tr("Choose a model"), WindowAction.MODELS))

    def _on_end(self, ended: Ended) -> None:
        self._loading = None
        self._fetching = ""
        if self._dialog is not None:
            self._dialog.set_download(None)
            self._looking = self._tasks.run(tr("Looking for models"), _look)
        if ended.reason is not EndReason.FAILED or ended.error is None:
            return
        if self._dialog is not None:
            self._dialog.set_error(f"{ended.error.message} {ended.error.hint}".strip())
        else:
            self._notices.fail(ended.error)
        if self._working is None and self._wanted.model != catalogue.BUNDLED:
            # Without any model every click would wait for ever.
            self.load(ChangeModel(catalogue.BUNDLED))

    def _show_download(self, activity: Activity) -> None:
        if self._dialog is None or not self._fetching or activity.fraction is None:
            return
        size = catalogue.find(self._fetching).bytes
        self._dialog.set_download(DownloadState(self._fetching, round(activity.fraction * (size or 0)), size))

    @Slot(str)
    def _download(self, name: str) -> None:
        self._fetching = name
        if self._dialog is not None:
            self._dialog.set_error("")
            self._dialog.set_download(DownloadState(name, 0, catalogue.find(name).bytes))
        self.load(ChangeModel(name, (self._working or self._wanted).device))

    @Slot(str)
    def _cancel(self, name: str) -> None:
        if self._loading is not None and name == self._fetching:
            self._engine.cancel(self._loading)

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None


def _look(progress: Progress, token: CancelToken) -> Choices:
    # Imports torch: in the pool it costs the window nothing.
    from sam2_annotator.engine.loading import devices

    models = tuple(map(_row, (*catalogue.MODELS, *catalogue.own())))
    rows = tuple(DeviceRow(device.name, device.name, device.available, device.reason) for device in devices())
    return Choices(models, (DeviceRow("auto", tr("Best available")), *rows))


def _row(entry: catalogue.ModelEntry) -> ModelRow:
    file = catalogue.local_file(entry)
    size = entry.bytes if entry.bytes is not None else file.stat().st_size if file is not None else 0
    return ModelRow(entry.name, entry.title, size, entry.licence, file is not None, entry.note)
