"""Builders with the published names: a model from a configuration's name or a Hub id, with its weights.

Differences from the published package: no configuration framework, `device=None` is the best device there is, and a
caller's override beats the builder's defaults.
"""

import logging
import os
from collections.abc import Sequence
from typing import Any, TypeVar

import torch

from sam2_core.checkpoints import load_weights, recognise
from sam2_core.config import CONFIGS, ModelConfig, apply_overrides, is_flag, resolve_name
from sam2_core.devices import inference_precision, pick_device
from sam2_core.hub import HUB_FILES, fetch, official_name
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.sam2_video_predictor import SAM2VideoPredictor

_Model = TypeVar("_Model", bound=SAM2Base)

_SHORT = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}


def _config_file(name: str) -> str:
    version, size = name.split("_hiera_")
    return f"configs/{version}/{version}_hiera_{_SHORT[size]}.yaml"


# Hub id -> (configuration, checkpoint file)
HF_MODEL_ID_TO_FILENAMES: dict[str, tuple[str, str]] = {
    file.repo_id: (_config_file(name), file.filename) for name, file in HUB_FILES.items()
}

_POSTPROCESSING: dict[str, object] = {"dynamic_multimask_via_stability": True}
_VIDEO_POSTPROCESSING: dict[str, object] = {
    **_POSTPROCESSING,
    "binarize_mask_from_pts_for_mem_enc": True,
    "fill_hole_area": 8,
}


def build_sam2(
    config_file: str | ModelConfig,
    ckpt_path: str | os.PathLike[str] | None = None,
    device: str | torch.device | None = None,
    mode: str = "eval",
    hydra_overrides_extra: Sequence[str] = (),
    apply_postprocessing: bool = True,
    precision: str = "float32",
    **kwargs: object,
) -> SAM2Base:
    """Model for still pictures.

    config_file: any spelling of a model's name (see `sam2_core.config.resolve_name`) or a ModelConfig. ckpt_path: a
    `.pt` or `.safetensors` file; None leaves random weights. hydra_overrides_extra: `++model.<flag>=<value>`; keywords
    with a flag's name do the same, other keywords are ignored. precision: what the model computes in, "float32" as
    published, "bfloat16", "float16" or "auto" (see `sam2_core.devices.inference_precision`); weights are turned once.

    Raises:
        ValueError: unknown name, override or precision. EngineError: no such device. ModelFileError: the checkpoint
            does not fit.
    """
    defaults = _POSTPROCESSING if apply_postprocessing else {}
    config = _configured(config_file, defaults, hydra_overrides_extra, kwargs)
    return _finish(SAM2Base(config), ckpt_path, device, mode, precision)


def build_sam2_video_predictor(
    config_file: str | ModelConfig,
    ckpt_path: str | os.PathLike[str] | None = None,
    device: str | torch.device | None = None,
    mode: str = "eval",
    hydra_overrides_extra: Sequence[str] = (),
    apply_postprocessing: bool = True,
    vos_optimized: bool = False,
    precision: str = "float32",
    **kwargs: object,
) -> SAM2VideoPredictor:
    """Video predictor; arguments as for `build_sam2`. vos_optimized compiles the image encoder."""
    defaults = _VIDEO_POSTPROCESSING if apply_postprocessing else {}
    config = _configured(config_file, defaults, hydra_overrides_extra, kwargs)
    predictor = _finish(SAM2VideoPredictor(config), ckpt_path, device, mode, precision)
    if vos_optimized and _can_compile(predictor.device):
        predictor.image_encoder.compile()
    return predictor


def build_sam2_hf(model_id: str, **kwargs: Any) -> SAM2Base:
    """`build_sam2` for a Hub id or the bundled model, with its weights.

    Raises:
        ModelNotAvailable: it is neither on this machine nor to be had from the network.
    """
    path = fetch(model_id)
    return build_sam2(official_name(model_id) or recognise(path), path, **kwargs)


def build_sam2_video_predictor_hf(model_id: str, **kwargs: Any) -> SAM2VideoPredictor:
    """`build_sam2_video_predictor` for a Hub id or the bundled model, with its weights."""
    path = fetch(model_id)
    return build_sam2_video_predictor(official_name(model_id) or recognise(path), path, **kwargs)


def _configured(
    config: str | ModelConfig, defaults: dict[str, object], overrides: Sequence[str], kwargs: dict[str, object]
) -> ModelConfig:
    if isinstance(config, str):
        config = CONFIGS[resolve_name(config)]
    flags = {name: value for name, value in kwargs.items() if is_flag(name)}
    return apply_overrides(apply_overrides(config, (), **defaults), overrides, **flags)


def _can_compile(device: torch.device) -> bool:
    """Whether torch.compile works here; it needs a compiler, and says so only when it first runs."""
    try:
        torch.compile(torch.neg)(torch.zeros(1, device=device))
    except RuntimeError as error:
        logging.getLogger(__name__).warning("not compiled device=%s reason=%s", device, str(error).split("\n", 1)[0])
        return False
    return True


def _finish(
    model: _Model,
    path: str | os.PathLike[str] | None,
    device: str | torch.device | None,
    mode: str,
    precision: str,
) -> _Model:
    chosen = pick_device(device)
    dtype = inference_precision(chosen, precision)
    if path is not None:
        load_weights(model, path)
    model.to(chosen).train(mode != "eval")
    model.compute_in(dtype)
    return model
