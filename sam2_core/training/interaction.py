"""A simulated person: a first click or box on an object, then clicks where the mask is wrong.

SAM 1 paper (arXiv 2304.02643), appendix A, training algorithm; SAM 2 paper (arXiv 2408.00714), section 5. Masks are
(N, h, w) on any grid; coordinates are pixels of the model's square input.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from sam2_core.modeling.prompt_encoder import BACKGROUND, BOX_BOTTOM_RIGHT, BOX_TOP_LEFT, FOREGROUND, PADDING

_STEPS_INWARD = 12  # cells from the border at which a place counts as deep
_BOX_NOISE, _BOX_NOISE_LIMIT = 0.1, 20.0  # standard deviation as a share of the side, and its limit in pixels


@dataclass(frozen=True, slots=True)
class Prompts:
    """Points of N objects: coords (N, P, 2) xy and labels (N, P), as the prompt encoder takes them."""

    coords: Tensor
    labels: Tensor

    def followed_by(self, other: "Prompts") -> "Prompts":
        """These points and then others."""
        return Prompts(torch.cat([self.coords, other.coords], dim=1), torch.cat([self.labels, other.labels], dim=1))


def first_clicks(masks: Tensor, image_size: int, generator: torch.Generator, *, central: float) -> Prompts:
    """A click on each object: near its middle with probability `central`, else anywhere on it."""
    coords = _pick(masks, image_size, generator, central)
    return Prompts(coords[:, None], torch.full((len(masks), 1), FOREGROUND, dtype=torch.int32, device=masks.device))


def first_boxes(masks: Tensor, image_size: int, generator: torch.Generator, *, noisy: float) -> Prompts:
    """The box of each object, its corners moved a little with probability `noisy`."""
    boxes = boxes_of(masks) * (image_size / masks.shape[-1])
    sides = (boxes[:, 2:] - boxes[:, :2]).repeat(1, 2)
    deviation = (_BOX_NOISE * sides).clamp(max=_BOX_NOISE_LIMIT)
    shift = torch.randn(boxes.shape, generator=generator, device=masks.device) * deviation
    moved = torch.rand(len(boxes), 1, generator=generator, device=masks.device) < noisy
    boxes = (boxes + torch.where(moved, shift.clamp(-_BOX_NOISE_LIMIT, _BOX_NOISE_LIMIT), 0)).clamp(0, image_size)
    kinds = torch.tensor([BOX_TOP_LEFT, BOX_BOTTOM_RIGHT], dtype=torch.int32, device=masks.device)
    return Prompts(boxes.reshape(-1, 2, 2) - 0.5, kinds.expand(len(boxes), 2))


def corrections(found: Tensor, true: Tensor, image_size: int, generator: torch.Generator, *, central: float) -> Prompts:
    """A click on what each found mask misses or has too much; a padding point where there is no error."""
    missed, wrong = true & ~found, found & ~true
    error = missed | wrong
    coords = _pick(error, image_size, generator, central)
    at = _cells(coords, image_size, found.shape[-1])
    rows = torch.arange(len(found), device=found.device)
    positive = missed[rows, at[:, 1], at[:, 0]]
    labels = torch.where(positive, FOREGROUND, BACKGROUND)
    labels = torch.where(error.flatten(1).any(1), labels, PADDING).to(torch.int32)
    return Prompts(coords[:, None], labels[:, None])


def boxes_of(masks: Tensor) -> Tensor:
    """Boxes (N, 4) xyxy of masks (N, h, w) in cells, right and bottom exclusive; an empty mask gives zeros."""
    columns, rows = masks.any(1), masks.any(2)
    count_x = torch.arange(masks.shape[2], device=masks.device)
    count_y = torch.arange(masks.shape[1], device=masks.device)

    def ends(present: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        first = torch.where(present, place, len(place)).amin(1)
        last = torch.where(present, place + 1, 0).amax(1)
        return torch.minimum(first, last), last

    left, right = ends(columns, count_x)
    top, bottom = ends(rows, count_y)
    return torch.stack([left, top, right, bottom], dim=1).float()


def _pick(region: Tensor, image_size: int, generator: torch.Generator, central: float) -> Tensor:
    """A place (N, 2) in each region (N, h, w) bool; anywhere in the picture where the region is empty."""
    noise = torch.rand(region.shape, generator=generator, device=region.device)
    deep = torch.rand(len(region), generator=generator, device=region.device) < central
    weight = torch.where(deep[:, None, None], depth(region), region.float())
    best = (weight * (1 + noise)).flatten(1).argmax(1)
    width = region.shape[-1]
    cells = torch.stack([best % width, torch.div(best, width, rounding_mode="floor")], dim=1).float()
    return (cells + 0.5) * (image_size / width) - 0.5


def depth(region: Tensor) -> Tensor:
    """How far inside each cell of regions (N, h, w) lies, in cells up to a limit; the picture's edge is outside.

    Beyond the first cell it is taken on a grid half as fine, which costs an eighth.
    """
    inner = region.float()[:, None]
    coarse = 1 - F.max_pool2d(1 - inner, kernel_size=2, stride=2, ceil_mode=True)
    total = coarse
    for _ in range(_STEPS_INWARD // 2 - 1):
        coarse = 1 - F.max_pool2d(F.pad(1 - coarse, (1, 1, 1, 1), value=1.0), kernel_size=3, stride=1)
        total = total + coarse
    return (inner + 2 * F.interpolate(total, size=region.shape[1:], mode="nearest"))[:, 0]


def _cells(coords: Tensor, image_size: int, width: int) -> Tensor:
    return ((coords + 0.5) * (width / image_size)).long()
