"""Still pictures: embed once, then masks for prompts. SAM 2 paper (arXiv 2408.00714), section 4, without memory.

Each call takes the model's lock and keeps no gradients.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from sam2_core.devices import in_batches
from sam2_core.errors import InvalidPrompt
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.prompt_encoder import BOX_BOTTOM_RIGHT, BOX_TOP_LEFT
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.transforms import image_tensor, to_input
from sam2_core.replayed import decoded, image_features

LOGIT_LIMIT = 32.0  # of low-res logits that are handed out or fed back
Picture = Image.Image | npt.NDArray[Any]
_LABELS = (-1, 0, 1, 2, 3)  # padding, background, foreground, the corners of a box
_AT_ONCE = {"cpu": 1, "cuda": 16, "mps": 4}  # pictures in a batch; a CPU gains nothing from more


@dataclass(frozen=True, slots=True)
class StillFeatures:
    """An embedded picture: its features, `no_mem_embed` added, and its (height, width) in pixels."""

    features: ImageFeatures
    size: tuple[int, int]

    @property
    def bytes(self) -> int:
        """Memory the features take."""
        return sum(t.nbytes for t in (self.features.embedding, *self.features.high_res))


@dataclass(frozen=True, slots=True)
class StillPrompts:
    """Prompts for B objects: points with labels (B, N, 2), (B, N) or None, mask logits (B, 1, h, w) or None."""

    points: tuple[Tensor, Tensor] | None
    mask_input: Tensor | None

    @property
    def likeness(self) -> tuple[int, int, bool]:
        """Objects, points of each, and whether there is a mask: the same for prompts that fit into one batch."""
        shape = (1, 0) if self.points is None else self.points[1].shape
        masks = 0 if self.mask_input is None else len(self.mask_input)
        return max(shape[0], masks), shape[1], masks > 0

    @classmethod
    def joined(cls, several: Sequence["StillPrompts"]) -> "StillPrompts":
        """Prompts that are alike, one after the other."""
        if len(several) == 1:
            return several[0]
        points = [prompts.points for prompts in several if prompts.points is not None]
        masks = [prompts.mask_input for prompts in several if prompts.mask_input is not None]
        return cls(
            (torch.cat([xy for xy, _ in points]), torch.cat([kinds for _, kinds in points])) if points else None,
            torch.cat(masks) if masks else None,
        )


@torch.no_grad()
def embed(model: SAM2Base, images: Sequence[Picture]) -> list[StillFeatures]:
    """Features of pictures, which may differ in size; see `ops.transforms.rgb_array` for what a picture may be."""

    def together(some: Sequence[Picture]) -> list[StillFeatures]:
        batch = torch.cat([image_tensor(image, model.image_size, model.device) for image in some])
        with model.compute_lock:
            features = image_features(model, batch)
            embedding = model.without_memory(features.embedding)
        features = ImageFeatures(embedding, features.high_res)
        if len(some) == 1:
            return [StillFeatures(features, _size(some[0]))]
        # copies: a slice would keep the whole batch alive
        return [StillFeatures(features.of(i).copy(), _size(image)) for i, image in enumerate(some)]

    return in_batches(model.device, images, _AT_ONCE[model.device.type], together)


def _size(image: Picture) -> tuple[int, int]:
    return (image.height, image.width) if isinstance(image, Image.Image) else (image.shape[0], image.shape[1])


@torch.no_grad()
def decode(
    model: SAM2Base, still: StillFeatures, prompts: StillPrompts, *, multimask_output: bool
) -> tuple[Tensor, Tensor]:
    """Low-res logits (B, C, h, w), not clamped, and predicted IoUs (B, C), both float32; C is 3 or 1."""
    with model.compute_lock:
        return decoded(
            model,
            still.features,
            points=prompts.points,
            mask_inputs=prompts.mask_input,
            multimask_output=multimask_output,
        )


def decode_batch(
    model: SAM2Base, pictures: Sequence[tuple[StillFeatures, StillPrompts]], *, multimask_output: bool
) -> list[tuple[Tensor, Tensor]]:
    """`decode` for each picture with its prompts; consecutive pictures with one object each and prompts alike go
    through the decoder together."""

    def together(some: Sequence[tuple[StillFeatures, StillPrompts]]) -> list[tuple[Tensor, Tensor]]:
        joined = ImageFeatures.joined([still.features for still, _ in some])
        prompts = StillPrompts.joined([prompts for _, prompts in some])
        still = StillFeatures(joined, some[0][0].size)
        low_res, ious = decode(model, still, prompts, multimask_output=multimask_output)
        if len(some) == 1:
            return [(low_res, ious)]
        return list(zip(torch.split(low_res, 1), torch.split(ious, 1), strict=True))

    results: list[tuple[Tensor, Tensor]] = []
    for (objects, points, masks), group in itertools.groupby(pictures, lambda picture: picture[1].likeness):
        joinable = objects == 1 and (points > 0 or masks)  # several objects are a batch, and no prompt has no batch
        at_once = _AT_ONCE[model.device.type] if joinable else 1
        results += in_batches(model.device, list(group), at_once, together)
    return results


def prepare_prompts(
    model: SAM2Base,
    size: tuple[int, int] | None,
    *,
    points: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
    boxes: npt.ArrayLike | None = None,
    mask_input: npt.ArrayLike | None = None,
) -> StillPrompts:
    """Prompts as tensors in pixels of the square input.

    points (N, 2) or (B, N, 2) xy with labels (N,) or (B, N); boxes (4,) or (B, 4) xyxy; in pixels of a picture of
    `size` (height, width), or in 0..1 when size is None. mask_input (1, h, w) or (B, 1, h, w) low-res logits.

    Raises:
        InvalidPrompt: shapes that do not belong together, or numbers that are not finite.
    """
    coords: Tensor | None = None
    kinds: Tensor | None = None
    if points is not None and labels is not None:
        coords, kinds = _points(points, labels)
    if boxes is not None:
        corners = _floats(boxes, "A box")
        if corners.shape[-1:] != (4,) or corners.ndim > 2 or not corners.size:
            raise InvalidPrompt(f"A box must have four numbers x0, y0, x1, y1, not the shape {corners.shape}.")
        for corner in corners.reshape(-1, 4):
            if (corner[2:] < corner[:2]).any():
                raise InvalidPrompt(f"A box must have x0 <= x1 and y0 <= y1, not {corner.tolist()}.")
        box_coords = torch.from_numpy(corners).reshape(-1, 2, 2)
        box_kinds = torch.tensor([[BOX_TOP_LEFT, BOX_BOTTOM_RIGHT]]).expand(len(box_coords), 2)
        if coords is None or kinds is None:
            coords, kinds = box_coords, box_kinds
        elif len(coords) == len(box_coords):
            coords, kinds = torch.cat([box_coords, coords], dim=1), torch.cat([box_kinds, kinds], dim=1)
        else:
            raise InvalidPrompt(f"{len(box_coords)} boxes cannot go with points for {len(coords)} objects.")
    mask = None if mask_input is None else _mask(model, mask_input)
    if coords is None or kinds is None:
        return StillPrompts(None, mask)
    if mask is not None and len(mask) not in (1, len(coords)):
        raise InvalidPrompt(f"{len(mask)} mask prompts cannot go with prompts for {len(coords)} objects.")
    coords = to_input(coords.to(model.device), image_size=size, input_size=model.image_size)
    return StillPrompts((coords, kinds.to(model.device)), mask)


def _points(points: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[Tensor, Tensor]:
    xy = _floats(points, "A point")
    kinds = _floats(labels, "A label")
    unknown = sorted(set(kinds.ravel().tolist()) - set(_LABELS))
    if unknown:
        raise InvalidPrompt(f"A label must be among {_LABELS}, not {unknown[0]:g}.")
    if not xy.size:
        raise InvalidPrompt(f"Points must be of at least one object and one point, not of the shape {xy.shape}.")
    if xy.ndim == 2:
        xy, kinds = xy[None], kinds[None]
    if xy.ndim != 3 or xy.shape[2] != 2 or xy.shape[:2] != kinds.shape:
        raise InvalidPrompt(f"Points {xy.shape} and labels {kinds.shape} do not belong together; give (N, 2) and (N,).")
    return torch.from_numpy(xy), torch.from_numpy(kinds.astype(np.int64))


def _mask(model: SAM2Base, mask_input: npt.ArrayLike) -> Tensor:
    logits = _floats(mask_input, "A mask prompt")
    if logits.ndim == 3:
        logits = logits[None]
    side = model.image_size // 4
    if logits.ndim != 4 or logits.shape[1:] != (1, side, side):
        raise InvalidPrompt(f"A mask prompt must be low-res logits (1, {side}, {side}), not {logits.shape}.")
    return torch.from_numpy(logits).to(model.device)


def _floats(values: npt.ArrayLike, what: str) -> npt.NDArray[np.float32]:
    try:
        array = np.array(values, dtype=np.float32)  # a copy: callers' arrays may be read-only
    except (TypeError, ValueError) as error:
        raise InvalidPrompt(f"{what} must be made of numbers: {error}.") from None
    if not np.isfinite(array).all():
        wrong = array[~np.isfinite(array)][0]
        raise InvalidPrompt(f"{what} must be made of finite numbers, not of {wrong}.")
    return array
