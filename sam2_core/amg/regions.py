"""Small holes and parts of masks. SAM 1 paper (arXiv 2304.02643), appendix B, postprocessing."""

import cv2
import numpy as np
import numpy.typing as npt


def without_small_regions(mask: npt.NDArray[np.bool_], area: float) -> npt.NDArray[np.bool_] | None:
    """Mask (H, W) with holes of fewer than `area` pixels filled, then without parts of fewer, but for the largest
    where all are; None when it has neither. Regions are 8-connected."""
    filled = _filled(mask, area)
    kept = _kept(mask if filled is None else filled, area)
    return filled if kept is None else kept


def _filled(mask: npt.NDArray[np.bool_], area: float) -> npt.NDArray[np.bool_] | None:
    labels, sizes = _components(~mask)
    small = sizes < area
    small[0] = False  # what is not in the components
    return (mask | small[labels]) if small.any() else None


def _kept(mask: npt.NDArray[np.bool_], area: float) -> npt.NDArray[np.bool_] | None:
    labels, sizes = _components(mask)
    wanted = sizes >= area
    wanted[0] = False
    if wanted[1:].all():
        return None
    if not wanted.any():
        wanted[1 + int(np.argmax(sizes[1:]))] = True
        if len(sizes) == 2:
            return None
    kept: npt.NDArray[np.bool_] = wanted[labels]
    return kept


def _components(mask: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Labels (H, W), 0 outside, and how many pixels each has."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask).view(np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    return labels.astype(np.int32, copy=False), stats[:, cv2.CC_STAT_AREA].astype(np.int64)
