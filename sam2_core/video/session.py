"""A clip being annotated: prompts in, typed results out, in bounded memory, from any thread (one call at a time)."""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal, TypeVar

import numpy.typing as npt
import torch

from sam2_core.errors import Cancelled, InvalidPrompt
from sam2_core.frame_reader import READ_AHEAD
from sam2_core.frames import FrameSource
from sam2_core.interrupt import interruptible
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video import prompts, removal, snapshot
from sam2_core.video.cancel import Cancel, listener
from sam2_core.video.economy import offload, thriftily
from sam2_core.video.memory import expect_nothing, frame_features, read_ahead
from sam2_core.video.plan import Direction, Leg, plan_run
from sam2_core.video.policy import WINDOW, MemoryPolicy
from sam2_core.video.propagate import encode_prompted, preflight, track_frame
from sam2_core.video.results import FrameResult, ObjectResult, object_result
from sam2_core.video.runs import Run, begin
from sam2_core.video.state import FEATURE_BYTES, Compat, ObjectState, TrackingOptions, VideoState
from sam2_core.video.validation import CLICKS, check_frame, mask_prompt, point_prompts, scale_points

T = TypeVar("T")


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """feature_bytes: image features kept for recent frames; window: frames around the cursor with full memories.

    read_ahead: frames read by another thread while a run computes; with 0 all are read in the caller's. offload:
    results and memories rest in the computer's memory, not the device's.
    """

    feature_bytes: int = FEATURE_BYTES
    window: int = WINDOW
    read_ahead: int = READ_AHEAD
    offload: bool = False


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Bytes of memory held: image features, and results with what later frames remember of them.

    compact: results at rest in compact form; disk: bytes of the temporary file they lie in.
    """

    features: int
    results: int
    compact: int
    disk: int


class VideoSession:
    """Prompts and tracking of one clip with a model that several sessions may share.

    Prompts are in pixel indices of the clip's frames. Short of memory, a call frees the caches, takes one step down
    after the other (`economies` tells which) and goes on.
    """

    def __init__(
        self,
        model: SAM2Base,
        source: FrameSource,
        *,
        compat: Compat = "improved",
        tracking: Literal["published"] | MemoryPolicy = "published",
        cache: CacheLimits | None = None,
    ) -> None:
        if isinstance(tracking, str):
            if tracking != "published":
                raise ValueError(f"there is no memory policy {tracking!r}; use 'published' or one of your own")
        elif tracking.max_paths != 1:
            raise ValueError(f"the memory policy {tracking.id!r} wants {tracking.max_paths} paths; there can be one")
        self._limits = limits = cache or CacheLimits()
        self.model = model
        self._lock = threading.RLock()
        self._state = VideoState(
            source,
            device=model.device,
            options=TrackingOptions(
                compat=compat,
                fill_hole_area=model.fill_hole_area,
                non_overlap_masks=model.non_overlap_masks,
                clear_non_cond_mem_around_input=model.clear_non_cond_mem_around_input,
                add_all_frames_to_correct_as_cond=compat == "improved" or model.add_all_frames_to_correct_as_cond,
            ),
            policy=None if isinstance(tracking, str) else tracking,
            feature_bytes=limits.feature_bytes,
            window=limits.window,
            read_ahead=limits.read_ahead,
        )
        if limits.offload:
            offload(self._state)

    def embed(self, frame: int, *, cancel: Cancel | None = None) -> None:
        """Compute the image features of a frame ahead of its first prompt.

        Raises:
            InvalidPrompt: no such frame.
            Cancelled: `cancel` was set; it is looked at before every block of the image encoder.
        """
        check_frame(self._state, frame)

        def compute() -> None:
            with interruptible(self.model, cancel):
                frame_features(self.model, self._state, frame)

        self._call(compute)

    def embedded(self, frame: int) -> bool:
        """True while the image features of a frame are at hand."""
        with self._lock:
            return frame in self._state.features

    # ------------------------------------------------------------------------------------------ prompts

    def add_points(
        self,
        frame: int,
        obj: Hashable,
        points: npt.ArrayLike | None,
        labels: npt.ArrayLike | None,
        box: npt.ArrayLike | None = None,
        *,
        refine: bool | None = None,
    ) -> ObjectResult:
        """Segment `obj` by the complete prompts of the frame: points (N, 2) xy, labels (N,) 1 or 0, box (4,) xyxy.

        `refine` tells whether the frame's present result is handed to the model; by default it is for points that
        continue the frame's earlier ones and for its first points.

        Raises:
            InvalidPrompt: no such frame, or prompts that cannot be used; nothing changes then.
        """
        given = point_prompts(frame, points, labels, box, allowed=CLICKS)
        scaled = scale_points(given, self._state.size, self.model.image_size)

        def add() -> None:
            encode_prompted(self.model, self._state, except_frame=frame)
            track = self._state.objects.get(obj)
            old = track.points.get(frame) if track is not None else None
            continued = old is None or scaled.begins_with(old)
            prompts.add_points(
                self.model, self._state, frame, obj, scaled, refine=continued if refine is None else refine
            )

        self._call(add)
        return self._present(frame, obj)

    def add_mask(self, frame: int, obj: Hashable, mask: npt.ArrayLike) -> ObjectResult:
        """Take a mask (H, W) as the result of `obj` on a frame; it is handed back exactly as given.

        Raises:
            InvalidPrompt: no such frame, or not a two-dimensional mask; nothing changes then.
        """
        plane = mask_prompt(frame, mask)

        def add() -> None:
            encode_prompted(self.model, self._state, except_frame=frame)
            prompts.add_mask(self.model, self._state, frame, obj, plane)

        self._call(add)
        return self._present(frame, obj)

    def choose(self, frame: int, obj: Hashable, k: int) -> ObjectResult:
        """Make candidate `k` of a single click the frame's result; its pointer and memory are used from then on.

        Raises:
            InvalidPrompt: there is no such candidate.
        """
        self._call(lambda: prompts.choose_candidate(self._state, frame, obj, k))
        return self._present(frame, obj)

    def remove_prompts(self, frame: int, obj: Hashable) -> ObjectResult | None:
        """Forget the prompts of an object on a frame; returns what the object still has there.

        Raises:
            InvalidPrompt: no such frame or object.
        """
        self._call(lambda: prompts.clear_prompts(self._state, frame, obj))
        return self.result(frame, obj)

    def remove_object(self, obj: Hashable) -> None:
        """Forget an object; an unknown one is no error. A running propagation goes on without it."""
        with self._lock:
            removal.remove_object(self._state, obj)

    def result(self, frame: int, obj: Hashable) -> ObjectResult | None:
        """The newest result of an object on a frame, None where there is none."""
        with self._lock:
            return self._shown(obj, self._state.objects.get(obj), frame)

    @property
    def source(self) -> FrameSource:
        """Where the frames come from."""
        return self._state.source

    @property
    def objects(self) -> tuple[Hashable, ...]:
        """Ids of the objects in the order they were made."""
        return tuple(self._state.objects)

    # ----------------------------------------------------------------------------------------- tracking

    def propagate(
        self,
        direction: Direction = "forward",
        start: int | None = None,
        end: int | None = None,
        *,
        objects: Sequence[Hashable] | None = None,
        cancel: Cancel | None = None,
        progress: Progress | None = None,
        resume: bool = False,
    ) -> Iterator[FrameResult]:
        """Track the objects through the clip; each finished frame is yielded once, in the order of travel.

        `start` and `end`, both inclusive, bound the run; a backward run goes from the larger to the smaller. Without
        `start` every object sets out from its own earliest key frame (backward: its latest). "both" goes forward from
        there to the upper bound, then backward to the lower one. Objects without prompts are left out, objects removed
        on the way end at the next frame. With `resume`, frames whose results are current are passed over. Closing the
        iterator early is fine: every frame yielded stays valid.

        Raises:
            InvalidPrompt: no object to track, an unknown object or frame.
            Cancelled: `cancel` was set; it is looked at before every step of every object.
        """

        def plan() -> list[Leg]:
            preflight(self.model, self._state)
            return plan_run(self._state, direction, start, end, objects, resume=resume)

        legs = self._call(plan)
        total = sum(len(leg.frames) for leg in legs)
        done = 0
        try:
            for leg in legs:
                run = self._begin(leg)
                for place, frame in enumerate(leg.frames, 1):
                    self._expect(leg.frames[place : place + self._limits.read_ahead])
                    result = self._step(leg, run, frame, listener(cancel))
                    done += 1
                    if progress is not None:
                        progress(done, total)
                    if result.objects:
                        yield result
        finally:
            with self._lock:
                expect_nothing(self.model, self._state)

    def _begin(self, leg: Leg) -> Run:
        frames = {i: taken for i in leg.objects if (taken := leg.frames_of(i))}
        tracks = [leg.objects[i] for i in frames]
        with self._lock:
            return begin(self.model, self._state, tracks, frames, reverse=leg.reverse)

    def _expect(self, frames: Sequence[int]) -> None:
        with self._lock:
            read_ahead(self.model, self._state, frames)

    def _step(self, leg: Leg, run: Run, frame: int, cancelled: Callable[[], bool]) -> FrameResult:
        if cancelled():
            raise Cancelled
        state, taking_part = self._state, leg.objects_at(frame)

        def track() -> FrameResult:
            present = {i: t for i, t in taking_part.items() if state.objects.get(i) is t}
            if present:
                track_frame(self.model, state, frame, list(present.values()), run, cancelled=cancelled)
            results = (self._shown(i, t, frame) for i, t in present.items())
            return FrameResult(frame, tuple(r for r in results if r is not None), state.options.non_overlap_masks)

        return self._call(track, objects=len(taking_part))

    def _shown(self, obj: Hashable, track: ObjectState | None, frame: int) -> ObjectResult | None:
        if track is None:
            return None
        return object_result(obj, track, frame, smoothing=self.model.config.mask_smoothing)

    # ------------------------------------------------------------------------------------------- upkeep

    def memory_report(self) -> MemoryReport:
        """What is held now."""
        with self._lock:
            tracks = self._state.objects.values()
            return MemoryReport(
                self._state.features.bytes,
                sum(t.nbytes for t in tracks),
                sum(len(t.non_cond) - len(t.non_cond.full_frames) for t in tracks),
                self._state.spill.nbytes,
            )

    def snapshot(self, file: IO[bytes]) -> None:
        """Write prompts and results, so that another session can go on with `restore`; see `video.snapshot`.

        Raises:
            ValueError: an object's id is neither a number nor a word. OSError: the file cannot be written.
        """
        with self._lock:
            snapshot.write(self.model, self._state, file)

    def restore(self, file: IO[bytes]) -> None:
        """Hold what `snapshot` wrote in place of everything held; that the weights are the same is up to the caller.

        Raises:
            EngineError: it is damaged, or was made with another clip, model or mode; nothing changes then.
        """
        with self._lock:
            objects = snapshot.read(self.model, self._state, file)
            for obj in self.objects:
                removal.remove_object(self._state, obj)
            self._state.adopt(objects)

    @property
    def economies(self) -> tuple[str, ...]:
        """What was done where memory ran short, a sentence each; it stays done."""
        return tuple(self._state.economies)

    def limit(self, feature_bytes: int) -> None:
        """Keep image features within this many bytes from now on."""
        with self._lock:
            self._state.features.shrink(feature_bytes)

    def close(self) -> None:
        """Forget everything; the session is empty afterwards, the model is untouched."""
        with self._lock:
            self._state.reader.stop()
            self._state.ahead.drop()
            removal.reset(self._state)
            self._state.features.clear()

    def _present(self, frame: int, obj: Hashable) -> ObjectResult:
        result = self.result(frame, obj)
        if result is None:
            raise InvalidPrompt(f"object {obj!r} was removed meanwhile")
        return result

    def _call(self, work: Callable[[], T], *, objects: int = 1) -> T:
        """Run `work` alone on the model; again, with less, where memory is short."""
        with self._lock, self.model.compute_lock, torch.no_grad():
            return thriftily(self._state, self.model.graphs, work, objects=objects)
