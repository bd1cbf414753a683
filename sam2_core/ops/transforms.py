"""Pictures and prompts into the model's square input, low-res logits back to the picture's size.

Still pictures are resized bilinearly with antialiasing, as published; the aspect ratio is not kept. (Video frames are
resized otherwise, see `sam2_core.frames`.)
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from sam2_core.errors import InvalidPrompt
from sam2_core.ops import upload, upsampling

MASK_LOGIT = 10.0  # how sure a mask given as a prompt is; the decoder saw masks of this strength


def rgb_array(image: Image.Image | npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Picture as (H, W, 3): uint8, or float32 in 0..1.

    Grey becomes RGB, alpha is dropped, uint16 is scaled to uint8 and negative strides are copied away. The EXIF
    orientation of a PIL image is not looked at: turn the picture first (`PIL.ImageOps.exif_transpose`).

    Raises:
        InvalidPrompt: not a picture of that kind, or float values outside 0..1.
    """
    if isinstance(image, Image.Image):
        image = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or 0 in image.shape:
        raise InvalidPrompt(f"A picture must be an array (height, width, 1, 3 or 4 channels), not {image.shape}.")
    image = np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image[..., :3]
    return np.ascontiguousarray(_depth(image))


def _depth(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if image.dtype == np.uint8:
        return image
    if image.dtype == np.uint16:
        return (image / 257.0).round().astype(np.uint8)
    if image.dtype == np.bool_:
        return image.astype(np.uint8) * np.uint8(255)
    if np.issubdtype(image.dtype, np.floating):
        if not np.isfinite(image).all() or image.min() < 0 or image.max() > 1:
            raise InvalidPrompt(
                "A picture of floating-point numbers must have values from 0 to 1; use uint8 for 0..255."
            )
        return image.astype(np.float32)
    raise InvalidPrompt(f"A picture must be uint8, uint16 or float in 0..1, not {image.dtype}.")


def image_tensor(image: Image.Image | npt.NDArray[Any], size: int, device: torch.device) -> Tensor:
    """Picture (see `rgb_array`) -> normalised input (1, 3, size, size) float32 on the device."""
    x = upload.uploaded(rgb_array(image), device).permute(2, 0, 1)[None]
    x = x.float() if x.is_floating_point() else x.float() / 255
    x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False, antialias=True)
    return upload.normalised(x)


def to_input(coords: Tensor, *, image_size: tuple[int, int] | None, input_size: int) -> Tensor:
    """Coordinates (..., 2) xy to pixels of the square input; from pixels of a (height, width) picture, or from 0..1."""
    if image_size is not None:
        height, width = image_size
        coords = coords / coords.new_tensor([width, height])
    return coords * input_size


def resize_logits(low_res: Tensor, size: tuple[int, int]) -> Tensor:
    """Logits (B, C, h, w) at a picture's (height, width): bilinear, never antialiased."""
    logits = low_res.float()
    if upsampling.serves(logits, size):
        return upsampling.enlarged(logits, size)
    return F.interpolate(logits, size=size, mode="bilinear", align_corners=False)


def mask_logits(mask: Tensor, image_size: int) -> Tensor:
    """Low-res logits (B, 1, image_size / 4, image_size / 4) float32 of masks (B, 1, H, W), as published for video.

    The mask is brought to the square input and binarised, then made -10 or 10 and shrunk; both with antialiasing.
    """
    square = F.interpolate(mask.float(), size=(image_size, image_size), mode="bilinear", antialias=True)
    logits = (square >= 0.5).float() * (2 * MASK_LOGIT) - MASK_LOGIT
    side = image_size // 4
    return F.interpolate(logits, size=(side, side), mode="bilinear", antialias=True)
