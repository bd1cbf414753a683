"""The window's side of the decoder thread: the newest wish wins, neighbours are fetched ahead."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.ui.threads.decoder_worker import FrameAnswer, FrameFailed, FrameReady, FrameRequest
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId

_Key = tuple[ItemId, FrameIndex]


class FrameClient(QObject):
    """Lives on the GUI thread. At most one request is at the decoder, so a new wish waits for one frame at most.

    `shown` carries the FrameReady or FrameFailed of the newest wish, or of a clip's frame on the way to it.
    """

    requested = Signal(object)
    shown = Signal(object)

    def __init__(self, *, cache_bytes: int, ahead: int = 4, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = cache_bytes
        self._ahead = ahead
        self._cache: OrderedDict[_Key, FrameReady] = OrderedDict()
        self._bytes = 0
        self._wish: FrameRequest | None = None
        self._wish_answered = True
        self._step = 1
        self._frames = 1
        self._in_flight: FrameRequest | None = None

    @property
    def cached_bytes(self) -> int:
        """Bytes of decoded frames held."""
        return self._bytes

    def set_limit(self, cache_bytes: int) -> None:
        """Hold at most this many bytes of decoded frames from now on."""
        self._limit = cache_bytes
        self._trim()

    def show(self, media: MediaRef, frame: FrameIndex, *, frames: int) -> None:
        """Ask for a frame of a clip of `frames` frames; neighbours in the direction of travel follow."""
        last = self._wish
        if last is not None and last.media == media and last.frame != frame:
            self._step = 1 if frame > last.frame else -1
        elif last is None or last.media != media:
            self._step = 1
        self._frames = frames
        self._wish = FrameRequest(media, frame)
        self._wish_answered = False
        cached = self._lookup(self._wish)
        if cached is not None:
            self._wish_answered = True
            self.shown.emit(cached)
        self._send_next()

    def at_hand(self, media: MediaRef, frame: FrameIndex) -> FrameReady | None:
        """A frame that is decoded already; asks for nothing."""
        found = self._cache.get((media.item, frame))
        return found if found is not None and found.media == media else None

    def clear(self) -> None:
        """Forget the wish and every frame."""
        self._wish = None
        self._wish_answered = True
        self._cache.clear()
        self._bytes = 0

    @Slot(object)
    def deliver(self, answer: FrameAnswer) -> None:
        """Keep an answer, show it if it is wanted, send the next request."""
        self._in_flight = None
        if isinstance(answer, FrameReady):
            self._keep(answer)
        wish = self._wish
        if wish is not None and not self._wish_answered and answer.media == wish.media:
            exact = answer.frame == wish.frame
            self._wish_answered = exact
            if exact or isinstance(answer, FrameReady):
                self.shown.emit(answer)
        self._send_next(failed=isinstance(answer, FrameFailed))

    def _send_next(self, *, failed: bool = False) -> None:
        if self._in_flight is not None or self._wish is None:
            return
        request = self._wish if not self._wish_answered else None if failed else self._neighbour()
        if request is not None:
            self._in_flight = request
            self.requested.emit(request)

    def _neighbour(self) -> FrameRequest | None:
        """The nearest frame ahead that is not at hand, while it fits the cache together with the shown one."""
        wish = self._wish
        if wish is None:
            return None
        shown = self._cache.get((wish.media.item, wish.frame))
        if shown is None:
            return None
        room = self._limit // max(1, shown.image.nbytes) - 1
        for distance in range(1, min(self._ahead, room) + 1):
            frame = FrameIndex(wish.frame + distance * self._step)
            if 0 <= frame < self._frames and (wish.media.item, frame) not in self._cache:
                return FrameRequest(wish.media, frame)
        return None

    def _lookup(self, request: FrameRequest) -> FrameReady | None:
        key = (request.media.item, request.frame)
        found = self._cache.get(key)
        if found is None or found.media != request.media:
            return None
        self._cache.move_to_end(key)
        return found

    def _keep(self, ready: FrameReady) -> None:
        key = (ready.media.item, ready.frame)
        replaced = self._cache.pop(key, None)
        self._bytes += ready.image.nbytes - (replaced.image.nbytes if replaced is not None else 0)
        self._cache[key] = ready
        self._trim()

    def _trim(self) -> None:
        while self._bytes > self._limit and len(self._cache) > 1:
            self._bytes -= self._cache.popitem(last=False)[1].image.nbytes
