"""Prompts as a caller gives them, checked before anything is computed or changed."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core.errors import InvalidPrompt
from sam2_core.video.state import PointPrompts, VideoState

LABELS = (-1, 0, 1, 2, 3)  # padding, background, foreground, box corners
Values = npt.ArrayLike | Tensor


def check_frame(state: VideoState, frame: int) -> None:
    """Raise InvalidPrompt unless the clip has the frame."""
    if not 0 <= frame < state.num_frames:
        raise InvalidPrompt(f"there is no frame {frame}; the clip has frames 0 to {state.num_frames - 1}")


def point_prompts(points: Values | None, labels: Values | None, box: Values | None = None) -> PointPrompts:
    """Checked prompts of one object: points (N, 2) or (1, N, 2), labels (N,) or (1, N), one box of 4 values.

    A box becomes its two corners, labels 2 and 3, before the points.

    Raises:
        InvalidPrompt: nothing given, other shapes, coordinates that are not finite, unknown labels, more than one box,
            a box whose corners are exchanged.
    """
    coords, marks = _points(points), _tensor(() if labels is None else labels, torch.int32).reshape(-1)
    if len(coords) != len(marks):
        raise InvalidPrompt(f"there must be one label per point, not {len(marks)} for {len(coords)} points")
    if not set(marks.tolist()) <= set(LABELS):
        raise InvalidPrompt(f"labels must be among {LABELS}, not {sorted(set(marks.tolist()))}")
    if box is not None:
        coords = torch.cat([_corners(box), coords])
        marks = torch.cat([torch.tensor([2, 3], dtype=torch.int32), marks])
    if not len(marks):
        raise InvalidPrompt("give at least one point or a box")
    if not torch.isfinite(coords).all():
        raise InvalidPrompt("coordinates must be finite numbers")
    return PointPrompts(coords, marks)


def scale_points(prompts: PointPrompts, size: tuple[int, int] | None, image_size: int) -> PointPrompts:
    """Prompts in model pixels, from pixels of a clip of `size` (height, width), or from 0..1 where size is None."""
    height, width = size or (1, 1)
    return replace(prompts, coords=prompts.coords / torch.tensor([width, height], dtype=torch.float32) * image_size)


def _points(points: Values | None) -> Tensor:
    """(N, 2)"""
    coords = _tensor(() if points is None else points, torch.float32)
    if not coords.numel():
        return torch.zeros(0, 2)
    shape = tuple(coords.shape)
    if len(shape) == 3 and shape[0] == 1:
        coords = coords[0]
    if coords.ndim != 2 or coords.shape[1] != 2:
        raise InvalidPrompt(f"points must have the shape (N, 2), not {shape}")
    return coords


def _corners(box: Values) -> Tensor:
    """(2, 2)"""
    corners = _tensor(box, torch.float32).reshape(-1)
    if len(corners) != 4:
        raise InvalidPrompt("a box is four numbers x0, y0, x1, y1, and there can only be one")
    x0, y0, x1, y1 = corners.tolist()
    if not (x0 <= x1 and y0 <= y1):
        raise InvalidPrompt(f"the box {[x0, y0, x1, y1]} must have x0 <= x1 and y0 <= y1")
    return corners.reshape(2, 2)


def _tensor(values: Values, dtype: torch.dtype) -> Tensor:
    try:
        tensor = values.detach().cpu() if isinstance(values, Tensor) else torch.from_numpy(np.array(values))
        return tensor.to(dtype)
    except (TypeError, ValueError) as error:
        raise InvalidPrompt(f"a prompt must be made of numbers: {error}") from None
