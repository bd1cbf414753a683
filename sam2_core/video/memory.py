"""Writing memories and reading them: memory encoding and memory-conditioned features (SAM 2 paper, section 4)."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from sam2_core.frames import model_input
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.object_pointers import split_pointers
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.replayed import image_features
from sam2_core.transfer import to_device
from sam2_core.video.memory_bank import Selection
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.store import FrameOutput


def frame_features(model: SAM2Base, state: VideoState, frame: int) -> ImageFeatures:
    """Image features of a frame, from the cache, computed ahead, or newly computed."""
    features = state.features.get(frame)
    if features is None:
        features = state.ahead.take(frame) or _encoded(model, state, frame)
        state.features.put(frame, features)
    return features


def _encoded(model: SAM2Base, state: VideoState, frame: int) -> ImageFeatures:
    picture = state.reader.picture(frame, model.image_size)
    return image_features(model, model_input(picture, model.image_size, state.device))


def encode_ahead(model: SAM2Base, state: VideoState) -> None:
    """Begin with the frame that comes next, where that can be done beside and its picture is there."""
    frame = state.ahead.coming
    if frame is None or frame in state.features or not state.reader.ready(frame, model.image_size):
        return
    state.ahead.begin(frame, lambda: _encoded(model, state, frame))


def read_ahead(model: SAM2Base, state: VideoState, frames: Sequence[int]) -> None:
    """Let the frames that come next be read while this one is computed; [] where nothing comes."""
    state.ahead.coming = frames[0] if frames else None
    state.reader.expect([frame for frame in frames if frame not in state.features], model.image_size)


def expect_nothing(model: SAM2Base, state: VideoState) -> None:
    """Give up what is read or encoded ahead."""
    read_ahead(model, state, [])
    state.ahead.drop()


@dataclass(frozen=True, slots=True)
class Read:
    """What a frame reads of the memories of B objects, all on the device.

    maps (M, B, 64, h, w) bfloat16 with their rows of `maskmem_tpos_enc`; pointers (P, B, D) with their scaled distances
    (P,).
    """

    maps: Tensor
    rows: tuple[int, ...]
    pointers: Tensor
    distances: Tensor


def gather(model: SAM2Base, state: VideoState, tracks: Sequence[ObjectState], selection: Selection) -> Read:
    """The memories of objects that read the same frames."""
    device, count = state.device, len(tracks)
    kept = [_memory(model, state, t, frame) for frame, _ in selection.spatial for t in tracks]
    pointers = [_stored(t, frame).obj_ptr for frame, _ in selection.pointers for t in tracks]
    with torch.autocast(device.type, enabled=False):  # which may refuse to join bfloat16
        maps = torch.cat([memory.to(device) for memory in kept])
        pointer = torch.cat(pointers) if pointers else torch.zeros(0, model.hidden_dim)
    return Read(
        maps.reshape(-1, count, *maps.shape[1:]),
        tuple(row for _, row in selection.spatial),
        to_device(pointer, device).reshape(-1, count, model.hidden_dim),
        scaled_distances([d for _, d in selection.pointers], selection.pointer_norm, device),
    )


def condition(
    model: SAM2Base, state: VideoState, features: ImageFeatures, tracks: Sequence[ObjectState], selection: Selection
) -> Tensor:
    """Features of a frame conditioned on the memories of B objects that read the same frames: (B, D, h, w)."""
    read = gather(model, state, tracks, selection)
    return attended(model, features.embedding, read.maps.float(), read.rows, read.pointers, read.distances)


def attended(
    model: SAM2Base, embedding: Tensor, maps: Tensor, rows: Sequence[int], pointers: Tensor, distances: Tensor
) -> Tensor:
    """Embedding (1 or B, D, h, w) conditioned on the memories of B objects: (B, D, h, w).

    maps (M, B, 64, h, w) float32 with their rows of `maskmem_tpos_enc`; pointers (P, B, D) with their scaled distances
    (P,).
    """
    batch, width = maps.shape[1:3]
    place = model.memory_position(*embedding.shape[-2:]).flatten(2).permute(2, 0, 1)  # (HW, 1, 64)
    memories = [maps.flatten(3).permute(0, 3, 1, 2).reshape(-1, batch, width)]  # (M * HW, B, 64)
    ages = torch.stack([model.maskmem_tpos_enc[row] for row in rows])  # (M, 1, 1, 64)
    positions = [(place + ages).reshape(-1, 1, width).expand(-1, batch, -1)]
    num_ptr_tokens = 0
    if len(pointers) and model.use_obj_ptrs_in_encoder:
        memories.append(split_pointers(pointers, model.mem_dim))  # (P * D / 64, B, 64)
        num_ptr_tokens = len(memories[-1])
        where = model.pointer_positions(distances)  # (P, 64)
        where = where.repeat_interleave(num_ptr_tokens // len(where), dim=0)
        positions.append(where[:, None].expand(-1, batch, -1))
    return model.attend(embedding, torch.cat(memories), torch.cat(positions), num_ptr_tokens=num_ptr_tokens)


def scaled_distances(distances: Sequence[int], norm: int, device: torch.device) -> Tensor:
    """Distances of frames by what they are scaled by, float32 (P,), taken from a table that lies on the device."""
    if not distances:
        return torch.zeros(0, device=device)
    reach = 1 << max(map(abs, distances)).bit_length()
    table = _distance_table(reach, norm, device)
    return torch.stack([table[distance + reach] for distance in distances])


@functools.lru_cache(maxsize=16)
def _distance_table(reach: int, norm: int, device: torch.device) -> Tensor:
    """Distances from -reach to reach, scaled."""
    with torch.inference_mode(False):
        return (torch.arange(-reach, reach + 1, dtype=torch.float64) / norm).float().to(device)


def encode(model: SAM2Base, features: ImageFeatures, high_res: Tensor, scores: Tensor, *, interacted: bool) -> Tensor:
    """Memory maps (B, 64, h, w) of masks (B, 1, S, S). Kept as bfloat16, as published: the rounding is part of it."""
    return model.encode_memory(features.embedding, high_res, scores, interacted=interacted).to(torch.bfloat16)


def encode_stored(model: SAM2Base, state: VideoState, frame: int, output: FrameOutput) -> None:
    """Give a stored output its memory map, from its low-res logits."""
    features = frame_features(model, state, frame)
    high_res = model.high_res(to_device(output.low_res, state.device))
    scores = to_device(output.object_score_logits, state.device)
    output.memory = encode(model, features, high_res, scores, interacted=output.interacted).to(state.storage)


def _stored(track: ObjectState, frame: int) -> FrameOutput:
    output = track.cond.get(frame) or track.non_cond.get(frame)
    assert output is not None, f"the bank names frame {frame}, which has no output"
    return output


def _memory(model: SAM2Base, state: VideoState, track: ObjectState, frame: int) -> Tensor:
    """Memory map (1, 64, h, w) of a stored frame, encoded again if it was put to rest."""
    output = _stored(track, frame)
    if output.memory is None:
        encode_stored(model, state, frame, output)
        if frame not in track.cond:
            track.non_cond[frame] = output
    assert output.memory is not None
    return output.memory
