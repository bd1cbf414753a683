"""Smoothing of mask logits, for models whose borders come in blocks."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt


def smooth(logits: npt.NDArray[Any], deviation: float) -> npt.NDArray[Any]:
    """Low-res logits (C, h, w) blurred by a Gaussian of this standard deviation in pixels; 0 leaves them alone."""
    if deviation <= 0:
        return logits
    planes = [cv2.GaussianBlur(plane.astype(np.float32), (0, 0), deviation) for plane in logits]
    return np.stack(planes).astype(logits.dtype)
