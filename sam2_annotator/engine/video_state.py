"""One clip in the engine: a tracking session kept equal to the key frames that each request carries.

The document is the truth. Requests name an object's key frames as the document has them; what differs from what the
session was given is taken back or given anew, by value, and nothing else is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from sam2_annotator.engine import coords
from sam2_annotator.engine.candidates import Answer, extends, has_positive, rank
from sam2_annotator.engine.messages import Candidate, KeyFrame, ObjectKeys, ObjectMask, PredictMask, Preview
from sam2_annotator.engine.sweeps import Sweep
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.masks import metrics, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_core.video.estimate import MemoryEstimate, estimate_memory
from sam2_core.video.results import Candidate as CoreCandidate
from sam2_core.video.results import ObjectResult
from sam2_core.video.session import VideoSession

_NOBODY = ObjectId(0)  # never given out by the document


class ClipState:
    """What the engine holds of a clip of `size` (height, width). Belongs to the engine's thread."""

    def __init__(self, session: VideoSession, size: tuple[int, int]) -> None:
        self._session = session
        self._size = size
        self._told = 0
        self._held: dict[ObjectId, dict[FrameIndex, KeyFrame]] = {}
        self._shown: dict[tuple[ObjectId, FrameIndex], Answer] = {}  # cleaned, as handed out

    def close(self) -> None:
        """Forget everything."""
        self._session.close()
        self._held.clear()
        self._shown.clear()

    @property
    def bytes(self) -> int:
        """Memory of image features and results."""
        report = self._session.memory_report()
        return report.features + report.results

    def has(self, frame: FrameIndex) -> bool:
        """True while the image features of a frame are at hand."""
        return self._session.embedded(frame)

    def embed(self, frame: FrameIndex, token: CancelToken | None = None) -> None:
        """Compute the image features of a frame ahead of its first prompt.

        Raises:
            sam2_core.errors.Cancelled: the token was set.
        """
        self._session.embed(frame, cancel=token)

    def reconcile(self, objects: Sequence[ObjectKeys], *, leave: FrameIndex | None = None) -> Iterator[None]:
        """Make the session's prompts of these objects those given, one key frame per step; `leave`: not this frame."""
        for wanted in objects:
            keys = {key.frame: key for key in wanted.keys if key.frame != leave}
            held = self._held.setdefault(wanted.object_id, {})
            for frame in [frame for frame in held if frame != leave and frame not in keys]:
                self._session.remove_prompts(frame, wanted.object_id)
                del held[frame]
            for frame, key in keys.items():
                if held.get(frame) != key:
                    self._give(wanted.object_id, key)
                    yield

    def predict(self, request: PredictMask) -> tuple[Answer, float]:
        """Masks for the prompts of a frame, and the object score; other key frames are in the session already.

        Three candidates for a single click, else one. Prompts that continue the frame's last ones refine its mask; so
        do points on a mask that came from elsewhere.
        """
        prompts, obj, frame, previous = request.prompts, request.object_id, request.frame, request.previous
        held = self._held.setdefault(obj, {}).get(frame)
        shown: Answer | None = None
        if held is not None and held.prompts:
            shown = self._shown.get((obj, frame)) or self._answer(obj, frame)
            if not shown.led_to(previous):
                held = shown = None  # the object's mask was changed by other means
        if shown is None or held is None or held.prompts != prompts:
            refine = held is not None and extends(prompts, held.prompts)
            if shown is not None and refine and previous is not None:
                self._choose(obj, frame, shown.index_of(previous))
            self._predict(request, refine=refine, start=previous if held is None else None)
        answer = self._answer(obj, frame).changed(lambda mask: shaped(mask, request.clean, request.avoid))
        self._shown[obj, frame] = answer
        return answer, self._result(obj, frame).score

    def _predict(self, request: PredictMask, *, refine: bool, start: Mask | None) -> None:
        """Give the session the prompts; `start` is a mask from elsewhere which points alone refine."""
        prompts, obj, frame = request.prompts, request.object_id, request.frame
        base = request.previous or prompts.mask
        with self._changing(obj, KeyFrame(frame, prompts)):
            if start and prompts.box is None and prompts.mask is None:
                refine = True
                if self._mask_of(obj, frame) != start:
                    self._session.add_mask(frame, obj, rle.decode(start))
            self._prompt(obj, frame, prompts, refine=refine)
            refined = refine or prompts.mask is not None
            if refined and base and not has_positive(prompts) and not self._mask_of(obj, frame):
                # Negative points alone may wipe out everything: tell the model unseen what stays.
                pixels = rle.decode(base)
                self._session.add_mask(frame, obj, pixels)
                inside = Point(*metrics.deepest_point(pixels))
                self._prompt(obj, frame, PromptSet((inside, *prompts.points)), refine=True)

    def preview(self, request: Preview) -> Mask:
        """The mask of prompts on a frame as if they were the first of a new object; nothing is remembered."""
        try:
            self._prompt(_NOBODY, request.frame, request.prompts, refine=False)
            mask = self._mask_of(_NOBODY, request.frame)
        finally:
            self._session.remove_object(_NOBODY)
        assert mask is not None, "a prompted frame has a result"
        return shaped(mask, request.clean, request.avoid)

    def track(self, sweep: Sweep, token: CancelToken) -> Iterator[tuple[FrameIndex, tuple[ObjectMask, ...]]]:
        """The masks of each frame of a sweep, in its order.

        Raises:
            sam2_core.errors.Cancelled: the token was set.
        """
        results = self._session.propagate(
            "backward" if sweep.backward else "forward", sweep.first, sweep.last, objects=sweep.objects, cancel=token
        )
        for result in results:
            masks = result.masks(*self._size)
            objects = ((ObjectId(cast(int, one.obj_id)), masks[one.obj_id], one) for one in result.objects)
            yield (
                FrameIndex(result.frame),
                tuple(ObjectMask(obj, rle.encode(mask), one.iou, one.score) for obj, mask, one in objects),
            )

    def estimate(self, objects: int, frames: int) -> MemoryEstimate:
        """What tracking so many objects through so many frames may take."""
        return estimate_memory(self._session.model.config, self._session.source, objects, frames=frames)

    def limit(self, feature_bytes: int) -> None:
        """Keep image features within this many bytes from now on."""
        self._session.limit(feature_bytes)

    def economies(self) -> list[str]:
        """What was done where memory ran short since this was asked last, a sentence each."""
        told = self._session.economies[self._told :]
        self._told += len(told)
        return list(told)

    # ------------------------------------------------------------------------------------------- inside

    def _give(self, obj: ObjectId, key: KeyFrame) -> None:
        """Let the session have this key frame instead of whatever it has there."""
        held = self._held[obj].get(key.frame)
        self._shown.pop((obj, key.frame), None)
        with self._changing(obj, key):
            if key.prompts and (held is None or held.mask is not None or held.prompts != key.prompts):
                self._prompt(obj, key.frame, key.prompts, refine=False)
            if key.prompts and key.candidate is not None:
                self._choose(obj, key.frame, key.candidate)
            if key.mask is not None and self._mask_of(obj, key.frame) != key.mask:
                # What a person sees is what is tracked, also when these prompts gave another mask at the time.
                self._session.add_mask(key.frame, obj, rle.decode(key.mask))

    @contextmanager
    def _changing(self, obj: ObjectId, key: KeyFrame) -> Iterator[None]:
        """Book `key` as held once the work is done; when it fails, book that nobody knows what is held."""
        self._held[obj][key.frame] = KeyFrame(key.frame, PromptSet())
        yield
        self._held[obj][key.frame] = key

    def _prompt(self, obj: ObjectId, frame: FrameIndex, prompts: PromptSet, *, refine: bool) -> None:
        """All prompts of a frame, on the present result if `refine`; else the mask first, refined by points and box."""
        if prompts.mask is not None and not refine and self._mask_of(obj, frame) != prompts.mask:
            self._session.add_mask(frame, obj, rle.decode(prompts.mask))
        if prompts.points or prompts.box is not None:
            points, labels = coords.point_arrays(prompts.points)
            box = None if prompts.box is None else coords.box_array(prompts.box)
            self._session.add_points(frame, obj, points, labels, box, refine=refine or prompts.mask is not None)

    def _choose(self, obj: ObjectId, frame: FrameIndex, place: int) -> None:
        """Make the candidate in this place, counted by size, the frame's result."""
        result = self._result(obj, frame)
        if result.candidates is None or place >= len(result.candidates):
            return
        _, order = rank(_all_masks(result.candidates, self._size))
        if order[place] != result.candidate:
            self._session.choose(frame, obj, order[place])

    def _answer(self, obj: ObjectId, frame: FrameIndex) -> Answer:
        result = self._result(obj, frame)
        if result.candidates is not None and self._held[obj][frame].prompts.is_single_click:
            return rank(_all_masks(result.candidates, self._size))[0]
        return Answer((Candidate(rle.encode(result.mask(*self._size)), result.iou),), best=0)

    def _result(self, obj: ObjectId, frame: FrameIndex) -> ObjectResult:
        result = self._session.result(frame, obj)
        assert result is not None, f"object {obj} was prompted on frame {frame} and has no result"
        return result

    def _mask_of(self, obj: ObjectId, frame: FrameIndex) -> Mask | None:
        result = self._session.result(frame, obj)
        return None if result is None else rle.encode(result.mask(*self._size))


def _all_masks(given: Sequence[CoreCandidate], size: tuple[int, int]) -> list[Candidate]:
    return [Candidate(rle.encode(candidate.mask(*size)), candidate.iou) for candidate in given]
