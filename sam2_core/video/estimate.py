"""What a run will take, told before it starts."""

from dataclasses import dataclass

from sam2_core.config import ModelConfig
from sam2_core.frames import DECODED_BYTES, FrameSource
from sam2_core.video.policy import WINDOW
from sam2_core.video.state import FEATURE_BYTES

_RECORD = 1600  # a result at rest beside its pointer: numbers and dictionary entries


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes, all upper bounds: memory beyond the model and its intermediate results, and room on disk."""

    memory: int
    disk: int


def estimate_memory(
    config: ModelConfig,
    video: FrameSource,
    objects: int,
    *,
    frames: int | None = None,
    feature_bytes: int = FEATURE_BYTES,
    window: int = WINDOW,
) -> MemoryEstimate:
    """What tracking `objects` through `frames` of a clip, or the whole of it, holds in a session with those limits, in
    float32.

    Decoded frames, image features and results near the cursor are bounded; only what rests grows with the clip.

    Raises:
        ValueError: a negative number of objects.
    """
    if objects < 0:
        raise ValueError(f"there cannot be {objects} objects")
    frames = len(video) if frames is None else frames
    height, width = video.size
    cells, channels = (config.image_size // 16) ** 2, config.neck.d_model
    picture = 3 * height * width
    features = 4 * cells * (channels + 4 * channels // 4 + 16 * channels // 8)
    low_res = 16 * cells
    near = 4 * low_res + 2 * cells * config.memory_encoder.out_dim + 4 * channels + _RECORD
    # on both sides of the cursor while a run comes back over frames that were tracked before
    full = min(frames, 2 * max(window, config.memory_temporal_stride_for_eval * config.num_maskmem) + 1)
    memory = min(frames * picture, max(DECODED_BYTES, picture)) + min(frames * features, max(feature_bytes, features))
    memory += objects * (full * near + (frames - full) * (4 * channels + _RECORD))
    room = -(-2 * low_res // 4096) * 4096
    return MemoryEstimate(memory, objects * frames * (room + 4096))
