"""Pictures: image embeddings and predictions, and what a further click on the same object refines."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from sam2_annotator.engine import coords
from sam2_annotator.engine.candidates import Answer, extends, has_positive, rank
from sam2_annotator.engine.messages import Candidate, PredictMask
from sam2_annotator.masks import metrics, rle
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_core.session import ImageSession

Logits = npt.NDArray[np.float32]

_REMEMBERED = 64
_MASK_LOGIT = 10.0
"""How sure a mask given as a prompt is; the decoder saw masks of this strength."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The newest answer for an object, and the low-res logits (C, h, w) of its candidates in the same order."""

    prompts: PromptSet
    answer: Answer
    low_res: Logits


class PictureSession:
    """Embeds and segments still pictures with one model. Belongs to the engine's thread."""

    def __init__(self, session: ImageSession) -> None:
        self._session = session
        self._sizes: dict[MediaRef, tuple[int, int]] = {}
        self._remembered: OrderedDict[tuple[MediaRef, ObjectId], _Remembered] = OrderedDict()

    def has(self, media: MediaRef) -> bool:
        """True when the picture's embedding is at hand."""
        return self._session.has(_key(media))

    def embed(self, media: MediaRef, pixels: npt.NDArray[np.uint8]) -> None:
        """Make the embedding of a picture, uint8 RGB (H, W, 3)."""
        height, width = pixels.shape[:2]
        self._sizes[media] = (height, width)
        self._session.embed(_key(media), lambda: pixels)

    def predict(self, request: PredictMask) -> Answer:
        """Masks for the prompts of an embedded picture: three candidates for a first single click, else one.

        Prompts that continue the object's last ones refine its mask; so do points on a mask that came from elsewhere.
        """
        key = (request.media, request.object_id)
        last = self._remembered.get(key)
        if last is not None and not last.answer.led_to(request.previous):
            last = None  # the object's mask was changed by other means
        if last is not None and last.prompts == request.prompts:
            return last.answer
        result = self._refine(request, self._beginning(request, last))
        self._remembered[key] = result
        self._remembered.move_to_end(key)
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return result.answer

    def forget(self, item: ItemId) -> None:
        """Drop an item's embedding (its file may hold another picture the next time) and all about its objects."""
        for key in [key for key in self._remembered if key[0].item == item]:
            del self._remembered[key]
        for media in [media for media in self._sizes if media.item == item]:
            del self._sizes[media]
            self._session.forget(_key(media))

    def _beginning(self, request: PredictMask, last: _Remembered | None) -> Logits | None:
        """The logits (h, w) the prompts refine, None to start afresh. `last`: our own answer the object shows now."""
        prompts, side = request.prompts, self._session.low_res_size
        if prompts.mask is not None:
            return mask_logits(prompts.mask, side)
        if last is not None:
            extended = extends(prompts, last.prompts)
            return last.low_res[last.answer.index_of(request.previous)] if extended else None
        if request.previous and prompts.box is None:
            return mask_logits(request.previous, side)
        return None

    def _refine(self, request: PredictMask, start: Logits | None) -> _Remembered:
        result = self._run(request, request.prompts, start)
        erased = start is not None and not result.answer.shown.mask
        if erased and request.previous and not has_positive(request.prompts):
            # Negative points alone may wipe out everything: tell the model unseen what stays.
            inside = Point(*metrics.deepest_point(rle.decode(request.previous)))
            result = self._run(request, replace(request.prompts, points=(inside, *request.prompts.points)), start)
        return result

    def _run(self, request: PredictMask, prompts: PromptSet, start: Logits | None) -> _Remembered:
        points, labels = coords.point_arrays(prompts.points)
        prediction = self._session.predict(
            _key(request.media),
            points=points if prompts.points else None,
            labels=labels if prompts.points else None,
            box=None if prompts.box is None else coords.box_array(prompts.box),
            mask_input=start,
            multimask=start is None and prompts.is_single_click,
        )
        masks = [rle.encode(mask) for mask in self._session.masks(prediction, self._sizes[request.media])]
        candidates = [Candidate(mask, float(iou)) for mask, iou in zip(masks, prediction.ious, strict=True)]
        answer, order = rank(candidates)
        return _Remembered(request.prompts, answer, prediction.low_res[list(order)])


def mask_logits(mask: Mask, side: int) -> Logits:
    """Low-res logits (side, side) float32 of a mask handed to the model: the covered share of each cell, -10..10."""
    pixels = rle.decode(mask).astype(np.float32)
    shrunk = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    return ((shrunk * 2 - 1) * _MASK_LOGIT).astype(np.float32)


def _key(media: MediaRef) -> str:
    return f"{media.item}|{media.path}"
