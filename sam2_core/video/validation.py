"""Prompts as a caller gives them, checked before anything is computed or changed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core.errors import InvalidPrompt
from sam2_core.video.state import PointPrompts, VideoState

CLICKS = (0, 1)  # background, foreground
LABELS = (-1, 0, 1, 2, 3)  # what the published methods take too: padding and the corners of a box
Values = npt.ArrayLike | Tensor


def check_frame(state: VideoState, frame: int) -> None:
    """Raise InvalidPrompt unless the clip has the frame."""
    if isinstance(frame, bool) or not isinstance(frame, int | np.integer):
        raise InvalidPrompt(f"a frame is named by its number, not by {frame!r}")
    if not state.num_frames:
        raise InvalidPrompt(f"there is no frame {frame}; the clip has none yet")
    if not 0 <= frame < state.num_frames:
        raise InvalidPrompt(f"there is no frame {frame}; the clip has frames 0 to {state.num_frames - 1}")


def point_prompts(
    frame: int,
    points: Values | None,
    labels: Values | None,
    box: Values | None = None,
    *,
    allowed: Sequence[int] = LABELS,
) -> PointPrompts:
    """Checked prompts of one object: points (N, 2) or (1, N, 2), labels (N,) or (1, N) among `allowed`, one box of 4
    values. A box becomes its two corners, labels 2 and 3, before the points.

    Raises:
        InvalidPrompt: nothing given, other shapes, numbers that are not finite, unknown labels, more than one box, or
            one whose corners are exchanged; it names the argument, the value and the frame.
    """
    try:
        coords, marks = _points(points), _labels(labels, allowed)
        if len(coords) != len(marks):
            raise InvalidPrompt(f"there must be one label per point, not {len(marks)} for {len(coords)} points")
        if box is not None:
            coords = torch.cat([_corners(box), coords])
            marks = torch.cat([torch.tensor([2, 3], dtype=torch.int32), marks])
        if not len(marks):
            raise InvalidPrompt("give at least one point or a box")
    except InvalidPrompt as error:
        raise InvalidPrompt(f"frame {frame}: {error}") from None
    return PointPrompts(coords, marks)


def mask_prompt(frame: int, mask: Values) -> npt.NDArray[np.bool_]:
    """A checked mask, bool (H, W): what is above 0.

    Raises:
        InvalidPrompt: it is not two-dimensional, has no pixels or is not made of numbers.
    """
    plane = mask.detach().cpu().numpy() if isinstance(mask, Tensor) else np.asarray(mask)
    if plane.ndim != 2 or not plane.size:
        raise InvalidPrompt(
            f"frame {frame}: mask must have two dimensions (height, width), not the shape {tuple(plane.shape)}"
        )
    if plane.dtype.kind not in "buif":
        raise InvalidPrompt(f"frame {frame}: mask must be made of numbers, not of {plane.dtype}")
    result: npt.NDArray[np.bool_] = plane > 0
    return result


def scale_points(prompts: PointPrompts, size: tuple[int, int] | None, image_size: int) -> PointPrompts:
    """Prompts in model pixels, from pixels of a clip of `size` (height, width), or from 0..1 where size is None."""
    height, width = size or (1, 1)
    return replace(prompts, coords=prompts.coords / torch.tensor([width, height], dtype=torch.float32) * image_size)


def _points(points: Values | None) -> Tensor:
    """(N, 2)"""
    coords = _tensor(() if points is None else points, torch.float32, "points")
    if not coords.numel():
        return torch.zeros(0, 2)
    shape = tuple(coords.shape)
    if len(shape) == 3 and shape[0] == 1:
        coords = coords[0]
    if coords.ndim != 2 or coords.shape[1] != 2:
        raise InvalidPrompt(f"points must have the shape (N, 2), not {shape}")
    for place, point in enumerate(coords):
        if not torch.isfinite(point).all():
            raise InvalidPrompt(f"points must be finite numbers; point {place} is {point.tolist()}")
    return coords


def _labels(labels: Values | None, allowed: Sequence[int]) -> Tensor:
    """(N,)"""
    marks = _tensor(() if labels is None else labels, torch.float64, "labels").reshape(-1)
    unknown = sorted(set(marks.tolist()) - set(allowed))
    if unknown:
        raise InvalidPrompt(f"labels must be among {tuple(allowed)}, not {unknown[0]:g}")
    return marks.to(torch.int32)


def _corners(box: Values) -> Tensor:
    """(2, 2)"""
    corners = _tensor(box, torch.float32, "box").reshape(-1)
    if len(corners) != 4:
        raise InvalidPrompt("a box is four numbers x0, y0, x1, y1, and there can only be one")
    x0, y0, x1, y1 = corners.tolist()
    if not torch.isfinite(corners).all():
        raise InvalidPrompt(f"box must be made of finite numbers, not {[x0, y0, x1, y1]}")
    if not (x0 <= x1 and y0 <= y1):
        raise InvalidPrompt(f"box {[x0, y0, x1, y1]} must have x0 <= x1 and y0 <= y1")
    return corners.reshape(2, 2)


def _tensor(values: Values, dtype: torch.dtype, name: str) -> Tensor:
    try:
        tensor = values.detach().cpu() if isinstance(values, Tensor) else torch.from_numpy(np.array(values))
        return tensor.to(dtype)
    except (TypeError, ValueError) as error:
        raise InvalidPrompt(f"{name} must be made of numbers: {error}") from None
