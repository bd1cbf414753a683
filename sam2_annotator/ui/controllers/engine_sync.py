"""Keeps the engine's caches in step with what is looked at: features ahead, limits, forgotten items closed."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import CloseItem, Embed, Ended, EndReason, KeepFeatures, ModelReady, Response
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.panels.file_entries import FileEntry, FileState
from sam2_annotator.ui.panels.files_model import FilesModel
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import ShownItem, View, ViewChange, ViewState
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId

_REST_MS = 80
_IDLE_MS = 400
_MIB = 1 << 20

Wanted = tuple[MediaRef, FrameIndex]


class EngineSync(QObject):
    """Asks for the features of the shown frame once the view rests, and for those next in the direction of travel
    while nothing is clicked (FIL-3). `cache` is the folder for what is kept on disk.
    """

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        engine: EngineClient,
        settings: LiveSettings,
        files: FilesModel,
        *,
        cache: Path,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._settings = settings
        self._files = files
        self.cache = cache
        self._step = 1
        self._last: Wanted | None = None
        self._known: set[ItemId] = set()
        self._here: Embed | None = None  # of what is on show
        self._asked: dict[Wanted, Embed] = {}  # ahead, not ended
        self._ready = False  # a model was
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._embed)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item or frame, or the tracker is done."""
        shown = self._view.item
        if shown is not None and change.concerns(View.RUN) and self._view.run is None:
            self._rest.start(_IDLE_MS)
        if shown is None or not change.concerns(View.ITEM, View.FRAME):
            return
        here = (shown.media, self._view.frame)
        if self._last is not None and here != self._last:
            before = (_entry(self._last[0]).key, self._last[1])
            self._step = 1 if (_entry(shown.media).key, self._view.frame) > before else -1
        self._last = here
        self._known.add(shown.media.item)
        self._rest.start(_REST_MS)

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """The frame on show is analysed: go on with the next ones. What a click pushed aside is taken up again, and all
        of it when another model has taken the place of one.
        """
        if isinstance(response, ModelReady):
            if self._ready:
                self._rest.start(_REST_MS)
            self._ready = True
        if not isinstance(response, Ended):
            return
        if self._here is not None and response.ticket == self._here.ticket and response.reason is EndReason.DONE:
            self._ask_ahead()
        ended = next((place for place, asked in self._asked.items() if asked.ticket == response.ticket), None)
        if ended is not None:
            del self._asked[ended]
        if ended is not None and response.reason is EndReason.CANCELLED and not self._rest.isActive():
            self._rest.start(_IDLE_MS)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Other pictures may be next now."""
        if changes.items and not self._rest.isActive():
            self._rest.start(_IDLE_MS)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Features on disk belong to a project."""
        self._keep_features()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Other limits."""
        if change.concerns("features_on_disk", "feature_memory_mb", "feature_disk_mb"):
            self._keep_features()
        if change.concerns("prefetch_items"):
            self._rest.start(_REST_MS)

    @Slot()
    def on_closing(self) -> None:
        """Item ids count from 1 in every project: what the engine holds of this one must go."""
        self._rest.stop()
        for item in self._known:
            self._engine.submit(CloseItem(self._engine.ticket(f"close@item:{item}"), item))
        self._known.clear()
        self._last = self._here = None

    def _keep_features(self) -> None:
        now, project = self._settings.now, self._bus.project
        folder = None
        if project is not None and now.features_on_disk:
            folder = self.cache / blake2b(str(project.path).encode(errors="surrogateescape"), digest_size=8).hexdigest()
        ticket = self._engine.ticket("keep features")
        self._engine.submit(KeepFeatures(ticket, now.feature_memory_mb * _MIB, folder, now.feature_disk_mb * _MIB))

    def _embed(self) -> None:
        shown = self._view.item
        if shown is None or self._view.playing or self._view.run is not None or shown.facts.frames == 0:
            return
        if self._view.waiting:
            self._rest.start(_IDLE_MS)
            return
        self._here = Embed(self._engine.ticket("embed"), shown.media, self._view.frame)
        self._engine.submit(self._here)
        self._drop_others(shown)

    def _drop_others(self, shown: ShownItem) -> None:
        here, wanted = (shown.media, self._view.frame), self._ahead(shown)
        for place in [place for place in self._asked if place not in wanted and place != here]:
            self._engine.cancel(self._asked.pop(place).ticket)

    def _ask_ahead(self) -> None:
        shown = self._view.item
        if (
            shown is None
            or self._here is None
            or (shown.media, self._view.frame) != (self._here.media, self._here.frame)
        ):
            return
        for media, frame in self._ahead(shown):
            if (media, frame) not in self._asked:
                self._known.add(media.item)
                ticket = self._engine.ticket(f"embed ahead@item:{media.item}/frame:{frame}")
                self._asked[media, frame] = Embed(ticket, media, frame, ahead=True)
                self._engine.submit(self._asked[media, frame])

    def _ahead(self, shown: ShownItem) -> tuple[Wanted, ...]:
        """The next pictures of a folder, the next frames of a clip."""
        count = self._settings.now.prefetch_items
        if not count:
            return ()
        if shown.media.is_clip:
            frames = (self._view.frame + self._step * (1 + number) for number in range(count))
            return tuple((shown.media, FrameIndex(f)) for f in frames if 0 <= f < shown.facts.frames)
        near = self._files.beyond(_entry(shown.media), self._step * count)
        pictures = (entry for entry in near if entry.media.kind is MediaKind.IMAGE and entry.is_readable)
        return tuple((entry.media, FrameIndex(0)) for entry in pictures)


def _entry(media: MediaRef) -> FileEntry:
    """An entry that only says where in the list an item stands."""
    return FileEntry(media, FileState.TODO)
