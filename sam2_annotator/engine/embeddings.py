"""Pictures: image embeddings and predictions, and what a further click on the same object refines."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sam2_annotator.engine import coords, everything
from sam2_annotator.engine.candidates import Answer, extends, has_positive, rank
from sam2_annotator.engine.feature_store import FeatureStore
from sam2_annotator.engine.messages import Candidate, FindEverything, Found, PredictMask, Preview, Proposals
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.masks import metrics, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_core.errors import InvalidPrompt
from sam2_core.session import ImagePrediction, ImageSession

Logits = npt.NDArray[np.float32]

_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The newest answer for an object as the model gave it and as it was handed out (cleaned), and the low-res logits
    (C, h, w) of its candidates in the same order.
    """

    prompts: PromptSet
    raw: Answer
    shown: Answer
    low_res: Logits


class PictureSession:
    """Embeds and segments still pictures with one model. Belongs to the engine's thread."""

    def __init__(self, session: ImageSession) -> None:
        self._session = session
        self._sizes: dict[MediaRef, tuple[int, int]] = {}
        self._remembered: OrderedDict[tuple[MediaRef, ObjectId], _Remembered] = OrderedDict()

    @property
    def bytes(self) -> int:
        """Memory the embeddings take."""
        return self._session.bytes

    def limit(self, cache_bytes: int) -> None:
        """Keep embeddings within this many bytes."""
        self._session.limit(cache_bytes)

    def has(self, media: MediaRef) -> bool:
        """True when the picture's embedding is at hand."""
        return self._session.has(_key(media))

    def embed(self, media: MediaRef, pixels: npt.NDArray[np.uint8], token: CancelToken | None = None) -> None:
        """Make the embedding of a picture, uint8 RGB (H, W, 3).

        Raises:
            sam2_core.errors.Cancelled: the token was set.
        """
        height, width = pixels.shape[:2]
        self._session.embed(_key(media), lambda: pixels, cancel=token)
        self._sizes[media] = (height, width)

    def recall(self, media: MediaRef, size: tuple[int, int], store: FeatureStore) -> bool:
        """Take the embedding of a picture of `size` (height, width) from the store; False when it is not there."""
        found = store.load(media, size, self._session.feature_shapes)
        if found is None:
            return False
        try:
            self._session.adopt(_key(media), found, size)
        except InvalidPrompt:
            return False
        self._sizes[media] = size
        return True

    def store(self, media: MediaRef, store: FeatureStore) -> None:
        """Hand the embedding of a picture to the store, which writes it behind."""
        store.save(media, self._sizes[media], self._session.features(_key(media)))

    def predict(self, request: PredictMask) -> Answer:
        """Masks for the prompts of an embedded picture: three candidates for a first single click, else one.

        Prompts that continue the object's last ones refine its mask; so do points on a mask that came from elsewhere.
        The same prompts again are answered without the model.
        """
        key = (request.media, request.object_id)
        last = self._remembered.get(key)
        if last is not None and not last.shown.led_to(request.previous):
            last = None  # the object's mask was changed by other means
        if last is None or last.prompts != request.prompts:
            last = self._refine(request, self._beginning(request, last))
        shown = last.raw.changed(lambda mask: shaped(mask, request.clean, request.avoid))
        self._remembered[key] = replace(last, shown=shown)
        self._remembered.move_to_end(key)
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return shown

    def preview(self, request: Preview) -> Mask:
        """The mask of prompts on an embedded picture, as if they were the object's first; nothing is remembered."""
        prompts = request.prompts
        start = None if prompts.mask is None else self._session.mask_prompt(rle.decode(prompts.mask))
        prediction = self._predict(request.media, prompts, start)
        best = int(np.argmax(prediction.ious))
        one = ImagePrediction(prediction.low_res[best : best + 1], prediction.ious[best : best + 1])
        (pixels,) = self._session.masks(one, self._sizes[request.media])
        return shaped(rle.encode(pixels), request.clean, request.avoid)

    def everything(self, request: FindEverything, pixels: npt.NDArray[np.uint8]) -> Iterator[Found | Proposals]:
        """Masks of everything in a picture, uint8 RGB (H, W, 3), from its embedding where that is at hand."""
        key = _key(request.media)
        embedded = not request.media.is_clip and self._session.has(key)
        return everything.search(self._session, key if embedded else None, pixels, request)

    def forget(self, item: ItemId) -> None:
        """Drop an item's embedding (its file may hold another picture the next time) and all about its objects."""
        for key in [key for key in self._remembered if key[0].item == item]:
            del self._remembered[key]
        for media in [media for media in self._sizes if media.item == item]:
            del self._sizes[media]
            self._session.forget(_key(media))

    def _beginning(self, request: PredictMask, last: _Remembered | None) -> Logits | None:
        """The logits (h, w) the prompts refine, None to start afresh. `last`: our own answer the object shows now."""
        prompts = request.prompts
        if last is not None and extends(prompts, last.prompts):
            chosen: Logits = last.low_res[last.shown.index_of(request.previous)]
            return chosen
        if prompts.mask is not None:
            return self._session.mask_prompt(rle.decode(prompts.mask))
        if last is None and request.previous and prompts.box is None:
            return self._session.mask_prompt(rle.decode(request.previous))
        return None

    def _refine(self, request: PredictMask, start: Logits | None) -> _Remembered:
        result = self._run(request.media, request.prompts, start)
        base = request.previous or request.prompts.mask
        erased = start is not None and not result.raw.shown.mask
        if erased and base and not has_positive(request.prompts):
            # Negative points alone may wipe out everything: tell the model unseen what stays.
            inside = Point(*metrics.deepest_point(rle.decode(base)))
            result = self._run(request.media, replace(request.prompts, points=(inside, *request.prompts.points)), start)
        return replace(result, prompts=request.prompts)

    def _run(self, media: MediaRef, prompts: PromptSet, start: Logits | None) -> _Remembered:
        prediction = self._predict(media, prompts, start)
        masks = [rle.encode(mask) for mask in self._session.masks(prediction, self._sizes[media])]
        candidates = [Candidate(mask, float(iou)) for mask, iou in zip(masks, prediction.ious, strict=True)]
        answer, order = rank(candidates)
        return _Remembered(prompts, answer, answer, prediction.low_res[list(order)])

    def _predict(self, media: MediaRef, prompts: PromptSet, start: Logits | None) -> ImagePrediction:
        points, labels = coords.point_arrays(prompts.points)
        return self._session.predict(
            _key(media),
            points=points if prompts.points else None,
            labels=labels if prompts.points else None,
            box=None if prompts.box is None else coords.box_array(prompts.box),
            mask_input=start,
            multimask=start is None and prompts.is_single_click,
        )


def _key(media: MediaRef) -> str:
    return f"{media.item}|{media.path}"
