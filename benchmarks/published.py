"""The published package, read from a folder that is not part of this program, to be measured and compared with.

Its models are made from its own classes and configuration files. Of the packages it imports, torchvision, hydra and
iopath do no work in what is measured. Where they are not installed, stand-ins take their place in this process: the
picture transform (the same torch calls), suppression of duplicate boxes, and nothing at all for the others.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import types
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.amg.nms import keep_best

_EXPONENT = re.compile(r"\d+e-?\d+")
_CONFIGS = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}


def load(folder: Path) -> None:
    """Make `import sam2` find the package in `folder`, the checkout's root.

    Raises:
        FileNotFoundError: there is none.
    """
    if not (folder / "sam2" / "modeling" / "sam2_base.py").is_file():
        raise FileNotFoundError(f"{folder} has no sam2/modeling/sam2_base.py; give the root of a checkout")
    stand_ins = _stand_ins()
    missing = {name for name in stand_ins if "." not in name and importlib.util.find_spec(name) is None}
    for name, members in stand_ins.items():
        if name.split(".", maxsplit=1)[0] in missing:
            module = types.ModuleType(name)
            module.__dict__.update(members)
            module.__path__ = []
            sys.modules[name] = module
    sys.path.insert(0, str(folder))


def model(folder: Path, name: str, *, video: bool, **flags: object) -> Any:
    """Model `name` ("tiny" ...) of the 2.1 family in eval mode, as its own builders configure it, `flags` changed."""
    path = folder / "sam2" / "configs" / "sam2.1" / f"sam2.1_hiera_{_CONFIGS[name]}.yaml"
    config = importlib.import_module("yaml").safe_load(path.read_text(encoding="utf-8"))["model"]
    config["sam_mask_decoder_extra_args"] = {
        "dynamic_multimask_via_stability": True,
        "dynamic_multimask_stability_delta": 0.05,
        "dynamic_multimask_stability_thresh": 0.98,
    }
    if video:
        config["_target_"] = "sam2.sam2_video_predictor.SAM2VideoPredictor"
        config["binarize_mask_from_pts_for_mem_enc"] = True
    config.update(flags)
    built: Any = _made(config)
    return built.eval()


def attribute(module: str, name: str) -> Any:
    """A name of the published package."""
    return getattr(importlib.import_module(module), name)


def _made(value: Any) -> Any:
    """Objects of a configuration: every mapping with `_target_` is a call."""
    if isinstance(value, list):
        return [_made(entry) for entry in value]
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        return float(value)  # YAML reads 1e-6 as a word
    if not isinstance(value, dict):
        return value
    entries = {key: _made(entry) for key, entry in value.items()}
    target = entries.pop("_target_", None)
    return entries if target is None else attribute(*target.rsplit(".", 1))(**entries)


class _Resize(nn.Module):
    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.height, self.width = size

    def forward(self, x: Tensor) -> Tensor:
        size = [self.height, self.width]
        return F.interpolate(x[None], size=size, mode="bilinear", align_corners=False, antialias=True)[0]


class _Normalize(nn.Module):
    def __init__(self, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.mean, self.std = mean, std

    def forward(self, x: Tensor) -> Tensor:
        mean = torch.tensor(self.mean, device=x.device)
        std = torch.tensor(self.std, device=x.device)
        return (x - mean[:, None, None]) / std[:, None, None]


class _ToTensor:
    def __call__(self, picture: Any) -> Tensor:
        return torch.from_numpy(picture).permute(2, 0, 1).contiguous().float() / 255


def _batched_nms(boxes: Tensor, scores: Tensor, groups: Tensor, iou_threshold: float) -> Tensor:
    assert not groups.any(), "the generator puts all boxes in one group"
    kept = keep_best(boxes.double().cpu().numpy(), scores.double().cpu().numpy(), iou_threshold)
    return torch.tensor(kept, dtype=torch.long, device=boxes.device)


def _box_area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


class _Initialized:
    @staticmethod
    def instance() -> _Initialized:
        return _Initialized()

    @staticmethod
    def is_initialized() -> bool:
        return True


def _stand_ins() -> dict[str, dict[str, object]]:
    nothing: dict[str, object] = {}
    return {
        "torchvision": nothing,
        "torchvision.transforms": {"Resize": _Resize, "Normalize": _Normalize, "ToTensor": _ToTensor},
        "torchvision.ops": nothing,
        "torchvision.ops.boxes": {"batched_nms": _batched_nms, "box_area": _box_area},
        "hydra": {"initialize_config_module": None, "compose": None},
        "hydra.core": nothing,
        "hydra.core.global_hydra": {"GlobalHydra": _Initialized},
        "hydra.utils": {"instantiate": None},
        "omegaconf": {"OmegaConf": None},
        "iopath": nothing,
        "iopath.common": nothing,
        "iopath.common.file_io": {"g_pathmgr": None},
    }
