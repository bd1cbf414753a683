"""Builds the window and runs it; the only place that knows how everything hangs together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from sam2_annotator import __version__, log, paths, settings
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.engine.scheduler import Scheduler
from sam2_annotator.settings import Settings
from sam2_annotator.ui import assembly, i18n, thread_wiring, wiring
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.crash import Crash
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.labels_router import LabelsRouter
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.main_window import MainWindow
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.objects_router import ObjectsRouter
from sam2_annotator.ui.router import Router
from sam2_annotator.ui.shutdown import Shutdown
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice
from sam2_annotator.ui.threads.collector import Collector
from sam2_annotator.ui.threads.engine_worker import Stepper
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.ui.window_state import WindowState

_SWITCH_INTERVAL = 0.002


@dataclass(frozen=True, slots=True)
class App:
    """The running program. It holds on to everything: a connected slot does not keep its object alive."""

    window: MainWindow
    actions: ActionSet
    state: wiring.State
    threads: wiring.Threads
    controllers: wiring.Controllers
    presenters: wiring.Presenters
    router: Router
    shutdown: Shutdown
    crash: Crash
    collector: Collector

    def start(self) -> None:
        """Start the threads; call it once the window is visible."""
        self.collector.start()
        self.threads.decoder_thread.start()
        self.threads.engine_thread.start()
        self.threads.save_thread.start()
        self.threads.drive_thread.start()
        self.controllers.drives.begin()
        self.controllers.models.start()


def run(open_first: tuple[Path, ...]) -> int:
    """Open the window on these paths; returns the exit code."""
    # Shorter turns for Python threads: while the engine computes, the window gets its turn sooner.
    sys.setswitchinterval(_SWITCH_INTERVAL)
    qt = application()
    log.start(paths.log_dir())
    loaded = settings.load(paths.settings_file())
    i18n.install(qt, paths.resource("i18n"), "" if loaded.settings.language == "system" else loaded.settings.language)
    app = build(qt, loaded.settings, make_scheduler=real_scheduler)
    app.crash.install(paths.log_dir())
    for warning in loaded.warnings:
        app.state.notices.post(warning, Tone.WARNING)
    app.window.show()
    if open_first:
        app.controllers.document.open(open_first)
    else:
        app.controllers.document.open_what_was_left(last=loaded.settings.reopen_last)
    QTimer.singleShot(0, app.start)
    code = qt.exec()
    app.crash.remove()
    log.stop()
    return code


def application() -> QApplication:
    """The Qt application, made once."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    _drop_opencv_plugins()
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName(paths.APP)
    qt.setApplicationDisplayName("SAM 2 Annotator")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName(paths.APP)
    qt.setWindowIcon(QIcon(str(paths.resource("icons/app.svg"))))
    qt.setQuitOnLastWindowClosed(False)
    return qt


def _drop_opencv_plugins() -> None:
    """OpenCV's wheel with windows points Qt at plug-ins and fonts of its own Qt as soon as it is imported."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in Path(os.environ.get(name, "")).parts:
            del os.environ[name]


def real_scheduler() -> Stepper:
    """The engine; called on its own thread, since this import loads torch."""
    from sam2_annotator.engine.loading import use_threads
    from sam2_annotator.engine.service import EngineService

    cores = os.cpu_count() or 1
    use_threads(cores - 1 if cores >= 4 else cores)
    return Scheduler(EngineService())


def _make_router(c: wiring.Controllers, window: MainWindow) -> Router:
    """Where each intent goes."""
    return Router(
        prompt=c.prompt,
        predict=c.predict,
        preview=c.preview,
        drawing=c.drawing,
        propagate=c.propagate,
        navigation=c.navigation,
        playback=c.playback,
        objects=c.objects,
        labels_router=LabelsRouter(
            labels=c.labels, naming=c.naming, label_files=c.label_files, attributes=c.attributes
        ),
        document=c.document,
        saving=c.saving,
        places=c.places,
        history=c.history,
        media=c.media,
        export=c.export,
        models=c.models,
        review=c.review,
        files=c.files,
        intake=c.intake,
        window=c.window,
        keys=c.keys,
        settings=c.settings,
        sight=c.sight,
        objects_router=ObjectsRouter(
            objects=c.objects,
            arrange=c.edits.arrange,
            shaping=c.edits.shaping,
            clipboard=c.edits.clipboard,
            menus=c.edits.menus,
            suggest=c.edits.suggest,
            navigation=c.navigation,
            canvas=window.canvas,
        ),
        focus=c.focus,
        hints=c.hints,
    )


def build(qt: QApplication, wanted: Settings, *, make_scheduler: Callable[[], Stepper]) -> App:
    """Put everything together without showing or starting anything."""
    theme = Theme(qt, ThemeChoice(wanted.theme))
    actions = ActionSet(theme)
    window = MainWindow(theme, actions)
    window_state = WindowState(paths.config_dir() / "window.ini")
    copies = WorkingCopies(paths.working_folders())
    state = wiring.State(DocumentBus(), ViewState(), Notices(), LiveSettings(wanted), MediaHealth(), copies)
    threads = assembly.make_threads(make_scheduler, wanted, copies)
    c = controllers = assembly.make_controllers(window, actions, theme, state, threads)
    presenters = assembly.make_presenters(window, actions, theme, state, threads)
    router = _make_router(c, window)
    crash = Crash(theme, window)
    collector = Collector()
    shutdown = Shutdown(
        refuse=router.close,
        engine=threads.engine,
        tasks=threads.tasks,
        end_run=c.propagate.abandon,
        bus=state.bus,
        decoder_thread=threads.decoder_thread,
        engine_thread=threads.engine_thread,
        save_thread=threads.save_thread,
        drive_thread=threads.drive_thread,
        write_drives=c.drives.finish,
        stop_collector=collector.stop,
        save_settings=c.settings.flush,
        save_window=lambda: window_state.save(window),
        close_window=window.close_now,
        quit_application=qt.quit,
    )
    thread_wiring.connect_threads(threads)
    thread_wiring.connect_saving(threads, controllers)
    wiring.connect_answers(threads, controllers, presenters)
    wiring.connect_state(state, threads, controllers, presenters)
    wiring.connect_window(window, actions, router, controllers, presenters)
    wiring.connect_messages(state, window, controllers, presenters, crash, shutdown, collector)
    window_state.restore(window)
    c.document.look_at_recent()
    presenters.status.begin()
    c.keys.begin()
    return App(window, actions, state, threads, controllers, presenters, router, shutdown, crash, collector)
