"""Taking objects out of a clip. Objects have keys of their own, so nothing else moves."""

from collections.abc import Hashable

from sam2_core.video.state import VideoState


def remove_object(state: VideoState, obj_id: Hashable) -> list[int]:
    """Forget an object; returns the frames it had prompts on, ascending ([] for an unknown object)."""
    track = state.objects.pop(obj_id, None)
    if track is None:
        return []
    track.non_cond.clear()
    return track.prompted_frames()


def reset(state: VideoState) -> None:
    """Forget all objects; frames and image features stay."""
    state.objects.clear()
    state.spill.clear()
