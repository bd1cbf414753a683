"""SAM2ImagePredictor with the published methods, signatures and result shapes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from sam2_core import stills
from sam2_core.build_sam import build_sam2_hf
from sam2_core.errors import EngineError
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.components import clean_up
from sam2_core.ops.transforms import resize_logits
from sam2_core.stills import LOGIT_LIMIT, StillFeatures, StillPrompts

Floats = npt.NDArray[np.float32]
Prediction = tuple[Floats, Floats, Floats]


class SAM2ImagePredictor:
    """Segments a picture, or a batch of pictures, from points, boxes and masks.

    It computes in the model's precision, or in that of a caller's autocast. max_hole_area and max_sprinkle_area are in
    low-res pixels; 0 switches the clean-up off.
    """

    def __init__(
        self,
        sam_model: SAM2Base,
        mask_threshold: float = 0.0,
        max_hole_area: float = 0.0,
        max_sprinkle_area: float = 0.0,
        **kwargs: object,
    ) -> None:
        self.model = sam_model
        self.mask_threshold = mask_threshold
        self.max_hole_area = max_hole_area
        self.max_sprinkle_area = max_sprinkle_area
        self._stills: list[StillFeatures] = []
        self._is_batch = False

    @classmethod
    def from_pretrained(cls, model_id: str, **kwargs: Any) -> "SAM2ImagePredictor":
        """Predictor with a Hub id's or the bundled model's weights; keywords go to the builder and the constructor.

        Raises:
            ModelNotAvailable: the model is neither on this machine nor to be had from the network.
        """
        return cls(build_sam2_hf(model_id, **kwargs), **kwargs)

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return self.model.device

    def set_image(self, image: stills.Picture) -> None:
        """Embed a picture: (H, W, 3) RGB array, uint8 or float in 0..1, or a PIL image; EXIF orientation is ignored.

        Raises:
            NotImplementedError: neither an array nor a PIL image. InvalidPrompt: an array that is no picture.
        """
        self.reset_predictor()
        if not isinstance(image, (np.ndarray, Image.Image)):
            raise NotImplementedError(f"a picture must be a NumPy array or a PIL image, not {type(image).__name__}")
        self._stills = stills.embed(self.model, [image])

    def set_image_batch(self, image_list: Sequence[npt.NDArray[Any]]) -> None:
        """Embed several (H, W, 3) RGB arrays, which may differ in size, for `predict_batch`."""
        self.reset_predictor()
        assert isinstance(image_list, list), "set_image_batch takes a list of arrays"
        assert all(isinstance(image, np.ndarray) for image in image_list), "every picture must be a NumPy array"
        self._stills = stills.embed(self.model, image_list)
        self._is_batch = True

    def predict(
        self,
        point_coords: npt.ArrayLike | None = None,
        point_labels: npt.ArrayLike | None = None,
        box: npt.ArrayLike | None = None,
        mask_input: npt.ArrayLike | None = None,
        multimask_output: bool = True,
        return_logits: bool = False,
        normalize_coords: bool = True,
    ) -> Prediction:
        """Masks of the picture set.

        point_coords (N, 2) or (B, N, 2) xy with point_labels (N,) or (B, N), 1 foreground, 0 background; box (4,) or
        (B, 4) xyxy; mask_input (1, S/4, S/4) or (B, 1, S/4, S/4) logits. Coordinates are pixels of the picture, or 0..1
        when normalize_coords is False.

        Returns: masks (C, H, W) float32 0/1, or logits with return_logits; predicted IoUs (C,); low-res logits
        (C, S/4, S/4) within +-32. C is 3 or 1. For B > 1 objects all have a leading B.

        Raises:
            RuntimeError: no picture is set. AssertionError: points without labels. InvalidPrompt: prompts that do not
            fit together.
        """
        still = self._still(0)
        prompts = self._prompts(still, point_coords, point_labels, box, mask_input, normalize_coords)
        masks, ious, low_res = self.predict_torch(still, prompts, multimask_output, return_logits=return_logits)
        return _numpy(masks.float()), _numpy(ious), _numpy(low_res)

    def predict_batch(
        self,
        point_coords_batch: Sequence[npt.ArrayLike | None] | None = None,
        point_labels_batch: Sequence[npt.ArrayLike | None] | None = None,
        box_batch: Sequence[npt.ArrayLike | None] | None = None,
        mask_input_batch: Sequence[npt.ArrayLike | None] | None = None,
        multimask_output: bool = True,
        return_logits: bool = False,
        normalize_coords: bool = True,
    ) -> tuple[list[Floats], list[Floats], list[Floats]]:
        """`predict` for every picture of `set_image_batch`; prompts are lists with an entry per picture.

        Returns: lists of masks, predicted IoUs and low-res logits.

        Raises:
            RuntimeError: `set_image_batch` was not called. InvalidPrompt: as `predict`.
        """
        if not self._is_batch:
            raise EngineError("Call set_image_batch before predict_batch.")
        count = len(self._stills)
        lists = (point_coords_batch, point_labels_batch, box_batch, mask_input_batch)
        per_image = zip(*([None] * count if entries is None else entries for entries in lists), strict=True)
        pictures = [
            (still, self._prompts(still, coords, labels, box, mask_input, normalize_coords))
            for still, (coords, labels, box, mask_input) in zip(self._stills, per_image, strict=True)
        ]
        decoded = stills.decode_batch(self.model, pictures, multimask_output=multimask_output)
        masks, ious, low_res = [], [], []
        for still, (logits, scores) in zip(self._stills, decoded, strict=True):
            result = self._finished(still, logits, scores, return_logits=return_logits)
            masks.append(_numpy(result[0].float()))
            ious.append(_numpy(result[1]))
            low_res.append(_numpy(result[2]))
        return masks, ious, low_res

    def predict_torch(
        self, still: StillFeatures, prompts: StillPrompts, multimask_output: bool, *, return_logits: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Masks (B, C, H, W) bool or logits, predicted IoUs (B, C), clamped low-res logits (B, C, S/4, S/4)."""
        low_res, ious = stills.decode(self.model, still, prompts, multimask_output=multimask_output)
        return self._finished(still, low_res, ious, return_logits=return_logits)

    def _finished(
        self, still: StillFeatures, low_res: Tensor, ious: Tensor, *, return_logits: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        cleaned = clean_up(
            low_res,
            max_hole_area=self.max_hole_area,
            max_island_area=self.max_sprinkle_area,
            threshold=self.mask_threshold,
        )
        masks = resize_logits(cleaned, still.size)
        if not return_logits:
            masks = masks > self.mask_threshold
        return masks, ious, low_res.clamp(-LOGIT_LIMIT, LOGIT_LIMIT)

    def get_image_embedding(self) -> Tensor:
        """Embedding of the picture set, (1, 256, S/16, S/16), `no_mem_embed` added.

        Raises:
            RuntimeError: no picture is set.
        """
        return self._still(0).features.embedding.clone()

    def reset_predictor(self) -> None:
        """Forget the picture."""
        self._stills = []
        self._is_batch = False

    @property
    def still(self) -> StillFeatures:
        """The embedded picture, for `predict_torch`."""
        return self._still(0)

    def _still(self, index: int) -> StillFeatures:
        if not self._stills:
            raise EngineError("No picture is set; call set_image first.")
        return self._stills[index]

    def _prompts(
        self,
        still: StillFeatures,
        coords: npt.ArrayLike | None,
        labels: npt.ArrayLike | None,
        box: npt.ArrayLike | None,
        mask_input: npt.ArrayLike | None,
        normalize_coords: bool,
    ) -> StillPrompts:
        assert coords is None or labels is not None, "point_labels must be given with point_coords"
        size = still.size if normalize_coords else None
        return stills.prepare_prompts(self.model, size, points=coords, labels=labels, boxes=box, mask_input=mask_input)


def _numpy(x: Tensor) -> Floats:
    """Without the leading dimension when it is 1."""
    array: Floats = x.squeeze(0).detach().cpu().numpy()
    return array
