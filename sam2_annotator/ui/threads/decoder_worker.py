"""Opens media and decodes frames on a thread of its own."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator import log
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.errors import AnnotatorError
from sam2_annotator.media.source import Source
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex

_OPEN_SOURCES = 3
_log = log.get("media")


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """A frame to decode."""

    media: MediaRef
    frame: FrameIndex


@dataclass(frozen=True, slots=True)
class FrameReady:
    """A decoded frame. `image`: uint8 (H, W, 3) RGB, read-only. `seconds` is its time in a clip."""

    media: MediaRef
    frame: FrameIndex
    image: npt.NDArray[np.uint8]
    seconds: float | None


@dataclass(frozen=True, slots=True)
class FrameFailed:
    """A frame that cannot be read, and why."""

    media: MediaRef
    frame: FrameIndex
    error: ErrorReport


FrameAnswer = FrameReady | FrameFailed


class DecoderWorker(QObject):
    """Lives on the decoder thread; keeps the sources used last open."""

    ready = Signal(object)

    def __init__(self, open_source: Callable[[MediaRef], Source]) -> None:
        super().__init__()
        self._open_source = open_source
        self._sources: OrderedDict[MediaRef, Source] = OrderedDict()

    @Slot(object)
    def fetch(self, request: FrameRequest) -> None:
        """Decode one frame; answers exactly once."""
        self.ready.emit(self._decode(request))

    @Slot()
    def close(self) -> None:
        """Close every source; the last thing on the thread."""
        while self._sources:
            self._sources.popitem()[1].close()

    def _decode(self, request: FrameRequest) -> FrameAnswer:
        media, frame = request.media, request.frame
        try:
            source = self._source(media)
            return FrameReady(media, frame, source.frame(frame), source.time(frame))
        except AnnotatorError as error:
            return FrameFailed(media, frame, ErrorReport(error.message, error.hint, error.details))
        except Exception as error:
            _log.error("decode failed", cause=error, item=media.item, frame=frame)
            report = ErrorReport(f"{media.path.name} cannot be read.", "", traceback.format_exc())
            return FrameFailed(media, frame, report)

    def _source(self, media: MediaRef) -> Source:
        source = self._sources.pop(media, None) or self._open_source(media)
        self._sources[media] = source
        while len(self._sources) > _OPEN_SOURCES:
            self._sources.popitem(last=False)[1].close()
        return source
