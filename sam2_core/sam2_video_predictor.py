"""SAM2VideoPredictor with the published methods; the work is done by functions over VideoState in `sam2_core.video`."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core.config import ModelConfig
from sam2_core.errors import EngineError, InvalidPrompt
from sam2_core.frame_reader import READ_AHEAD
from sam2_core.frames import Video, open_frames
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video import memory, prompts, removal
from sam2_core.video.economy import thriftily
from sam2_core.video.outputs import frame_logits, ids_and_logits
from sam2_core.video.propagate import encode_prompted, preflight, track_frame
from sam2_core.video.runs import Run, begin
from sam2_core.video.state import Compat, ObjectState, TrackingOptions, VideoState
from sam2_core.video.validation import check_frame, mask_prompt, point_prompts, scale_points

Masks = tuple[int, list[Hashable], Tensor]


class SAM2VideoPredictor(SAM2Base):
    """Video segmentation with the published methods and attributes, all of which may be set at any time.

    `compat` is "improved" (default) or "published", which reproduces the published numbers also where they hurt:
    corrections lost by the next propagation, masks given by the user returned blurred, all memories kept.
    Results are (frame_idx, obj_ids, logits float32 (N, 1, H, W) on the compute device).
    """

    def __init__(self, config: ModelConfig) -> None:
        self._correct_as_cond: bool | None = None
        super().__init__(config)
        self.compat: Compat = "improved"
        self._correct_as_cond = config.add_all_frames_to_correct_as_cond or None

    @property
    def add_all_frames_to_correct_as_cond(self) -> bool:
        """Whether corrected frames condition the tracker: as set, else on in "improved" and off in "published"."""
        return self.compat == "improved" if self._correct_as_cond is None else self._correct_as_cond

    @add_all_frames_to_correct_as_cond.setter
    def add_all_frames_to_correct_as_cond(self, value: bool) -> None:
        self._correct_as_cond = value

    @classmethod
    def from_pretrained(cls, model_id: str, **kwargs: Any) -> "SAM2VideoPredictor":
        """Predictor with the weights of a Hub id or a bundled model; keywords go to `build_sam2_video_predictor_hf`."""
        from sam2_core.build_sam import build_sam2_video_predictor_hf  # it imports this module

        predictor: SAM2VideoPredictor = build_sam2_video_predictor_hf(model_id, **kwargs)
        return predictor

    @torch.no_grad()
    def init_state(
        self,
        video_path: Video,
        offload_video_to_cpu: bool = False,
        offload_state_to_cpu: bool = False,
        async_loading_frames: bool = False,
    ) -> VideoState:
        """State of a clip: folder of pictures, list of them, video file or its bytes, uint8 array, or a FrameSource.

        Frames are decoded when they are needed and always rest on the host, so `offload_video_to_cpu` and
        `async_loading_frames` have nothing left to do. `offload_state_to_cpu` keeps results and memories there too.

        Raises:
            EngineError: no frames there. NotImplementedError: nothing frames could come from.
        """
        storage = torch.device("cpu") if offload_state_to_cpu else self.device
        return VideoState(open_frames(video_path), device=self.device, storage=storage, options=self._options())

    @torch.no_grad()
    def add_new_points_or_box(
        self,
        inference_state: VideoState,
        frame_idx: int,
        obj_id: Hashable,
        points: npt.ArrayLike | Tensor | None = None,
        labels: npt.ArrayLike | Tensor | None = None,
        clear_old_points: bool = True,
        normalize_coords: bool = True,
        box: npt.ArrayLike | Tensor | None = None,
    ) -> Masks:
        """Segment an object by points (N, 2) xy with labels (N,) and/or one box (4,) xyxy, in pixels of the clip
        (0..1 with `normalize_coords=False`); they replace the frame's points unless `clear_old_points` is False.

        Raises:
            InvalidPrompt (a ValueError): prompts that cannot be used; nothing changes then.
        """
        if (points is None) != (labels is None):
            raise InvalidPrompt("points and labels must be given together")
        if points is None and box is None:
            raise InvalidPrompt("at least one of points or box must be given")
        if box is not None and not clear_old_points:
            raise InvalidPrompt("a box comes before all points; give it with clear_old_points=True")
        state = self._entered(inference_state)
        with self.compute_lock:
            given = scale_points(
                point_prompts(frame_idx, points, labels, box), state.size if normalize_coords else None, self.image_size
            )
            check_frame(state, frame_idx)
            track = state.objects.get(obj_id)
            old = track.points.get(frame_idx) if track is not None else None
            if old is not None and not clear_old_points:
                given = old.followed_by(given)
            encode_prompted(self, state, except_frame=frame_idx)
            is_cond = prompts.add_points(self, state, frame_idx, obj_id, given)
            return frame_idx, *ids_and_logits(state, frame_idx, fresh_cond=is_cond)

    def add_new_points(self, *args: Any, **kwargs: Any) -> Masks:
        """The older name of `add_new_points_or_box`."""
        return self.add_new_points_or_box(*args, **kwargs)

    @torch.no_grad()
    def add_new_mask(
        self, inference_state: VideoState, frame_idx: int, obj_id: Hashable, mask: npt.ArrayLike | Tensor
    ) -> Masks:
        """Take a mask (H, W) of any size as the object's result on a frame.

        Raises:
            InvalidPrompt (a ValueError): no such frame, or not two-dimensional; nothing changes then.
        """
        state = self._entered(inference_state)
        plane = mask_prompt(frame_idx, mask)
        with self.compute_lock:
            check_frame(state, frame_idx)
            encode_prompted(self, state, except_frame=frame_idx)
            is_cond = prompts.add_mask(self, state, frame_idx, obj_id, plane)
            return frame_idx, *ids_and_logits(state, frame_idx, fresh_cond=is_cond)

    @torch.no_grad()
    def propagate_in_video_preflight(self, inference_state: VideoState) -> None:
        """Make the results of all prompts part of the memory bank.

        Raises:
            EngineError (a RuntimeError): no object has prompts.
        """
        state = self._entered(inference_state)
        with self.compute_lock:
            preflight(self, state)
        if not any(track.cond for track in state.objects.values()):
            raise EngineError("there is nothing to track; give points, a box or a mask first")

    def propagate_in_video(
        self,
        inference_state: VideoState,
        start_frame_idx: int | None = None,
        max_frame_num_to_track: int | None = None,
        reverse: bool = False,
    ) -> Iterator[Masks]:
        """Track from `start_frame_idx` (default: the earliest prompted frame, also in reverse) over
        `max_frame_num_to_track` further frames (default: all).

        Objects without prompts are left out of the results; so are objects removed on the way, from the next frame on.

        Raises:
            EngineError (a RuntimeError): no object has prompts.
        """
        state = inference_state
        self.propagate_in_video_preflight(state)
        tracks = {i: track for i, track in state.objects.items() if track.cond}
        frames = self._frames_to_track(state, start_frame_idx, max_frame_num_to_track, reverse)
        run = self._begin(state, list(tracks.values()), frames, reverse=reverse)
        try:
            for done, frame in enumerate(frames, 1):
                present = self._step(state, frame, tracks, run, coming=frames[done : done + READ_AHEAD])
                if not present:
                    return
                yield frame, list(present), frame_logits(state, frame, list(present.values()))
        finally:
            memory.expect_nothing(self, state)

    @torch.no_grad()
    def _step(
        self, state: VideoState, frame: int, tracks: dict[Hashable, ObjectState], run: Run, coming: Sequence[int]
    ) -> dict[Hashable, ObjectState]:
        """Track what is left of the objects on a frame, while the frames `coming` are read."""
        self._entered(state)
        present = {i: track for i, track in tracks.items() if state.objects.get(i) is track}
        some = list(present.values())
        if some:
            with self.compute_lock:
                memory.read_ahead(self, state, coming)
                thriftily(state, self.graphs, lambda: track_frame(self, state, frame, some, run), objects=len(some))
        return present

    @torch.no_grad()
    def clear_all_prompts_in_frame(
        self, inference_state: VideoState, frame_idx: int, obj_id: Hashable, need_output: bool = True
    ) -> Masks | None:
        """Forget an object's prompts on a frame; returns what all objects have there then.

        Raises:
            InvalidPrompt (a ValueError): no such frame or object.
        """
        state = self._entered(inference_state)
        with self.compute_lock:
            prompts.clear_prompts(state, frame_idx, obj_id)
            return (frame_idx, *self._after_removal(state, frame_idx)) if need_output else None

    def reset_state(self, inference_state: VideoState) -> None:
        """Forget all objects; frames and image features stay."""
        removal.reset(inference_state)

    @torch.no_grad()
    def remove_object(
        self, inference_state: VideoState, obj_id: Hashable, strict: bool = False, need_output: bool = True
    ) -> tuple[list[Hashable], list[tuple[int, Tensor]]]:
        """Forget an object; returns the other ids, and their logits on the frames where it had prompts.

        Raises:
            EngineError (a RuntimeError): `strict`, and there is no such object.
        """
        state = self._entered(inference_state)
        if strict and obj_id not in state.objects:
            raise EngineError(f"there is no object {obj_id!r} to remove")
        with self.compute_lock:
            frames = removal.remove_object(state, obj_id)
            if not need_output or not state.objects:
                return list(state.objects), []
            return list(state.objects), [(frame, self._after_removal(state, frame)[1]) for frame in frames]

    def _options(self) -> TrackingOptions:
        return TrackingOptions(
            compat=self.compat,
            fill_hole_area=self.fill_hole_area,
            non_overlap_masks=self.non_overlap_masks,
            clear_non_cond_mem_around_input=self.clear_non_cond_mem_around_input,
            add_all_frames_to_correct_as_cond=self.add_all_frames_to_correct_as_cond,
        )

    def _entered(self, state: VideoState) -> VideoState:
        """The state, treated as the attributes say now."""
        state.options = self._options()
        state.policy = state.published_policy()
        return state

    def _begin(self, state: VideoState, tracks: Sequence[ObjectState], frames: range, *, reverse: bool) -> Run:
        taken = {track.obj_id: frames for track in tracks} if frames else {}
        return begin(self, state, tracks if frames else [], taken, reverse=reverse)

    @staticmethod
    def _after_removal(state: VideoState, frame: int) -> tuple[list[Hashable], Tensor]:
        is_cond = any(frame in track.fresh_cond for track in state.objects.values())
        return ids_and_logits(state, frame, fresh_cond=is_cond)

    @staticmethod
    def _frames_to_track(state: VideoState, start: int | None, count: int | None, reverse: bool) -> range:
        """The published ranges: `count` + 1 frames; in reverse none at all from frame 0."""
        if start is None:
            start = min(min(track.cond) for track in state.objects.values() if track.cond)
        check_frame(state, start)
        count = state.num_frames if count is None else count
        if reverse:
            return range(start, max(start - count, 0) - 1, -1) if start > 0 else range(0)
        return range(start, min(start + count, state.num_frames - 1) + 1)
