"""Writing memories and reading them: memory encoding and memory-conditioned features (SAM 2 paper, section 4)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from sam2_core.frames import normalised
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.object_pointers import split_pointers
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.memory_bank import Selection
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.store import FrameOutput


def frame_features(model: SAM2Base, state: VideoState, frame: int) -> ImageFeatures:
    """Image features of a frame, from the cache or newly computed."""
    features = state.features.get(frame)
    if features is None:
        picture = state.reader.picture(frame, model.image_size)
        features = model.forward_image(normalised(picture, state.device))
        state.features.put(frame, features)
    return features


def read_ahead(model: SAM2Base, state: VideoState, frames: Sequence[int]) -> None:
    """Let the frames that come next be read while this one is computed; [] where nothing comes."""
    state.reader.expect([frame for frame in frames if frame not in state.features], model.image_size)


def condition(
    model: SAM2Base, state: VideoState, features: ImageFeatures, tracks: Sequence[ObjectState], selection: Selection
) -> Tensor:
    """Features of a frame conditioned on the memories of B objects that read the same frames: (B, D, h, w)."""
    # stored as bfloat16; joined in float32, since float16 autocast refuses to join the former
    maps = [
        (torch.cat([_memory(model, state, t, frame).float() for t in tracks]).to(state.device), row)
        for frame, row in selection.spatial
    ]
    pointers = [
        (torch.cat([_stored(t, frame).obj_ptr for t in tracks]).to(state.device), distance / selection.pointer_norm)
        for frame, distance in selection.pointers
    ]
    return attended(model, features.embedding, maps, pointers)


def attended(
    model: SAM2Base,
    embedding: Tensor,
    maps: Sequence[tuple[Tensor, int]],
    pointers: Sequence[tuple[Tensor, float]],
) -> Tensor:
    """Embedding (1 or B, D, h, w) conditioned on the memories of B objects: (B, D, h, w).

    maps: (B, 64, h, w) float32 with their rows of `maskmem_tpos_enc`; pointers: (B, D) with their scaled distances.
    """
    batch = len(maps[0][0])
    height, width = embedding.shape[-2:]
    place = model.memory_position(height, width).flatten(2).permute(2, 0, 1)  # (HW, 1, 64)
    memories = [memory.flatten(2).permute(2, 0, 1) for memory, _ in maps]  # (HW, B, 64)
    positions = [(place + model.maskmem_tpos_enc[row]).expand(-1, batch, -1) for _, row in maps]
    num_ptr_tokens = 0
    if pointers and model.use_obj_ptrs_in_encoder:
        tokens = torch.stack([pointer for pointer, _ in pointers])  # (P, B, D)
        memories.append(split_pointers(tokens, model.mem_dim))  # (P * D / 64, B, 64)
        num_ptr_tokens = len(memories[-1])
        distances = torch.tensor([d for _, d in pointers], dtype=torch.float32, device=embedding.device)
        where = model.pointer_positions(distances)  # (P, 64)
        where = where.repeat_interleave(num_ptr_tokens // len(where), dim=0)
        positions.append(where[:, None].expand(-1, batch, -1))
    return model.attend(embedding, torch.cat(memories), torch.cat(positions), num_ptr_tokens=num_ptr_tokens)


def encode(model: SAM2Base, features: ImageFeatures, high_res: Tensor, scores: Tensor, *, interacted: bool) -> Tensor:
    """Memory maps (B, 64, h, w) of masks (B, 1, S, S). Kept as bfloat16, as published: the rounding is part of it."""
    return model.encode_memory(features.embedding, high_res, scores, interacted=interacted).to(torch.bfloat16)


def encode_stored(model: SAM2Base, state: VideoState, frame: int, output: FrameOutput) -> None:
    """Give a stored output its memory map, from its low-res logits."""
    features = frame_features(model, state, frame)
    high_res = model.high_res(output.low_res.to(state.device))
    scores = output.object_score_logits.to(state.device)
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
