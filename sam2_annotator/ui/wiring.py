"""Who hears whom on the window's thread, top to bottom; what crosses threads is in thread_wiring.py. Nothing else
connects across files."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QThread

from sam2_annotator.doc.remote import WorkingCopies
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
from sam2_annotator.ui.crash import Crash
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.main_window import MainWindow
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.presenters.announcer import AnnouncerPresenter
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
from sam2_annotator.ui.router import Router
from sam2_annotator.ui.shutdown import Shutdown
from sam2_annotator.ui.threads.collector import Collector
from sam2_annotator.ui.threads.decoder_worker import DecoderWorker
from sam2_annotator.ui.threads.drive_worker import DriveWorker
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.threads.engine_worker import EngineWorker
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.ui.threads.save_worker import SaveWorker
from sam2_annotator.ui.threads.task_runner import TaskRunner
from sam2_annotator.ui.view_state import ViewState


@dataclass(frozen=True, slots=True)
class Threads:
    """The engine's and the decoder's thread with what lives on them and what speaks to them."""

    engine_thread: QThread
    engine_worker: EngineWorker
    engine: EngineClient
    decoder_thread: QThread
    decoder_worker: DecoderWorker
    frames: FrameClient
    tasks: TaskRunner
    save_thread: QThread
    save_worker: SaveWorker
    drive_thread: QThread
    drive_worker: DriveWorker


@dataclass(frozen=True, slots=True)
class State:
    """What is looked at, what is open and what is set."""

    bus: DocumentBus
    view: ViewState
    notices: Notices
    settings: LiveSettings
    health: MediaHealth
    copies: WorkingCopies


@dataclass(frozen=True, slots=True)
class EditControllers:
    """Controllers of what is done to objects that are there."""

    arrange: ArrangeController
    shaping: ShapingController
    clipboard: ClipboardController
    suggest: SuggestController
    menus: MenusController


@dataclass(frozen=True, slots=True)
class Controllers:
    """All controllers."""

    prompt: PromptController
    predict: PredictController
    preview: PreviewController
    drawing: DrawingController
    propagate: PropagateController
    navigation: NavigationController
    playback: PlaybackController
    objects: ObjectsController
    labels: LabelsController
    naming: NamingController
    label_files: LabelFilesController
    attributes: AttributesController
    edits: EditControllers
    document: DocumentController
    saving: SavingController
    drives: DrivesController
    places: PlacesController
    large: LargeEdits
    history: HistoryController
    media: MediaController
    rescue: RescueController
    export: ExportController
    models: ModelsController
    review: ReviewController
    files: FilesController
    intake: IntakeController
    window: WindowController
    sync: EngineSync
    settings: SettingsController
    keys: KeysController
    sight: SightController
    focus: FocusController
    hints: HintsController


@dataclass(frozen=True, slots=True)
class Presenters:
    """All presenters."""

    announcer: AnnouncerPresenter
    canvas: CanvasPresenter
    clip: ClipPresenter
    files: FilesPresenter
    file_pictures: FilePicturesPresenter
    review: ReviewPresenter
    labels: LabelsPresenter
    objects: ObjectsPresenter
    attributes: AttributesPresenter
    status: StatusPresenter
    engine: EnginePresenter
    commands: CommandsPresenter
    suggest: SuggestPresenter
    pages: PagesPresenter
    tasks: TasksPresenter
    settings: SettingsPresenter


def connect_answers(threads: Threads, controllers: Controllers, presenters: Presenters) -> None:
    """Rows 3, 6 and 7: answers to controllers and presenters."""
    c, p = controllers, presenters
    threads.engine.received.connect(c.edits.suggest.on_response)
    for engine_hearer in (c.predict, c.preview, c.propagate, c.models, c.sync, p.status, p.engine):
        threads.engine.received.connect(engine_hearer.on_response)
    for frame_hearer in (p.canvas, p.objects, p.clip, p.status, c.playback):
        threads.frames.shown.connect(frame_hearer.on_frame)
    for task_hearer in (
        controllers.label_files,
        controllers.files,
        controllers.intake,
        controllers.document,
        controllers.saving,
        controllers.places,
        controllers.large,
        controllers.media,
        controllers.rescue,
        controllers.export,
        controllers.models,
        controllers.settings,
        controllers.edits.shaping,
        presenters.objects,
        presenters.file_pictures,
        presenters.tasks,
    ):
        threads.tasks.finished.connect(task_hearer.on_task)
    for progress_hearer in (presenters.tasks, controllers.places):
        threads.tasks.progressed.connect(progress_hearer.on_progress)


def connect_state(state: State, threads: Threads, controllers: Controllers, presenters: Presenters) -> None:
    """Rows 8 and 9: changes of the document and of the view."""
    c, p, bus = controllers, presenters, state.bus
    bus.closing.connect(c.navigation.remember)
    bus.closing.connect(c.intake.on_closing)
    bus.closing.connect(c.propagate.abandon)
    bus.closing.connect(c.edits.shaping.abandon)
    bus.closing.connect(c.predict.forget_all)
    bus.closing.connect(c.edits.suggest.forget)
    bus.changed.connect(c.edits.suggest.on_changes)
    state.view.changed.connect(c.edits.suggest.on_view)
    state.view.changed.connect(p.suggest.on_view)
    c.edits.suggest.accepted.connect(c.naming.name_first)
    bus.closing.connect(c.sync.on_closing)
    for holder in (threads.tasks, threads.engine):
        bus.lent.connect(holder.hold)
    bus.replaced.connect(threads.frames.clear)
    bus.replaced.connect(c.navigation.show_nothing)
    for project_hearer in (p.files, p.pages, p.objects, p.labels, p.status, p.commands):
        bus.replaced.connect(project_hearer.on_project)
    bus.replaced.connect(c.files.on_project)
    bus.replaced.connect(p.file_pictures.on_project)
    c.files.doubtful.connect(c.media.look_again)
    for health_hearer in (p.files, p.file_pictures):
        state.health.changed.connect(health_hearer.on_health)
    p.file_pictures.unreadable.connect(p.files.set_note)
    c.intake.arrived.connect(c.navigation.go_to)
    bus.changed.connect(c.files.on_changes)
    bus.changed.connect(p.files.on_changes)  # first: the list's order is what controllers step through
    for change_hearer in (c.predict, c.objects, c.navigation, p.canvas, p.clip, p.commands, p.status):
        bus.changed.connect(change_hearer.on_changes)
    for change_follower in (p.review, c.preview):
        bus.changed.connect(change_follower.on_changes)
    bus.replaced.connect(c.sync.on_project)
    bus.changed.connect(c.sync.on_changes)
    bus.replaced.connect(c.naming.on_project)
    bus.label_changed.connect(c.naming.on_label_chosen)
    bus.changed.connect(c.labels.on_changes)
    bus.replaced.connect(p.attributes.on_project)
    bus.changed.connect(p.attributes.on_changes)
    state.view.changed.connect(p.attributes.on_view)
    bus.replaced.connect(p.settings.on_project)
    bus.changed.connect(c.hints.on_changes)
    bus.changed.connect(p.announcer.on_changes)
    bus.changed.connect(p.objects.on_changes)
    bus.changed.connect(p.labels.on_changes)
    bus.label_changed.connect(p.labels.show_labels)
    bus.label_changed.connect(p.status.show_label)
    bus.closed.connect(c.document.on_closed)
    bus.replaced.connect(c.saving.on_project)
    bus.replaced.connect(c.drives.on_project)
    bus.written.connect(c.drives.on_written)
    bus.moved.connect(c.document.on_moved)
    bus.moved.connect(p.status.on_moved)
    c.drives.arrived.connect(p.status.on_arrived)
    bus.replaced.connect(c.history.on_project)
    bus.changed.connect(c.history.on_changes)
    bus.replaced.connect(c.media.on_project)
    bus.changed.connect(c.media.on_changes)
    c.history.stepped.connect(c.navigation.follow)
    c.places.leaving.connect(c.navigation.leave)
    for follower in (c.navigation.lead, c.document.adopt, c.navigation.arrive):
        c.places.moved.connect(follower)
    c.places.open_wanted.connect(c.document.open)
    c.document.damaged.connect(c.rescue.ask)
    c.rescue.open_wanted.connect(c.document.open)
    bus.written.connect(c.saving.on_written)
    bus.saved.connect(p.status.on_saved)
    bus.saved.connect(c.saving.on_saved)
    bus.refused.connect(c.saving.on_refused)
    for view_hearer in (p.pages, p.canvas, p.clip, p.objects, p.status, p.commands):
        state.view.changed.connect(view_hearer.on_view)
    for view_follower in (c.navigation, c.playback, c.sync, c.preview, c.sight, c.hints, p.announcer, c.edits.shaping):
        state.view.changed.connect(view_follower.on_view)
    for review_hearer in (p.files, p.review):
        state.view.changed.connect(review_hearer.on_view)
    _connect_settings(state.settings, c, p)
    c.document.opened.connect(c.navigation.show_first)


def _connect_settings(settings: LiveSettings, c: Controllers, p: Presenters) -> None:
    for hearer in (p.settings, p.canvas, p.objects, p.clip):
        settings.changed.connect(hearer.on_settings)
    for follower in (c.settings, c.keys, c.predict, c.preview, c.sync, c.models, c.hints):
        settings.changed.connect(follower.on_settings)


def connect_window(
    window: MainWindow, actions: ActionSet, router: Router, controllers: Controllers, presenters: Presenters
) -> None:
    """Row 10: wishes to the router; and what a widget tells another one."""
    w = window
    for wisher in (
        *(w, actions, w.canvas, w.welcome, w.candidates, w.picker, w.flag_field, w.bar, w.transport, w.timeline),
        *(
            w.objects,
            w.labels,
            w.attributes,
            w.files,
            w.notices,
            w.save_bar,
            w.drive_bar,
            w.cleanup,
            w.drawing_options,
            w.suggest_bar,
            controllers.history,
        ),
    ):
        wisher.intent.connect(router.route)
    controllers.labels.intent.connect(router.route)
    for giver in (
        *(w.objects, w.labels, w.attributes, w.files, w.transport, w.picker, w.cleanup, w.flag_field),
        w.drawing_options,
        w.suggest_bar,
    ):
        giver.focus_released.connect(controllers.window.focus_canvas)
    for form in (w.note_form, w.range_form, w.shape_form):
        form.intent.connect(router.route)
        form.focus_released.connect(controllers.window.focus_canvas)
    controllers.edits.menus.intent.connect(router.route)
    w.objects.menu_requested.connect(controllers.edits.menus.open_at)
    controllers.settings.model_requested.connect(controllers.models.ask)
    actions.keys_changed.connect(presenters.status.on_keys)
    w.key_pointer.toggled.connect(presenters.status.on_key_pointer)
    w.adjust.adjusted.connect(controllers.sight.adjust)
    w.adjust.closed.connect(controllers.window.focus_canvas)
    w.corner_row.adjustment_dropped.connect(controllers.sight.reset_adjustment)
    w.corner_row.masks_wanted.connect(controllers.sight.show_masks)
    w.corner_row.others_wanted.connect(controllers.sight.show_others)
    w.options.label_requested.connect(controllers.naming.pick)
    w.status.engine_clicked.connect(presenters.engine.open)
    w.engine_popover.intent.connect(router.route)
    w.engine_popover.quality_chosen.connect(controllers.models.choose_quality)
    w.engine_popover.closed.connect(controllers.window.focus_canvas)
    controllers.places.leaving.connect(w.canvas.hold_view)
    w.canvas.zoom_changed.connect(w.status.set_zoom)
    w.canvas.pointer_moved.connect(presenters.status.on_pointer)
    w.canvas.came_under_pointer.connect(presenters.status.on_pointer)
    w.canvas.pointer_moved.connect(controllers.preview.on_pointer)
    presenters.status.title_changed.connect(w.setWindowTitle)
    controllers.document.recent_changed.connect(presenters.pages.on_recent)


def connect_messages(
    state: State,
    window: MainWindow,
    controllers: Controllers,
    presenters: Presenters,
    crash: Crash,
    shutdown: Shutdown,
    collector: Collector,
) -> None:
    """Rows 11 and 12: notices, errors, and the way out."""
    window.canvas.gesture_changed.connect(state.view.set_gesture)
    state.notices.posted.connect(window.notices.show_notice)
    state.notices.withdrawn.connect(window.notices.withdraw)
    state.notices.posted.connect(presenters.announcer.on_notice)
    state.bus.changed.connect(window.notices.withdraw_undo)
    state.bus.replaced.connect(window.notices.withdraw_undo)
    controllers.document.nothing_found.connect(presenters.pages.on_nothing_found)
    controllers.document.open_failed.connect(presenters.pages.on_open_failed)
    controllers.document.open_failed.connect(crash.show)
    controllers.models.ready.connect(collector.spare_what_is_there)
    window.close_requested.connect(shutdown.run)
