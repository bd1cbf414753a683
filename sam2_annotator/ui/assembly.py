"""Makes the threads, controllers and presenters of the window, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication

from sam2_annotator import media, paths
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.media.source import Source
from sam2_annotator.media.thumbnail_store import ThumbnailStore
from sam2_annotator.settings import Settings
from sam2_annotator.ui import i18n, wiring
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.controllers.arrange import ArrangeController
from sam2_annotator.ui.controllers.attributes import AttributesController
from sam2_annotator.ui.controllers.clipboard import ClipboardController
from sam2_annotator.ui.controllers.document import DocumentController
from sam2_annotator.ui.controllers.drawing import DrawingController
from sam2_annotator.ui.controllers.drives import DrivesController
from sam2_annotator.ui.controllers.engine_sync import EngineSync
from sam2_annotator.ui.controllers.export import ExportController
from sam2_annotator.ui.controllers.files import FilesController
from sam2_annotator.ui.controllers.focus import FocusController
from sam2_annotator.ui.controllers.hints import HintsController
from sam2_annotator.ui.controllers.history import HistoryController
from sam2_annotator.ui.controllers.intake import IntakeController
from sam2_annotator.ui.controllers.keys import KeysController
from sam2_annotator.ui.controllers.label_files import LabelFilesController
from sam2_annotator.ui.controllers.labels import LabelsController
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.controllers.media import MediaController
from sam2_annotator.ui.controllers.menus import MenusController
from sam2_annotator.ui.controllers.models import ModelsController
from sam2_annotator.ui.controllers.naming import NamingController
from sam2_annotator.ui.controllers.navigation import NavigationController
from sam2_annotator.ui.controllers.objects import ObjectsController
from sam2_annotator.ui.controllers.places import PlacesController
from sam2_annotator.ui.controllers.playback import PlaybackController
from sam2_annotator.ui.controllers.predict import PredictController
from sam2_annotator.ui.controllers.preview import PreviewController
from sam2_annotator.ui.controllers.prompt import PromptController
from sam2_annotator.ui.controllers.propagate import PropagateController
from sam2_annotator.ui.controllers.rescue import RescueController
from sam2_annotator.ui.controllers.review import ReviewController
from sam2_annotator.ui.controllers.saving import SavingController
from sam2_annotator.ui.controllers.settings import SettingsController
from sam2_annotator.ui.controllers.shaping import ShapingController
from sam2_annotator.ui.controllers.sight import SightController
from sam2_annotator.ui.controllers.suggest import SuggestController
from sam2_annotator.ui.controllers.window import WindowController
from sam2_annotator.ui.main_window import MainWindow
from sam2_annotator.ui.presenters.announcer import AnnouncerPresenter, announce
from sam2_annotator.ui.presenters.attributes import AttributesPresenter
from sam2_annotator.ui.presenters.canvas import CanvasPresenter
from sam2_annotator.ui.presenters.clip import ClipPresenter
from sam2_annotator.ui.presenters.commands import CommandsPresenter
from sam2_annotator.ui.presenters.engine import EnginePresenter
from sam2_annotator.ui.presenters.file_pictures import FilePicturesPresenter
from sam2_annotator.ui.presenters.files import FilesPresenter
from sam2_annotator.ui.presenters.labels import LabelsPresenter
from sam2_annotator.ui.presenters.objects import ObjectsPresenter
from sam2_annotator.ui.presenters.pages import PagesPresenter
from sam2_annotator.ui.presenters.review import ReviewPresenter
from sam2_annotator.ui.presenters.settings import SettingsPresenter
from sam2_annotator.ui.presenters.status import StatusPresenter
from sam2_annotator.ui.presenters.suggest import SuggestPresenter
from sam2_annotator.ui.presenters.tasks import TasksPresenter
from sam2_annotator.ui.sessions import Sessions
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.threads.decoder_worker import DecoderWorker
from sam2_annotator.ui.threads.drive_worker import DriveWorker
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.threads.engine_worker import EngineWorker, Stepper
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.ui.threads.save_worker import SaveWorker
from sam2_annotator.ui.threads.task_runner import TaskRunner
from sam2_annotator.values.frame import MediaRef

_DECODER_CACHE = 64 << 20
_MIB = 1 << 20
_THUMBNAIL_BYTES = 64 * _MIB
_THUMBNAIL_SIDE = 96


def open_for_decoder(ref: MediaRef) -> Source:
    """A source with a small cache: the window keeps decoded frames itself."""
    return media.open_source(ref, cache_bytes=_DECODER_CACHE)


def make_threads(make_scheduler: Callable[[], Stepper], wanted: Settings, copies: WorkingCopies) -> wiring.Threads:
    """The threads with what lives on them; none is started."""
    engine_thread, decoder_thread, save_thread = QThread(), QThread(), QThread()
    engine_thread.setObjectName("engine")
    decoder_thread.setObjectName("decoder")
    save_thread.setObjectName("save")
    engine_worker, decoder_worker = EngineWorker(make_scheduler), DecoderWorker(open_for_decoder)
    engine_worker.moveToThread(engine_thread)
    decoder_worker.moveToThread(decoder_thread)
    save_worker = SaveWorker()
    save_worker.moveToThread(save_thread)
    drive_thread, drive_worker = QThread(), DriveWorker(copies)
    drive_thread.setObjectName("drives")
    drive_worker.moveToThread(drive_thread)
    return wiring.Threads(
        engine_thread,
        engine_worker,
        EngineClient(),
        decoder_thread,
        decoder_worker,
        FrameClient(cache_bytes=wanted.frame_memory_mb * _MIB),
        TaskRunner(),
        save_thread,
        save_worker,
        drive_thread,
        drive_worker,
    )


def make_controllers(
    window: MainWindow, actions: ActionSet, theme: Theme, state: wiring.State, threads: wiring.Threads
) -> wiring.Controllers:
    """All controllers."""
    bus, view, notices, live = state.bus, state.view, state.notices, state.settings
    engine, tasks = threads.engine, threads.tasks
    predict = PredictController(bus, view, engine, notices, live)
    sessions = Sessions(paths.config_dir() / "recent.ini")
    intake = IntakeController(bus, tasks, notices, parent_window=window)
    large = LargeEdits(bus, tasks, notices, window)
    return wiring.Controllers(
        prompt=PromptController(bus, view, notices, predict),
        predict=predict,
        preview=PreviewController(bus, view, engine, notices, live),
        drawing=DrawingController(bus, view, notices, predict),
        propagate=PropagateController(bus, view, engine, notices, live),
        navigation=NavigationController(bus, view, notices, window.files.model, live),
        playback=PlaybackController(view),
        objects=ObjectsController(bus, view, notices, large, listed=window.objects.listed),
        attributes=AttributesController(bus, notices, parent_window=window),
        labels=LabelsController(bus, notices, large, theme=theme, parent_window=window),
        naming=NamingController(bus, view, window.canvas, window.picker),
        label_files=LabelFilesController(bus, tasks, notices, parent_window=window),
        edits=_edit_controllers(window, actions, state, threads, large),
        document=DocumentController(
            bus,
            tasks,
            notices,
            sessions,
            state.copies,
            projects=paths.data_dir() / "projects",
            sample=paths.resource("demo"),
            parent_window=window,
        ),
        saving=SavingController(bus, tasks, notices, live, window.save_bar),
        drives=DrivesController(
            bus, state.copies, notices, live, bar=window.drive_bar, progress=window.drive_progress, window=window
        ),
        places=PlacesController(
            bus, tasks, notices, live, sessions, state.copies, projects=paths.data_dir() / "projects", window=window
        ),
        large=large,
        history=HistoryController(bus, large, notices, live, theme, window),
        media=MediaController(bus, tasks, notices, state.health, window),
        rescue=RescueController(tasks, notices, theme, projects=paths.data_dir() / "projects", window=window),
        export=ExportController(bus, tasks, notices, parent_window=window),
        models=ModelsController(
            engine,
            tasks,
            notices,
            live,
            is_news=sessions.is_news,
            parent_window=window,
        ),
        intake=intake,
        files=FilesController(
            bus, tasks, notices, large, state.health, files=window.files.model, take_in=intake.take_in
        ),
        review=ReviewController(bus, view, notices, live, files=window.files.model, flag_field=window.flag_field),
        window=WindowController(
            bus,
            view,
            actions,
            theme,
            notices,
            window=window,
            canvas=window.canvas,
            objects=window.objects,
            files=window.files,
            transport=window.transport,
        ),
        sync=EngineSync(bus, view, engine, live, window.files.model, cache=paths.cache_dir() / "features"),
        settings=_settings(window, actions, theme, state, tasks),
        focus=FocusController(window.key_pointer, areas=window.areas, window=window, canvas=window.canvas),
        hints=HintsController(bus, view, live, actions, window.hint_card),
        sight=SightController(view, live, canvas=window.canvas, panel=window.adjust, corner=window.corner_row),
        keys=KeysController(live, view, actions, notices, theme, window=window),
    )


def _edit_controllers(
    window: MainWindow, actions: ActionSet, state: wiring.State, threads: wiring.Threads, large: LargeEdits
) -> wiring.EditControllers:
    bus, view, notices = state.bus, state.view, state.notices
    clipboard = QApplication.clipboard()
    return wiring.EditControllers(
        arrange=ArrangeController(bus, view, notices, large, note_form=window.note_form, parent_window=window),
        shaping=ShapingController(bus, view, threads.tasks, notices, form=window.shape_form, canvas=window.canvas),
        clipboard=ClipboardController(
            bus, view, notices, large, threads.frames, clipboard=clipboard, form=window.range_form
        ),
        suggest=SuggestController(bus, view, threads.engine, notices),
        menus=MenusController(bus, view, actions, notices, canvas=window.canvas, parent_window=window),
    )


def _settings(
    window: MainWindow, actions: ActionSet, theme: Theme, state: wiring.State, tasks: TaskRunner
) -> SettingsController:
    return SettingsController(
        state.settings,
        tasks,
        state.notices,
        actions,
        theme,
        path=paths.settings_file(),
        languages=i18n.languages(paths.resource("i18n")),
        parent_window=window,
    )


def _thumbnails() -> ThumbnailStore:
    """Small pictures on disk, made for dense screens."""
    return ThumbnailStore(paths.cache_dir() / "thumbnails", limit=_THUMBNAIL_BYTES, side=_THUMBNAIL_SIDE)


def make_presenters(
    window: MainWindow, actions: ActionSet, theme: Theme, state: wiring.State, threads: wiring.Threads
) -> wiring.Presenters:
    """All presenters."""
    bus, view, w = state.bus, state.view, window
    return wiring.Presenters(
        canvas=CanvasPresenter(bus, view, threads.frames, w.canvas, w.candidates, state.settings),
        clip=ClipPresenter(bus, view, state.settings, w.timeline, w.transport, w.bar),
        attributes=AttributesPresenter(bus, view, w.attributes),
        files=FilesPresenter(bus, view, w.files, state.health),
        file_pictures=FilePicturesPresenter(w.files, threads.tasks, _thumbnails(), state.health),
        review=ReviewPresenter(bus, view, w.corner_row.review),
        labels=LabelsPresenter(bus, w.objects, w.labels),
        objects=ObjectsPresenter(bus, view, state.settings, threads.tasks, threads.frames, w.objects),
        status=StatusPresenter(bus, view, actions, w.status, w.options, w.drawing_options),
        engine=EnginePresenter(w.engine_popover, chip=w.status.engine_chip),
        commands=CommandsPresenter(bus, view, actions),
        suggest=SuggestPresenter(view, w.canvas, w.suggest_bar),
        pages=PagesPresenter(view, w, w.welcome),
        tasks=TasksPresenter(w.task_progress),
        settings=SettingsPresenter(bus, state.settings, theme, w.canvas, threads.frames, w.cleanup),
        announcer=AnnouncerPresenter(bus, view, partial(announce, w.canvas)),
    )
