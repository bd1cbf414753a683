"""The list of files in step with the disk; removing, finding and copying what is in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import RemoveItems as RemoveItemsOf
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs.folder_scan import Scan, scan_project
from sam2_annotator.jobs.open_paths import Found
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.file_entries import FileState
from sam2_annotator.ui.panels.files_model import FilesModel
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import CopyPaths, DocumentAction, RemoveItems, RevealItem, ShowFolder

_REST_MS = 700
_FIRST_MS = 400
_FAR_MS = 30_000  # until folders that cannot be watched are looked at again
_WATCHED_FOLDERS = 64
_READ_AGAIN, _TRIES = 200, 4
_ROWS_OF_AN_ITEM = 5


class FilesController(QObject):
    """Watches the folders of the project. `doubtful` carries items whose files went or came back."""

    doubtful = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        tasks: TaskRunner,
        notices: Notices,
        large: LargeEdits,
        health: MediaHealth,
        *,
        files: FilesModel,
        take_in: Callable[[tuple[Found, ...]], None],
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._large = large
        self._files = files
        self._take_in = take_in
        self._health = health
        self._is_asked = False
        self._task: Task | None = None
        self._again = False
        self._tries = 0
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_folder_changed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._scan)

    # ------------------------------------------------------------------------------------- in step with the disk

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: look at its folders once its list is filled."""
        self._stop()
        if project is not None:
            self._rest.start(_FIRST_MS)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Folders are watched that were not."""
        if changes.items or changes.settings:
            self._rest.start(_REST_MS)

    def refresh(self) -> None:
        """Look now, and tell what was found (F5)."""
        self._is_asked = True
        self._scan()

    @Slot(str)
    def _on_folder_changed(self, folder: str) -> None:
        self._tries = 0
        self._rest.start(_REST_MS)

    def _scan(self) -> None:
        project = self._bus.project
        if project is None:
            return
        if self._task is not None:
            self._again = True
            return
        self._task = self._tasks.run(tr("Looking for files"), partial(_scan, project=project.place))

    def _watch(self, wanted: set[str]) -> None:
        chosen = set(sorted(wanted)[:_WATCHED_FOLDERS])
        watched = set(self._watcher.directories())
        if watched - chosen:
            self._watcher.removePaths(sorted(watched - chosen))
        if chosen - watched:
            self._watcher.addPaths(sorted(chosen - watched))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Folders were looked at."""
        if result.task is not self._task:
            return
        self._task = None
        if isinstance(result.value, Scan):
            self._take(result.value)
        elif result.error is not None:
            self._notices.fail(result.error, topic="files")
        self._is_asked = False
        if self._again:
            self._again = False
            self._rest.start(_REST_MS)

    def _take(self, found: Scan) -> None:
        self._watch({str(folder) for folder in found.folders})
        doubtful = found.missing ^ self._health.missing
        if doubtful:
            self.doubtful.emit(doubtful)
        self._take_in(found.new + self._to_read_again())
        if found.is_far and not self._rest.isActive():
            self._rest.start(_FAR_MS)
        if self._is_asked and not doubtful and not found.new:
            self._notices.post(tr("The list is up to date."))

    def _to_read_again(self) -> tuple[Found, ...]:
        """Files that could not be read: they may have been on their way still, and are tried a few times more."""
        unread = (entry for entry in self._files.entries() if entry.state is FileState.UNREADABLE and not entry.missing)
        again = tuple((entry.media.kind, entry.media.path) for entry in islice(unread, _READ_AGAIN))
        if again and self._tries < _TRIES:
            self._tries += 1
            self._rest.start(_REST_MS * 2**self._tries)
        return again

    def _stop(self) -> None:
        if self._task is not None:
            self._task.token.set()
        self._task, self._again, self._is_asked, self._tries = None, False, False, 0
        self._rest.stop()
        watched = self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)

    # ---------------------------------------------------------------------------------------- what is in the list

    def remove(self, wish: RemoveItems) -> None:
        """Take items off the list with all that was made on them; the files stay."""
        project = self._bus.writable
        items = tuple(item for item in wish.items if project is not None and project.item(item) is not None)
        if project is None or not items:
            return
        name = self._path(items[0]).name
        one = tr("Removed {name} from the project; the file stays.", name=name)
        many = tr("Removed {count} files from the project; the files stay.", count=len(items))
        text, undo = one if len(items) == 1 else many, (tr("Undo"), DocumentAction.UNDO)
        rows = _ROWS_OF_AN_ITEM * len(items) + project.count_masks_on(items)
        self._large.apply(RemoveItemsOf(items), rows=rows, then=lambda _: self._notices.post(text, Tone.PLAIN, undo))

    def reveal(self, wish: RevealItem) -> None:
        """Open the folder of an item in the file manager."""
        self.show_folder(ShowFolder(self._path(wish.item).parent))

    def show_folder(self, wish: ShowFolder) -> None:
        """Open a folder in the file manager."""
        folder = wish.folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._notices.post(tr("The folder {name} cannot be opened.", name=str(folder)), Tone.WARNING)

    def copy_paths(self, wish: CopyPaths) -> None:
        """Put paths on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(str(self._path(item)) for item in wish.items))
        self._notices.post(tr("Copied {count} paths.", count=len(wish.items)))

    def _path(self, item: ItemId) -> Path:
        entry = self._files.find(item)
        return Path() if entry is None else entry.media.path


def _scan(progress: Progress, token: CancelToken, *, project: Place) -> object:
    return scan_project(project, token)
