"""SAM2AutomaticMaskGenerator: everything in a picture, from a grid of points.

SAM 1 paper (arXiv 2304.02643), appendix B. Options, their defaults and the records are the published ones.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam2_core import stills
from sam2_core.amg import run_lengths
from sam2_core.amg.crops import Crop, crops
from sam2_core.amg.filters import Rules, mask_box
from sam2_core.amg.found import Found, Masks, OnDevice, OnHost, boxes
from sam2_core.amg.grid import layer_grids
from sam2_core.amg.nms import keep_best
from sam2_core.amg.on_device import points_at_once
from sam2_core.amg.regions import without_small_regions
from sam2_core.build_sam import build_sam2_hf
from sam2_core.devices import is_out_of_memory
from sam2_core.interrupt import interruptible
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.components import clean_up
from sam2_core.ops.smoothing import smooth
from sam2_core.ops.transforms import rgb_array
from sam2_core.stills import LOGIT_LIMIT, StillFeatures, StillPrompts
from sam2_core.transfer import to_device
from sam2_core.video.cancel import Cancel

_OUTPUT_MODES = ("binary_mask", "uncompressed_rle", "coco_rle")


class MaskRecord(TypedDict):
    """One mask as the published package returns it; boxes are x, y, width, height."""

    segmentation: Any  # bool (H, W), or a run-length dict, by output_mode
    area: int
    bbox: list[float]
    predicted_iou: float
    point_coords: list[list[float]]
    stability_score: float
    crop_box: list[int]


class SAM2AutomaticMaskGenerator:
    """Masks for every point of a grid, filtered by predicted IoU and stability, without duplicates."""

    def __init__(
        self,
        model: SAM2Base,
        points_per_side: int | None = 32,
        points_per_batch: int | None = None,
        pred_iou_thresh: float = 0.8,
        stability_score_thresh: float = 0.95,
        stability_score_offset: float = 1.0,
        mask_threshold: float = 0.0,
        box_nms_thresh: float = 0.7,
        crop_n_layers: int = 0,
        crop_nms_thresh: float = 0.7,
        crop_overlap_ratio: float = 512 / 1500,
        crop_n_points_downscale_factor: int = 1,
        point_grids: Sequence[npt.NDArray[np.float64]] | None = None,
        min_mask_region_area: int = 0,
        output_mode: str = "binary_mask",
        use_m2m: bool = False,
        multimask_output: bool = True,
        *,
        smoothing: float = 0.0,
        **kwargs: object,
    ) -> None:
        """Options as published.

        points_per_batch: None is 64, the published default, and on CUDA as many as a quarter of free memory holds.
        min_mask_region_area is in low-res pixels before the filters, as published, and in pixels of the picture at the
        end, see `amg.regions`. smoothing: standard deviation, in low-res pixels, of a blur of the logits beforehand.

        Raises:
            ValueError: not exactly one of points_per_side and point_grids, or an unknown output_mode.
        """
        if output_mode not in _OUTPUT_MODES:
            raise ValueError(f"output_mode must be one of {', '.join(_OUTPUT_MODES)}, not {output_mode!r}")
        if point_grids is not None and points_per_side is None:
            self.point_grids = list(point_grids)
        elif points_per_side is not None and point_grids is None:
            self.point_grids = layer_grids(points_per_side, crop_n_layers, crop_n_points_downscale_factor)
        else:
            raise ValueError("give exactly one of points_per_side and point_grids")
        self.model = model
        self.points_per_batch = points_per_batch
        self.on_device = model.device.type == "cuda"
        self.pred_iou_thresh = pred_iou_thresh
        self.stability_score_thresh = stability_score_thresh
        self.stability_score_offset = stability_score_offset
        self.mask_threshold = mask_threshold
        self.box_nms_thresh = box_nms_thresh
        self.crop_n_layers = crop_n_layers
        self.crop_nms_thresh = crop_nms_thresh
        self.crop_overlap_ratio = crop_overlap_ratio
        self.min_mask_region_area = min_mask_region_area
        self.output_mode = output_mode
        self.use_m2m = use_m2m
        self.multimask_output = multimask_output
        self.smoothing = smoothing

    @classmethod
    def from_pretrained(cls, model_id: str, **kwargs: Any) -> "SAM2AutomaticMaskGenerator":
        """Generator with a Hub id's or the bundled model's weights; keywords go to the builder and the constructor."""
        return cls(build_sam2_hf(model_id, **kwargs), **kwargs)

    def generate(self, image: npt.NDArray[Any]) -> list[MaskRecord]:
        """Records of all masks of a picture (H, W, 3), best first within a crop; see `ops.transforms.rgb_array`."""
        steps = self.steps(image)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                records: list[MaskRecord] = done.value
                return records

    @torch.no_grad()
    def steps(
        self, image: npt.NDArray[Any], *, features: StillFeatures | None = None, cancel: Cancel | None = None
    ) -> Generator[tuple[int, int], None, list[MaskRecord]]:
        """`generate` a batch at a time: yields (points done, points in all) after each, returns the records.

        features: those of the picture, where they are at hand. `cancel` gives up the embedding of a crop.

        Raises:
            Cancelled: `cancel` was set while a crop was embedded.
        """
        pixels = rgb_array(image)
        size = (pixels.shape[0], pixels.shape[1])
        parts = crops(size, self.crop_n_layers, self.crop_overlap_ratio)
        total, before = sum(len(self.point_grids[crop.layer]) for crop in parts), 0
        found: list[Found] = []
        for crop in parts:
            whole = features if crop.layer == 0 else None
            found += yield from self._in_crop(pixels, crop, whole, cancel, (before, total))
            before += len(self.point_grids[crop.layer])
        if len(parts) > 1:  # prefer masks of smaller crops
            scores = np.array([1.0 / (mask.crop.size[0] * mask.crop.size[1]) for mask in found])
            found = [found[i] for i in keep_best(boxes(found), scores, self.crop_nms_thresh)]
        if self.min_mask_region_area > 0:
            found = self._without_small_regions(found, size)
        return [self._record(mask, size) for mask in found]

    def _in_crop(
        self,
        pixels: npt.NDArray[Any],
        crop: Crop,
        still: StillFeatures | None,
        cancel: Cancel | None,
        progress: tuple[int, int],
    ) -> Generator[tuple[int, int], None, list[Found]]:
        """Yields the progress (points done, in all) after each batch; returns the masks of the crop, best first."""
        before, total = progress
        size = (pixels.shape[0], pixels.shape[1])
        if still is None:
            with interruptible(self.model, cancel):
                still = stills.embed(self.model, [pixels[crop.y0 : crop.y1, crop.x0 : crop.x1]])[0]
        height, width = crop.size
        points = self.point_grids[crop.layer] * [width, height]
        at_once = self._at_once()
        rules = Rules(
            self.mask_threshold, self.stability_score_offset, self.stability_score_thresh, self.box_nms_thresh
        )
        masks: Masks = OnDevice(rules, crop, size) if self.on_device else OnHost(rules, crop, size)
        done = 0
        while done < len(points):
            batch = points[done : done + at_once]
            passing = self._if_room(still, batch)
            if passing is None:
                at_once = len(batch) // 2
                continue
            masks.add(*passing)
            done += len(batch)
            yield before + done, total
        return masks.kept()

    def _without_small_regions(self, found: list[Found], size: tuple[int, int]) -> list[Found]:
        """Masks cleaned in pixels of the picture; of those that overlap now, untouched ones stay."""
        cleaned, untouched = [], []
        for mask in found:
            pixels = without_small_regions(run_lengths.decode(mask.runs, size), self.min_mask_region_area)
            untouched.append(pixels is None)
            if pixels is not None:
                box = [float(side) for side in mask_box(pixels)]
                mask = replace(mask, runs=run_lengths.encode(pixels), box=box)
            cleaned.append(mask)
        limit = max(self.box_nms_thresh, self.crop_nms_thresh)
        kept = keep_best(boxes(cleaned), np.array(untouched, dtype=np.float64), limit)
        return [cleaned[i] for i in sorted(kept)]

    def _at_once(self) -> int:
        if self.points_per_batch is not None:
            return self.points_per_batch
        if self.model.device.type != "cuda":
            return 64
        return points_at_once(self.model.device, self.model.image_size, self.model.compute_dtype.itemsize)

    def _if_room(
        self, still: StillFeatures, points: npt.NDArray[np.float64]
    ) -> tuple[Tensor, Tensor, npt.NDArray[np.float64]] | None:
        """As `_passing`; None where memory ran out and fewer points could do."""
        try:
            return self._passing(still, points)
        except (RuntimeError, MemoryError) as error:
            if len(points) == 1 or not is_out_of_memory(error):
                raise
        if self.model.device.type == "cuda":  # here the failed call's tensors are gone, since its traceback is
            torch.cuda.empty_cache()
        return None

    def _passing(
        self, still: StillFeatures, points: npt.NDArray[np.float64]
    ) -> tuple[Tensor, Tensor, npt.NDArray[np.float64]]:
        """Low-res logits (n, h, w), predicted IoUs (n,) and points (n, 2) of the masks whose IoU passes, for points
        (N, 2) xy in pixels of the crop. The host waits once for a batch.
        """
        low_res, ious = self._decode(still, points, None, self.multimask_output)
        points = points.repeat(low_res.shape[1], axis=0)
        low_res, ious = low_res.flatten(0, 1), ious.flatten()  # (N * C, h, w), (N * C,)
        if self.use_m2m:
            low_res, ious = self._refine(still, points, low_res)
        if self.pred_iou_thresh > 0:
            good = np.flatnonzero((ious > self.pred_iou_thresh).cpu().numpy())
            index = to_device(torch.from_numpy(good), low_res.device)
            low_res, ious, points = low_res.index_select(0, index), ious.index_select(0, index), points[good]
        return self._cleaned(low_res), ious, points

    def _cleaned(self, low_res: Tensor) -> Tensor:
        """Logits (N, h, w) blurred and without small regions, where that is wanted; both are done on the host."""
        area = self.min_mask_region_area
        if self.smoothing > 0:
            low_res = torch.from_numpy(smooth(low_res.float().cpu().numpy(), self.smoothing)).to(low_res.device)
        return clean_up(low_res[:, None], max_hole_area=area, max_island_area=area, threshold=0.0)[:, 0]

    def _decode(
        self,
        still: StillFeatures,
        points: npt.NDArray[np.float64],
        mask_input: Tensor | None,
        multimask_output: bool,
    ) -> tuple[Tensor, Tensor]:
        """One foreground point per object: low-res logits (N, C, h, w) and predicted IoUs (N, C)."""
        prompts = stills.prepare_prompts(
            self.model, still.size, points=points[:, None], labels=np.ones((len(points), 1))
        )
        return stills.decode(
            self.model,
            still,
            StillPrompts(prompts.points, mask_input),
            multimask_output=multimask_output,
        )

    def _refine(self, still: StillFeatures, points: npt.NDArray[np.float64], low_res: Tensor) -> tuple[Tensor, Tensor]:
        """Each mask fed back with its point: logits (N, h, w) and predicted IoUs (N,)."""
        masks, ious = [], []
        at_once = self._at_once()
        for start in range(0, len(points), at_once):
            part = slice(start, start + at_once)
            mask_input = low_res[part, None].clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
            logits, iou = self._decode(still, points[part], mask_input, False)
            masks.append(logits[:, 0])
            ious.append(iou[:, 0])
        return torch.cat(masks), torch.cat(ious)

    def _record(self, mask: Found, size: tuple[int, int]) -> MaskRecord:
        x0, y0, x1, y1 = mask.box
        return {
            "segmentation": self._segmentation(mask.runs, size),
            "area": sum(mask.runs[1::2]),
            "bbox": [x0, y0, x1 - x0, y1 - y0],
            "predicted_iou": mask.iou,
            "point_coords": [mask.point],
            "stability_score": mask.stability,
            "crop_box": mask.crop.xywh,
        }

    def _segmentation(self, runs: list[int], size: tuple[int, int]) -> object:
        if self.output_mode == "binary_mask":
            return run_lengths.decode(runs, size)
        if self.output_mode == "coco_rle":
            return {"size": list(size), "counts": run_lengths.to_string(runs)}
        return {"size": list(size), "counts": runs}
