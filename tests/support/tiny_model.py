"""A model small enough to run in milliseconds on a CPU. Its weights are fixed; they segment nothing, but masks depend
on the click, the picture and the memories."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from golden import weights
from sam2_core.config import (
    MaskDecoderConfig,
    MemoryAttentionConfig,
    MemoryEncoderConfig,
    ModelConfig,
    NeckConfig,
    TrunkConfig,
    config_to_json,
)
from sam2_core.sam2_video_predictor import SAM2VideoPredictor


def tiny_config() -> ModelConfig:
    """SAM 2.1 in small: 128 px, one or two blocks per stage, 32 channels; windows that pool, are padded or see all."""
    return ModelConfig(
        name="tiny-test",
        image_size=128,
        trunk=TrunkConfig(16, 1, (1, 1, 1, 2), (4,), window_spec=(8, 4, 6, 8)),
        neck=NeckConfig((128, 64, 32, 16), d_model=32),
        memory_attention=MemoryAttentionConfig(d_model=32, num_layers=1, dim_feedforward=64, kv_in_dim=16),
        memory_encoder=MemoryEncoderConfig(out_dim=16, in_dim=32, mask_downsampler_embed_dim=32),
        mask_decoder=MaskDecoderConfig(transformer_dim=32, num_heads=2, mlp_dim=64),
        binarize_mask_from_pts_for_mem_enc=True,
    )


def tiny_video_predictor() -> SAM2VideoPredictor:
    """The model on the CPU, in which every object counts as present."""
    predictor = SAM2VideoPredictor(tiny_config()).eval()
    weights.fill(predictor)
    with torch.no_grad():
        predictor.state_dict()["sam_mask_decoder.pred_obj_score_head.layers.2.bias"].add_(10.0)
    return predictor


def tiny_checkpoint(path: Path) -> Path:
    """Write the model as `path` (.safetensors, float16) with its configuration beside it (.json); returns `path`."""
    predictor = tiny_video_predictor()
    save_file({k: v.half().contiguous() for k, v in predictor.state_dict().items()}, path)
    path.with_suffix(".json").write_text(json.dumps(config_to_json(predictor.config)))
    return path
