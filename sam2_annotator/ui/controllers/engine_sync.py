"""Keeps the engine's caches in step with what is looked at: embeddings ahead, forgotten items closed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.engine.messages import CloseItem, Embed
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId

_REST_MS = 80


class EngineSync(QObject):
    """Asks for the embedding of the shown frame once the view rests, then for those of the next pictures."""

    def __init__(self, bus: DocumentBus, view: ViewState, engine: EngineClient, settings: LiveSettings) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._settings = settings
        self._step = 1
        self._last: ItemId | None = None
        self._known: set[ItemId] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._embed)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item or frame."""
        shown = self._view.item
        if shown is None or not change.concerns(View.ITEM, View.FRAME):
            return
        item = shown.media.item
        if self._last is not None and item != self._last:
            self._step = 1 if item > self._last else -1
        self._last = item
        self._known.add(item)
        self._rest.start()

    @Slot()
    def on_closing(self) -> None:
        """Item ids count from 1 in every project: what the engine holds of this one must go."""
        self._rest.stop()
        for item in self._known:
            self._engine.submit(CloseItem(self._engine.ticket(f"close@item:{item}"), item))
        self._known.clear()
        self._last = None

    def _embed(self) -> None:
        shown = self._view.item
        if shown is None or self._view.playing or self._view.run is not None or shown.facts.frames == 0:
            return
        self._engine.submit(Embed(self._engine.ticket("embed"), shown.media, self._view.frame))
        for place, media in enumerate(self._next_pictures(shown.media)):
            self._known.add(media.item)
            self._engine.submit(Embed(self._engine.ticket(f"embed ahead {place}"), media, FrameIndex(0)))

    def _next_pictures(self, shown: MediaRef) -> tuple[MediaRef, ...]:
        project = self._bus.project
        if project is None or shown.is_clip:
            return ()
        near = project.items_beyond(shown.item, self._step * self._settings.now.prefetch_items)
        return tuple(row.ref for row in near if row.kind is MediaKind.IMAGE and row.frames)
