"""The engine as the application sees it: a request goes in, answers come out one short step at a time.

No Qt and no threads: the window drives it through a scheduler on its engine thread, the command line directly. What
it keeps (model, embeddings, clip states) is a cache that any request can rebuild.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import assert_never

from sam2_annotator import log, media
from sam2_annotator.engine import catalogue, download, room, sweeps
from sam2_annotator.engine.embeddings import PictureSession
from sam2_annotator.engine.feature_store import FeatureStore
from sam2_annotator.engine.loading import LoadedModel, load
from sam2_annotator.engine.messages import (
    Activity,
    CloseItem,
    Embed,
    Embedded,
    FindEverything,
    FrameMasks,
    KeepFeatures,
    LoadModel,
    MaskReady,
    ModelReady,
    ObjectKeys,
    PredictMask,
    Preview,
    PreviewReady,
    Propagate,
    Request,
    Response,
    Warned,
)
from sam2_annotator.engine.pace import Pace
from sam2_annotator.engine.report import core_errors_translated
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.engine.video_state import ClipState
from sam2_annotator.errors import EngineError, MediaError
from sam2_annotator.media.source import Source
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex

Answers = Generator[Response, None, None]

_CLIPS_KEPT = 3
_log = log.get("engine")


@dataclass(slots=True)
class _Clip:
    source: Source
    state: ClipState
    runs: int = 0


class EngineService:
    """Owns the model and everything computed with it. Belongs to one thread."""

    def __init__(self) -> None:
        self._model: LoadedModel | None = None
        self._pictures: PictureSession | None = None
        self._clips: OrderedDict[MediaRef, _Clip] = OrderedDict()
        self._keep: KeepFeatures | None = None
        self._store: FeatureStore | None = None

    @property
    def ready(self) -> bool:
        """True once a model is loaded."""
        return self._model is not None

    def handle(self, request: Request) -> Answers:
        """The answers to a request; `Ended` is added by the scheduler.

        Raises, from a step:
            EngineError, MediaError: one sentence for a person.
            Cancelled: the ticket's token was set.
        """
        with core_errors_translated():
            match request:
                case LoadModel():
                    yield from self._load(request)
                case KeepFeatures():
                    self._keep = request
                    self._apply_limits()
                case Embed():
                    yield from self._embed(request)
                case PredictMask():
                    yield from self._predict_in_clip(request) if request.media.is_clip else self._predict(request)
                case Preview():
                    yield from self._preview(request)
                case FindEverything():
                    yield from self._find_everything(request)
                case Propagate():
                    yield from self._propagate(request)
                case CloseItem():
                    self._close_item(request)
                case _:
                    assert_never(request)

    def close(self) -> None:
        """Let go of the model and of every file."""
        for ref in list(self._clips):
            self._close_clip(ref)
        self._close_store()
        self._pictures = self._model = None

    # -------------------------------------------------------------------------------------------- models

    def _load(self, request: LoadModel) -> Answers:
        entry = catalogue.find(request.model)
        path = catalogue.local_file(entry)
        if path is None:
            path = yield from download.fetch(entry, request.ticket.token)
        request.ticket.token.check()
        yield Activity(f"Loading {entry.title}")
        loaded = self._model
        if loaded is not None and loaded.serves(entry, path, request.device, request.precision):
            self.close()
            loaded.resize(request.size)
        else:
            loaded = load(entry, path, request.device, request.precision, request.size)
            self.close()
        self._model, self._pictures = loaded, PictureSession(loaded.image_session())
        self._apply_limits()
        _log.info("loaded", model=entry.name, device=loaded.device, precision=loaded.precision, side=loaded.image_size)
        yield ModelReady(
            request.ticket,
            entry.name,
            entry.title,
            loaded.device,
            loaded.precision,
            loaded.image_size,
            loaded.note,
            self._held(),
            request.size.quality,
        )

    def _held(self) -> int:
        """Bytes of the model and of all that was computed with it."""
        model, pictures = self._loaded()
        return model.bytes + pictures.bytes + sum(clip.state.bytes for clip in self._clips.values())

    def _loaded(self) -> tuple[LoadedModel, PictureSession]:
        if self._model is None or self._pictures is None:
            raise EngineError("No model is loaded yet.", hint="Choose a model first.")
        return self._model, self._pictures

    def _apply_limits(self) -> None:
        """Keep features as was asked; the files belong to the model in use."""
        self._close_store()
        if self._keep is None or self._model is None or self._pictures is None:
            return
        self._pictures.limit(self._keep.memory_bytes)
        self._limit_clips()
        if self._keep.folder is not None:
            self._store = FeatureStore(self._keep.folder, self._keep.folder_bytes, self._model.digest())

    def _limit_clips(self) -> None:
        """The pictures and each clip keep image features; a clip gets its part of what the pictures may take."""
        if self._keep is not None:
            for clip in self._clips.values():
                clip.state.limit(self._keep.memory_bytes // (1 + _CLIPS_KEPT))

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    # ------------------------------------------------------------------------------------------ pictures

    def _embed(self, request: Embed) -> Answers:
        """Nothing to tell when the embedding is at hand; what is made ahead is not told as activity either."""
        began = time.monotonic()
        _, pictures = self._loaded()
        clip = self._clip(request.media, request.frame) if request.media.is_clip else None
        if pictures.has(request.media) if clip is None else clip.state.has(request.frame):
            return
        if not request.ahead:
            yield Activity("Analysing the picture" if clip is None else "Analysing the frame")
        if clip is None:
            self._embed_picture(request.media, request.ticket.token)
        else:
            clip.state.embed(request.frame, request.ticket.token)
        yield Embedded(request.ticket, request.media.item, request.frame, time.monotonic() - began, self._held())

    def _embed_picture(self, ref: MediaRef, token: CancelToken | None = None) -> None:
        """From the disk, or else by the model; `token` gives the latter up."""
        _, pictures = self._loaded()
        began = time.monotonic()
        with closing(media.open_source(ref)) as source:
            recalled = self._store is not None and pictures.recall(ref, source.size, self._store)
            if not recalled:
                pictures.embed(ref, source.frame(0), token)
                if self._store is not None:
                    pictures.store(ref, self._store)
        _log.info("embedded", item=ref.item, recalled=recalled, ms=round(1000 * (time.monotonic() - began)))

    def _predict(self, request: PredictMask) -> Answers:
        _, pictures = self._loaded()
        if not pictures.has(request.media):
            yield Activity("Analysing the picture")
            began = time.monotonic()
            self._embed_picture(request.media)
            yield Embedded(request.ticket, request.media.item, request.frame, time.monotonic() - began, self._held())
        began = time.monotonic()
        answer = pictures.predict(request)
        yield MaskReady(
            request.ticket,
            request.media.item,
            request.frame,
            request.object_id,
            answer.candidates,
            answer.best,
            seconds=time.monotonic() - began,
        )

    def _preview(self, request: Preview) -> Answers:
        """Only where it costs one decoding; a clip tells no preview of an object it tracks."""
        _, pictures = self._loaded()
        if request.media.is_clip:
            clip = self._clip(request.media, request.frame)
            if clip.state.has(request.frame):
                yield PreviewReady(request.ticket, clip.state.preview(request))
        elif pictures.has(request.media):
            yield PreviewReady(request.ticket, pictures.preview(request))

    def _find_everything(self, request: FindEverything) -> Answers:
        """A frame of a clip is embedded for this alone: the clip's own features are not those of a still picture."""
        _, pictures = self._loaded()
        clip = self._clip(request.media, request.frame) if request.media.is_clip else None
        if clip is not None:
            pixels = clip.source.frame(request.frame)
            yield Activity("Analysing the frame")
            yield from pictures.everything(request, pixels)
            return
        if not pictures.has(request.media):
            yield Activity("Analysing the picture")
            self._embed_picture(request.media, request.ticket.token)
        with closing(media.open_source(request.media)) as source:
            pixels = source.frame(0)
        yield from pictures.everything(request, pixels)

    # --------------------------------------------------------------------------------------------- clips

    def _predict_in_clip(self, request: PredictMask) -> Answers:
        clip = self._clip(request.media, request.frame)
        keys = ObjectKeys(request.object_id, request.keys)
        for _ in clip.state.reconcile((keys,), leave=request.frame):
            yield Activity("Preparing the object")
        if not clip.state.has(request.frame):
            yield Activity("Analysing the frame")
            began = time.monotonic()
            clip.state.embed(request.frame)
            yield Embedded(request.ticket, request.media.item, request.frame, time.monotonic() - began, self._held())
        began = time.monotonic()
        answer, score = clip.state.predict(request)
        yield MaskReady(
            request.ticket,
            request.media.item,
            request.frame,
            request.object_id,
            answer.candidates,
            answer.best,
            score,
            time.monotonic() - began,
        )

    def _propagate(self, request: Propagate) -> Answers:
        clip = self._clip(request.media, request.stop)
        objects = [obj for obj in request.objects if any(key.prompts or key.mask is not None for key in obj.keys)]
        if not objects:
            raise EngineError("There is nothing to track.", hint="Click an object or draw a box around it first.")
        planned = sweeps.plan(
            {obj.object_id: [key.frame for key in obj.keys] for obj in objects},
            origin=request.origin,
            start=request.start,
            stop=request.stop,
            direction=request.direction,
        )
        pace = Pace(sum(map(len, planned)))
        model, _ = self._loaded()
        missing = room.shortage(clip.state.estimate(len(objects), pace.total), model.device)
        if missing:
            yield Warned(request.ticket, missing)
        clip.runs += 1
        try:
            for _ in clip.state.reconcile(objects):
                yield Activity("Preparing the objects")
            for sweep in planned:
                for frame, masks in clip.state.track(sweep, request.ticket.token):
                    pace.step()
                    for done in clip.state.economies():
                        yield Warned(request.ticket, f"The device is short of memory. {done}")
                    yield FrameMasks(
                        request.ticket,
                        request.media.item,
                        frame,
                        masks,
                        pace.done,
                        pace.total,
                        pace.rate,
                        pace.seconds_left,
                    )
        finally:
            clip.runs -= 1

    def _clip(self, ref: MediaRef, frame: FrameIndex) -> _Clip:
        """The state of a clip, which must have the frame; made when it is not at hand."""
        model, _ = self._loaded()
        clip = self._clips.get(ref)
        if clip is None:
            source = media.open_source(ref)
            size = (source.facts.height, source.facts.width)
            clip = _Clip(source, ClipState(model.video_session(source), size))
            self._clips[ref] = clip
            self._limit_clips()
            idle = [other for other, kept in self._clips.items() if not kept.runs and other != ref]
            for other in idle[: len(self._clips) - _CLIPS_KEPT]:
                self._close_clip(other)
        self._clips.move_to_end(ref)
        if not 0 <= frame < clip.source.facts.frames:
            raise MediaError(
                f"{ref.path.name!r} has no frame {frame}; it has the frames 0 to {clip.source.facts.frames - 1}."
            )
        return clip

    def _close_item(self, request: CloseItem) -> None:
        for ref in [ref for ref in self._clips if ref.item == request.item]:
            self._close_clip(ref)
        if self._pictures is not None:
            self._pictures.forget(request.item)

    def _close_clip(self, ref: MediaRef) -> None:
        clip = self._clips.pop(ref)
        clip.state.close()
        clip.source.close()
