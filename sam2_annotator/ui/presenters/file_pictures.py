"""Small pictures for the rows of the files list that are on the screen, made in the pool."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import MediaError
from sam2_annotator.media.source import Pixels
from sam2_annotator.media.thumbnail_store import ThumbnailStore
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.panels.file_entries import FileEntry
from sam2_annotator.ui.panels.files import FilesPanel
from sam2_annotator.ui.panels.files_model import THUMBNAIL
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import ItemId

_REST_MS = 30
_AT_ONCE = 6  # so that a scroll elsewhere waits for few
_KEPT = 600

Made = dict[ItemId, Pixels | str]


class FilePicturesPresenter(QObject):
    """Makes what rows ask for when they are painted; rows scrolled away since are passed over.

    `unreadable` carries an item and why it cannot be read.
    """

    unreadable = Signal(object, str)

    def __init__(self, panel: FilesPanel, tasks: TaskRunner, store: ThumbnailStore, health: MediaHealth) -> None:
        super().__init__()
        self._panel = panel
        self._model = panel.model
        self._tasks = tasks
        self._store = store
        self._health = health
        self._altered: frozenset[ItemId] = frozenset()
        self._wanted: dict[ItemId, MediaRef] = {}
        self._kept: OrderedDict[ItemId, None] = OrderedDict()
        self._task: Task | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REST_MS)
        self._soon.timeout.connect(self._make)
        self._model.thumbnail_wanted.connect(self._want)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project, or none."""
        if self._task is not None:
            self._task.token.set()
        self._task = None
        self._wanted.clear()
        self._kept.clear()
        self._soon.stop()

    @Slot()
    def on_health(self) -> None:
        """Files that have changed look different now."""
        changed = self._health.altered ^ self._altered
        self._altered = self._health.altered
        self._model.drop_thumbnails(changed)

    @Slot(object)
    def _want(self, entry: FileEntry) -> None:
        self._wanted[entry.item] = entry.media
        if not self._soon.isActive():
            self._soon.start()

    def _make(self) -> None:
        if self._task is not None or not self._wanted:
            return
        seen = [item for item in self._panel.visible_items() if item in self._wanted]
        work = tuple(self._wanted[item] for item in seen[:_AT_ONCE])
        self._wanted = {item: self._wanted[item] for item in seen[_AT_ONCE:]}
        if work:
            self._task = self._tasks.run(tr("Small pictures"), partial(_make, store=self._store, work=work))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Some are made."""
        if self._task is None or result.task is not self._task:
            return
        self._task = None
        if isinstance(result.value, dict):
            self._take(result.value)
        if self._wanted:
            self._soon.start()

    def _take(self, made: Made) -> None:
        for item, found in made.items():
            if isinstance(found, str):
                self.unreadable.emit(item, found)
                self._model.set_thumbnail(item, QPixmap())
            else:
                self._model.set_thumbnail(item, self._pixmap(found))
            self._kept[item] = None
            self._kept.move_to_end(item)
        old = [self._kept.popitem(last=False)[0] for _ in range(len(self._kept) - _KEPT)]
        self._model.drop_thumbnails(old)

    def _pixmap(self, pixels: Pixels) -> QPixmap:
        ratio = self._panel.devicePixelRatioF()
        height, width = pixels.shape[:2]
        image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = QPixmap.fromImage(image).scaled(THUMBNAIL * ratio, keep, smooth)
        small.setDevicePixelRatio(ratio)
        return small


def _make(progress: Progress, token: CancelToken, *, store: ThumbnailStore, work: Sequence[MediaRef]) -> object:
    made: Made = {}
    for media in work:
        token.check()
        try:
            made[media.item] = store.get(media)
        except MediaError as error:
            made[media.item] = error.message
    return made
