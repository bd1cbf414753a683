"""An engine service without a model: discs for clicks, the box for a box, discs that drift through a clip."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np

from sam2_annotator.engine.messages import (
    Activity,
    Candidate,
    CloseItem,
    Embed,
    Embedded,
    FindEverything,
    Found,
    FrameMasks,
    KeepFeatures,
    KeyFrame,
    LoadModel,
    MaskReady,
    ModelReady,
    ObjectMask,
    PredictMask,
    Preview,
    PreviewReady,
    Propagate,
    Proposal,
    Proposals,
    Request,
    Response,
    Warned,
)
from sam2_annotator.errors import EngineError
from sam2_annotator.masks import metrics, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.media import open_source
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import Direction

RADII = (4, 8, 16)
DRIFT = 3  # px to the right per frame
SUGGESTED = ((20, 20, 12), (20, 20, 4), (60, 20, 8), (60, 50, 4))  # discs: x, y, radius; the second lies in the first
SPECK = rle.encode(np.pad(np.ones((1, 2), bool), ((1, 62), (92, 2))))  # two pixels in a corner of 96 x 64
_NAP = 0.002


@dataclass
class FakeService:
    """Delays in seconds; `speckled` adds a speck far from every mask; `fails` makes every prediction fail; `asked`
    keeps what was requested, in order; `sent` counts tracked frames, and a run rests where that reaches `rests_at`."""

    load: float = 0.0
    predict: float = 0.0
    embed: float = 0.0
    ahead: float = 0.0  # what embedding takes that nobody looks at yet
    decode: float = 0.1  # what it says a decoding took
    frame: float = 0.0
    rests_at: float = math.inf
    search: float = 0.0  # for each step of a search for everything
    fails: bool = False
    finds_nothing: bool = False
    warns: str = ""  # said of every run
    speckled: bool = False
    ready: bool = False
    sent: int = 0
    asked: list[Request] = field(default_factory=list)
    embedded: list[tuple[str, int]] = field(default_factory=list)
    _sizes: dict[MediaRef, tuple[int, int]] = field(default_factory=dict)

    def handle(self, request: Request) -> Generator[Response, None, None]:
        self.asked.append(request)
        match request:
            case LoadModel():
                yield from _wait(self.load, "Loading")
                self.ready = True
                side, quality = request.size.of(1024), request.size.quality
                yield ModelReady(request.ticket, request.model, "Fake", "cpu", "float32", side, quality=quality)
            case Embed():
                yield from _wait(self.ahead if request.ahead else self.embed, "Analysing")
                self.embedded.append((request.media.path.name, int(request.frame)))
                yield Embedded(request.ticket, request.media.item, request.frame, 0.0)
            case PredictMask():
                yield from _wait(self.predict, "Predicting")
                yield self._predict(request)
            case FindEverything():
                yield from self._find_everything(request)
            case Propagate():
                yield from self._propagate(request)
            case Preview():
                best = RADII[1] if request.prompts.is_single_click else RADII[2]
                yield PreviewReady(request.ticket, drawn(request.prompts, self._size(request.media), best, 0))
            case CloseItem() | KeepFeatures():
                yield Activity("")

    def _predict(self, request: PredictMask) -> MaskReady:
        if self.fails:
            raise EngineError("The device is out of memory.", hint="Choose a smaller model.")
        size = self._size(request.media)
        radii = RADII if request.prompts.is_single_click else RADII[1:2]
        masks = [drawn(request.prompts, size, radius, 0) for radius in radii]
        if self.finds_nothing:
            masks = [rle.empty(*size) for _ in masks]
        if self.speckled:
            masks = [rle.union(mask, SPECK) for mask in masks]
        masks = [shaped(mask, request.clean, request.avoid) for mask in masks]
        found = tuple(Candidate(mask, 0.5 + 0.1 * place) for place, mask in enumerate(masks))
        best = 1 if len(found) == len(RADII) else 0
        place = (request.media.item, request.frame, request.object_id)
        return MaskReady(request.ticket, *place, found, best, 1.0, self.decode)

    def _find_everything(self, request: FindEverything) -> Generator[Response, None, None]:
        size, total = self._size(request.media), len(SUGGESTED)
        for done in range(1, total + 1):
            yield from _wait(self.search, "Looking")
            if self.fails:
                raise EngineError("The device is out of memory.", hint="Choose a smaller model.")
            yield Found(request.ticket, done, total, None)
        discs = [drawn(PromptSet((Point(x, y),)), size, radius, 0) for x, y, radius in SUGGESTED]
        found = [Proposal(mask, 0.9 - 0.1 * place, 0.9) for place, mask in enumerate(discs)]
        known = [one for one in found if any(metrics.iou(one.mask, mask) > 0.5 for mask in request.known)]
        wanted = () if self.finds_nothing else tuple(one for one in found if one not in known)
        yield Proposals(request.ticket, request.media.item, request.frame, wanted)

    def _propagate(self, request: Propagate) -> Generator[Response, None, None]:
        size = self._size(request.media)
        frames = _order(request)
        if self.warns:
            yield Warned(request.ticket, self.warns)
        for done, frame in enumerate(frames, 1):
            yield from _wait(self.frame, "Tracking")
            while self.sent >= self.rests_at:
                yield from _wait(_NAP, "Tracking")
            masks = tuple(
                ObjectMask(one.object_id, self._tracked(one.keys, frame, size), 0.9, 1.0) for one in request.objects
            )
            total = len(frames)
            self.sent += 1
            yield FrameMasks(request.ticket, request.media.item, frame, masks, done, total, 10.0, (total - done) / 10.0)

    def _tracked(self, keys: tuple[KeyFrame, ...], frame: FrameIndex, size: tuple[int, int]) -> Mask:
        key = min(keys, key=lambda key: abs(key.frame - frame))
        radius = RADII[key.candidate if key.candidate is not None else 1]
        return drawn(key.prompts, size, radius, DRIFT * (frame - key.frame))

    def _size(self, media: MediaRef) -> tuple[int, int]:
        if media not in self._sizes:
            source = open_source(media)
            self._sizes[media] = source.size
            source.close()
        return self._sizes[media]


def drawn(prompts: PromptSet, size: tuple[int, int], radius: int, shift: int) -> Mask:
    """The mask or the box if there is one, with discs around positive points, without those around negative ones."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]] + 0.5
    x = x - shift
    pixels = np.zeros(size, bool) if prompts.mask is None else rle.decode(prompts.mask)
    box = prompts.box
    if box is not None:
        pixels |= (x >= box.x0) & (x < box.x1) & (y >= box.y0) & (y < box.y1)
    for point in prompts.points:
        disc = (x - point.x) ** 2 + (y - point.y) ** 2 <= radius**2
        pixels = pixels | disc if point.positive else pixels & ~disc
    return rle.encode(pixels)


def _order(request: Propagate) -> list[FrameIndex]:
    forward = [FrameIndex(f) for f in range(request.origin, request.stop + 1)]
    backward = [FrameIndex(f) for f in range(request.origin, request.start - 1, -1)]
    match request.direction:
        case Direction.FORWARD:
            return forward
        case Direction.BACKWARD:
            return backward
        case Direction.BOTH:
            return [*forward, *backward[1:]]


def _wait(seconds: float, text: str) -> Generator[Response, None, None]:
    """Short steps, as the real engine makes them."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(_NAP)
        yield Activity(text)
