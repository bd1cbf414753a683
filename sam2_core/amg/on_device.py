"""The automatic mask generator's masks on a GPU: measured, freed of duplicates and turned into run lengths there.

SAM 1 paper (arXiv 2304.02643), appendix B. The host waits once for the numbers of all masks of a crop and once for each
chunk of run lengths; masks at full size exist a chunk at a time, at first to be measured, and again if they stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core.amg.crops import EDGE, Crop
from sam2_core.amg.filters import Rules
from sam2_core.ops.transforms import resize_logits

CHUNK = 64  # masks at full size at a time
_PIXELS = 1 << 27  # and pixels: half a GB of logits
_ROWS = 512  # of the table of overlaps at a time
_ROUNDS = 8  # of suppression before the host looks whether it ended


@dataclass(frozen=True, slots=True)
class Kept:
    """A mask that stayed: its number in the order given, run lengths in the picture, box xyxy in pixels of the crop."""

    index: int
    runs: list[int]
    box: npt.NDArray[np.float64]
    iou: float
    stability: float


class Gathered:
    """Masks of one crop of a picture of `size` (height, width)."""

    def __init__(self, crop: Crop, size: tuple[int, int], rules: Rules) -> None:
        self._crop = crop
        self._size = size
        self._rules = rules
        self._low_res: list[Tensor] = []
        self._numbers: list[Tensor] = []

    def add(self, low_res: Tensor, ious: Tensor) -> None:
        """Masks by their low-res logits (N, h, w), with predicted IoUs (N,); the host does not wait."""
        areas = [self._measured(logits) for logits in self._at_full_size(low_res)]
        if areas:
            self._low_res.append(low_res)
            self._numbers.append(torch.cat([ious.double()[:, None], torch.cat(areas).double()], dim=1))

    def kept(self) -> list[Kept]:
        """What passes the rules and is no duplicate, best first."""
        if not self._numbers:
            return []
        numbers = torch.cat(self._numbers)  # (N, 7): IoU, inner and outer area, box
        ious, boxes = numbers[:, 0], numbers[:, 3:]
        order, stays = kept_boxes(boxes, ious, self._pass(numbers), self._rules.box_nms_thresh)
        table = torch.cat([order[:, None].double(), stays[:, None].double(), numbers[order]], dim=1).cpu().numpy()
        table = table[table[:, 1] > 0]
        index = table[:, 0].astype(np.int64)
        low_res = torch.cat(self._low_res).index_select(0, torch.from_numpy(index).to(numbers.device))
        chosen = zip(index.tolist(), self._runs(low_res), table[:, 2:], strict=True)
        return [Kept(i, runs, row[3:], float(row[0]), _ratio(row[1], row[2])) for i, runs, row in chosen]

    def _at_full_size(self, low_res: Tensor) -> Iterator[Tensor]:
        """Logits (n, H, W) of the crop's size, a chunk at a time."""
        height, width = self._size  # which run lengths need
        step = max(1, min(CHUNK, _PIXELS // (height * width)))
        for part in torch.split(low_res, step):
            if len(part):
                yield resize_logits(part[:, None], self._crop.size)[:, 0]

    def _measured(self, logits: Tensor) -> Tensor:
        """(n, 6): area above threshold + offset, above threshold - offset, first and last pixel in both directions."""
        threshold, offset = self._rules.mask_threshold, self._rules.stability_score_offset
        inner, outer = ((logits > threshold + way).sum((1, 2)) for way in (offset, -offset))
        mask = logits > threshold
        ends = []
        for side in (1, 2):  # columns, then rows
            hit = mask.any(dim=side).int()  # (n, length)
            some = hit.amax(dim=1)
            ends.append((hit.argmax(dim=1), (hit.shape[1] - 1 - hit.flip(1).argmax(dim=1)) * some))
        (x0, x1), (y0, y1) = ends
        return torch.stack([inner, outer, x0, y0, x1, y1], dim=1)

    def _pass(self, numbers: Tensor) -> Tensor:
        """Which masks are stable and not cut by the crop, bool (N,)."""
        crop, (height, width) = self._crop, self._size
        boxes = numbers[:, 3:]
        limits = [(crop.x0, 0), (crop.y0, 0), (crop.x1, width), (crop.y1, height)]
        cut = torch.zeros(len(numbers), dtype=torch.bool, device=numbers.device)
        for side, (of_crop, of_picture) in enumerate(limits):
            place = boxes[:, side] + (crop.x0, crop.y0)[side % 2]
            cut |= ((place - of_crop).abs() <= EDGE) & ((place - of_picture).abs() > EDGE)
        least = self._rules.stability_score_thresh
        return ~cut & (numbers[:, 1] / numbers[:, 2] >= least) if least > 0 else ~cut  # drops 0 / 0

    def _runs(self, low_res: Tensor) -> Iterator[list[int]]:
        """Run lengths of each mask in the picture, see `run_lengths`."""
        crop, (height, width) = self._crop, self._size
        for logits in self._at_full_size(low_res):
            mask = logits > self._rules.mask_threshold
            if crop.size != self._size:
                whole = mask.new_zeros(len(mask), height, width)
                whole[:, crop.y0 : crop.y1, crop.x0 : crop.x1] = mask
                mask = whole
            columns = mask.transpose(1, 2).flatten(1)
            changed = torch.nonzero(columns[:, 1:] != columns[:, :-1])  # (K, 2)
            firsts = torch.stack([torch.arange(len(mask), device=mask.device), columns[:, 0].long()], dim=1)
            host = torch.cat([firsts, changed]).int().cpu().numpy()
            starts, changes = host[: len(mask), 1], host[len(mask) :]
            ends = np.searchsorted(changes[:, 0], np.arange(len(mask) + 1))
            for i, start in enumerate(starts):
                places = changes[ends[i] : ends[i + 1], 1].astype(np.int64) + 1
                runs: list[int] = np.diff(places, prepend=0, append=height * width).tolist()
                yield [0, *runs] if start else runs


def kept_boxes(boxes: Tensor, scores: Tensor, wanted: Tensor, iou_threshold: float) -> tuple[Tensor, Tensor]:
    """As `nms.keep_best` among the `wanted` (N,): the order by falling score (N,), and in it which stay, bool (N,).

    A box stays if no better one that stays overlaps it more. That is found in rounds over all boxes: after n rounds it
    is right for chains of n boxes that rule each other out, and it has ended when a round changes nothing.
    """
    order = torch.sort(scores, descending=True, stable=True).indices
    boxes, wanted = boxes[order].double(), wanted[order]
    rules_out = torch.cat([_overlap_more(rows, boxes, iou_threshold) for rows in torch.split(boxes, _ROWS)])
    rules_out = rules_out.triu(1)  # (N, N), only worse ones
    stays = wanted
    while True:
        for _ in range(_ROUNDS):
            before, stays = stays, wanted & ~(rules_out & stays[:, None]).any(dim=0)
        if torch.equal(before, stays):
            return order, stays


def _overlap_more(rows: Tensor, boxes: Tensor, iou_threshold: float) -> Tensor:
    """(n, 4) and (N, 4) xyxy -> bool (n, N): whether their IoU is above the threshold."""
    low, high = torch.maximum(rows[:, None, :2], boxes[:, :2]), torch.minimum(rows[:, None, 2:], boxes[:, 2:])
    shared = (high - low).clamp(min=0).prod(dim=2)
    own, other = ((b[:, 2:] - b[:, :2]).prod(dim=1) for b in (rows, boxes))
    return shared > iou_threshold * (own[:, None] + other - shared)


def _ratio(inner: float, outer: float) -> float:
    return float(inner / outer) if outer > 0 else float("nan")


def points_at_once(device: torch.device, image_size: int, itemsize: int) -> int:
    """Points decoded together on a CUDA device: 64 to 1,024, in a quarter of what is free."""
    free, _ = torch.cuda.mem_get_info(device)
    free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    each = _BYTES_A_POINT * (image_size / 1024) ** 2 * itemsize / 2
    return 1 << min(10, max(6, int(free / 4 / each).bit_length() - 1))


_BYTES_A_POINT = 48 << 20  # at 1024 in half precision; others report 28 to 48 GB for 1,024 points
