"""The automatic mask generator's masks of one crop, gathered batch after batch: on the host or on a device."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from torch import Tensor

from sam2_core.amg import run_lengths
from sam2_core.amg.crops import Crop, cut_by_crop
from sam2_core.amg.filters import Rules, above, mask_box, stability_score
from sam2_core.amg.nms import keep_best
from sam2_core.amg.on_device import Gathered
from sam2_core.ops.transforms import resize_logits

# full-size logits held at a time; a CPU gains nothing from several masks at once
_PIXELS_ON_CPU, _PIXELS = 1 << 20, 1 << 26


@dataclass(frozen=True, slots=True)
class Found:
    """A mask of a crop, by run lengths of the whole picture; box xyxy and point xy in pixels of the picture."""

    runs: list[int]
    box: list[float]
    iou: float
    point: list[float]
    stability: float
    crop: Crop


class Masks(Protocol):
    """Masks of one crop, batch after batch."""

    def add(self, low_res: Tensor, ious: Tensor, points: npt.NDArray[np.float64]) -> None:
        """Low-res logits (N, h, w), predicted IoUs (N,), points (N, 2) xy in pixels of the crop."""
        ...

    def kept(self) -> list[Found]:
        """What is stable, not cut by the crop and no duplicate, best first."""
        ...


class OnHost:
    """Masks are measured one by one and kept as run lengths."""

    def __init__(self, rules: Rules, crop: Crop, size: tuple[int, int]) -> None:
        self._rules = rules
        self._crop = crop
        self._size = size
        self._found: list[Found] = []

    def add(self, low_res: Tensor, ious: Tensor, points: npt.NDArray[np.float64]) -> None:
        """See `Masks`."""
        height, width = self._crop.size
        pixels = _PIXELS_ON_CPU if low_res.device.type == "cpu" else _PIXELS
        step = max(1, pixels // (height * width))
        for start in range(0, len(low_res), step):
            part = slice(start, start + step)
            self._found += self._at_full_size(low_res[part], ious[part].tolist(), points[part])

    def kept(self) -> list[Found]:
        """See `Masks`."""
        scores = np.array([mask.iou for mask in self._found])
        return [self._found[i] for i in keep_best(boxes(self._found), scores, self._rules.box_nms_thresh)]

    def _at_full_size(self, low_res: Tensor, ious: list[float], points: npt.NDArray[np.float64]) -> Iterator[Found]:
        rules, crop = self._rules, self._crop
        logits = resize_logits(low_res[:, None], crop.size)[:, 0]  # (N, H, W)
        stability = stability_score(logits, rules.mask_threshold, rules.stability_score_offset)
        for i, score in enumerate(stability):
            if rules.stability_score_thresh > 0 and not score >= rules.stability_score_thresh:  # drops NaN
                continue
            mask = above(logits[i], rules.mask_threshold)
            box = np.array(mask_box(mask), dtype=np.float64)
            if cut_by_crop(box[None], crop, self._size)[0]:
                continue
            runs = run_lengths.encode(_in_picture(mask, crop, self._size))
            yield _found(runs, box, ious[i], points[i], float(score), crop)


class OnDevice:
    """Masks stay on the device until duplicates are gone, see `amg.on_device`."""

    def __init__(self, rules: Rules, crop: Crop, size: tuple[int, int]) -> None:
        self._crop = crop
        self._masks = Gathered(crop, size, rules)
        self._points: list[npt.NDArray[np.float64]] = []

    def add(self, low_res: Tensor, ious: Tensor, points: npt.NDArray[np.float64]) -> None:
        """See `Masks`."""
        self._masks.add(low_res, ious)
        self._points.extend(points)

    def kept(self) -> list[Found]:
        """See `Masks`."""
        return [
            _found(mask.runs, mask.box, mask.iou, self._points[mask.index], mask.stability, self._crop)
            for mask in self._masks.kept()
        ]


def _found(
    runs: list[int],
    box: npt.NDArray[np.float64],
    iou: float,
    point: npt.NDArray[np.float64],
    stability: float,
    crop: Crop,
) -> Found:
    """A mask with its box and point in pixels of the crop."""
    corner = [crop.x0, crop.y0]
    return Found(runs, np.add(box, corner * 2).tolist(), iou, (point + corner).tolist(), stability, crop)


def _in_picture(mask: npt.NDArray[np.bool_], crop: Crop, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """A mask of a crop as one of the whole picture (height, width)."""
    if mask.shape == size:
        return mask
    whole = np.zeros(size, dtype=bool)
    whole[crop.y0 : crop.y1, crop.x0 : crop.x1] = mask
    return whole


def boxes(found: list[Found]) -> npt.NDArray[np.float64]:
    """Boxes (N, 4) of masks."""
    return np.array([mask.box for mask in found], dtype=np.float64).reshape(-1, 4)
