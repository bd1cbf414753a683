"""Sessions on the tiny model and a clip of moving discs."""

from collections.abc import Iterable
from typing import Any

from sam2_core.frames import ArrayFrames
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.results import FrameResult, Logits
from sam2_core.video.session import VideoSession
from support.discs import moving_discs

CLIP, MASKS = moving_discs(30)
SIZE = (240, 320)


def session_of(model: SAM2VideoPredictor, frames: int = 10, **options: Any) -> VideoSession:
    """A session on the first frames of the clip."""
    return VideoSession(model, ArrayFrames(CLIP[:frames]), **options)


def clicked(model: SAM2VideoPredictor, frames: int = 10, *, frame: int = 0, **options: Any) -> VideoSession:
    """A session in which the moving disc was clicked on a frame; the object is called "disc"."""
    session = session_of(model, frames, **options)
    session.add_points(frame, "disc", [[70 + 4 * frame, 90 + 2 * frame]], [1])
    return session


def logits(results: Iterable[FrameResult], obj: str = "disc") -> dict[int, Logits]:
    """Low-res logits of one object by frame."""
    return {r.frame: o.logits_low_res for r in results for o in r.objects if o.obj_id == obj}
