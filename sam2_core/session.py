"""The engine's surface for an application: sessions on still pictures and on clips."""

from sam2_core.image_session import ImagePrediction, ImageSession
from sam2_core.video.estimate import MemoryEstimate, estimate_memory
from sam2_core.video.results import FrameResult, ObjectResult
from sam2_core.video.session import CacheLimits, MemoryReport, VideoSession

__all__ = [
    "CacheLimits",
    "FrameResult",
    "ImagePrediction",
    "ImageSession",
    "MemoryEstimate",
    "MemoryReport",
    "ObjectResult",
    "VideoSession",
    "estimate_memory",
]
