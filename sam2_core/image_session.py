"""Still pictures for an application: embeddings kept in a bounded cache, predictions by key, from any thread."""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from sam2_core import stills
from sam2_core.automatic_mask_generator import MaskRecord, SAM2AutomaticMaskGenerator
from sam2_core.caches import ByteLRU
from sam2_core.devices import with_spare_memory
from sam2_core.errors import InvalidPrompt
from sam2_core.interrupt import interruptible
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.smoothing import smooth
from sam2_core.ops.transforms import mask_logits, resize_logits
from sam2_core.stills import LOGIT_LIMIT, StillFeatures
from sam2_core.transfer import to_host
from sam2_core.video.cancel import Cancel

CACHE_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class ImagePrediction:
    """Candidates for one object: low-res logits (C, h, w) float32 and predicted IoUs (C,) float32; C is 3 or 1."""

    low_res: npt.NDArray[np.float32]
    ious: npt.NDArray[np.float32]


class ImageSession:
    """Embeddings of pictures under the caller's keys; the longest unused go first. One call at a time."""

    def __init__(self, model: SAM2Base, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.model = model
        self._lock = threading.RLock()
        self._stills: ByteLRU[str, StillFeatures] = ByteLRU(cache_bytes, lambda still: still.bytes)

    @property
    def low_res_size(self) -> int:
        """Side of low-res logits, and so of mask prompts."""
        return self.model.image_size // 4

    @property
    def bytes(self) -> int:
        """Memory the embeddings take."""
        return self._stills.bytes

    def limit(self, cache_bytes: int) -> None:
        """Keep embeddings within this many bytes from now on."""
        with self._lock:
            self._stills.shrink(cache_bytes)

    def embed(self, key: str, image_fn: Callable[[], npt.NDArray[Any]], *, cancel: Cancel | None = None) -> None:
        """Embed the picture that `image_fn` gives, unless the key is embedded; see `ops.transforms.rgb_array`.

        Raises:
            InvalidPrompt: it is no picture. OutOfMemory: also without the other embeddings.
            Cancelled: `cancel` was set; it is looked at before every block of the image encoder.
        """
        with self._lock:
            if self._stills.get(key) is None:
                image = image_fn()
                with interruptible(self.model, cancel):
                    still = with_spare_memory(
                        self.model.device,
                        lambda: stills.embed(self.model, [image])[0],
                        self._free,
                    )
                self._stills.put(key, still)

    def features(self, key: str) -> dict[str, npt.NDArray[np.float16]]:
        """A copy of an embedding, to be kept elsewhere: half precision, named as `feature_shapes` names them.

        Raises:
            InvalidPrompt: the key is not embedded.
        """
        with self._lock:
            still = self._still(key)
            tensors = (still.features.embedding, *still.features.high_res)
            halves = (t.to(torch.float16).cpu().numpy() for t in tensors)
            return dict(zip(self.feature_shapes, halves, strict=True))

    @property
    def feature_shapes(self) -> dict[str, tuple[int, ...]]:
        """The arrays of an embedding and their shapes."""
        side, width = self.model.image_size, self.model.config.neck.d_model
        return {
            "embedding": (1, width, side // 16, side // 16),
            "high_res_0": (1, width // 8, side // 4, side // 4),
            "high_res_1": (1, width // 4, side // 8, side // 8),
        }

    def adopt(self, key: str, features: dict[str, npt.NDArray[np.float16]], size: tuple[int, int]) -> None:
        """Take an embedding that `features` gave for a picture of `size` (height, width) with this model.

        Raises:
            InvalidPrompt: the arrays are not what this model makes.
        """
        shapes = {name: (array.shape, array.dtype) for name, array in features.items()}
        if shapes != {name: (shape, np.dtype(np.float16)) for name, shape in self.feature_shapes.items()}:
            raise InvalidPrompt(f"The stored features do not fit the model: {shapes}.")
        if not all(np.isfinite(array).all() for array in features.values()):
            raise InvalidPrompt("The stored features are damaged: they hold numbers that are not finite.")
        device = self.model.device
        tensors = {name: _channels_last(torch.from_numpy(array)).to(device) for name, array in features.items()}
        embedding = ImageFeatures(tensors["embedding"], (tensors["high_res_0"], tensors["high_res_1"]))
        with self._lock:
            self._stills.put(key, StillFeatures(embedding, size))

    def mask_prompt(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        """Low-res logits (h, w) that hand a mask, bool (H, W) of the picture's size, to `predict`."""
        return mask_logits(torch.from_numpy(mask)[None, None], self.model.image_size)[0, 0].numpy()

    def has(self, key: str) -> bool:
        """True while the embedding is at hand."""
        with self._lock:
            return key in self._stills

    def predict(
        self,
        key: str,
        *,
        points: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        box: npt.ArrayLike | None = None,
        mask_input: npt.ArrayLike | None = None,
        multimask: bool,
    ) -> ImagePrediction:
        """Candidates for the prompts of one object on an embedded picture.

        points (N, 2) xy in pixels of the picture with labels (N,), 1 positive, 0 negative; box (4,) xyxy; mask_input
        low-res logits (h, w) or (1, h, w), as in a prediction.

        Raises:
            InvalidPrompt: the key is not embedded, or the prompts do not fit together. OutOfMemory: no room.
        """
        with self._lock:
            still = self._still(key)
            if (points is None) != (labels is None):
                raise InvalidPrompt("Points and labels belong together; give both or neither.")
            if mask_input is not None:
                logits = np.clip(np.asarray(mask_input, dtype=np.float32), -LOGIT_LIMIT, LOGIT_LIMIT)
                mask_input = logits[None] if logits.ndim == 2 else logits
            prompts = stills.prepare_prompts(
                self.model, still.size, points=points, labels=labels, boxes=box, mask_input=mask_input
            )
            low_res, ious = with_spare_memory(
                self.model.device,
                lambda: stills.decode(self.model, still, prompts, multimask_output=multimask),
                self._free,
            )
            masks, scores = to_host(low_res, ious)
            return ImagePrediction(masks[0].numpy(), scores[0].numpy())

    def masks(self, prediction: ImagePrediction, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
        """Masks of a prediction at (height, width): bool (C, height, width)."""
        logits = torch.from_numpy(smooth(prediction.low_res, self.model.config.mask_smoothing))[None]
        masks: npt.NDArray[np.bool_] = (resize_logits(logits, size)[0] > 0).numpy()
        return masks

    def everything(
        self, key: str | None, image: npt.NDArray[Any], *, cancel: Cancel | None = None, **options: Any
    ) -> Generator[tuple[int, int], None, list[MaskRecord]]:
        """Masks of everything in a picture, a batch of points at a time, as `SAM2AutomaticMaskGenerator.steps`.

        key: that of the picture's embedding, None to make one that is not kept. options: the generator's, those of its
        filters by default the model's own; masks come as uncompressed run lengths, smoothed as predictions are.

        Raises:
            InvalidPrompt: the key is not embedded. ValueError: an option.
        """
        config = self.model.config
        filters = {
            "pred_iou_thresh": config.everything_pred_iou,
            "stability_score_thresh": config.everything_stability,
            "stability_score_offset": config.everything_stability_offset,
        }
        generator = SAM2AutomaticMaskGenerator(
            self.model,
            output_mode="uncompressed_rle",
            smoothing=config.mask_smoothing,
            **(filters | options),
        )
        with self._lock:
            features = None if key is None else self._still(key)
        return generator.steps(image, features=features, cancel=cancel)

    def forget(self, key: str) -> None:
        """Drop one embedding."""
        with self._lock:
            self._stills.discard(key)

    def _free(self) -> None:
        """Forget what can be made again."""
        self._stills.clear()
        self.model.graphs.clear()

    def _still(self, key: str) -> StillFeatures:
        still = self._stills.get(key)
        if still is None:
            raise InvalidPrompt(f"The picture {key!r} is not embedded; embed it first.")
        return still


def _channels_last(array: torch.Tensor) -> torch.Tensor:
    """Features as the encoder leaves them on a CPU, where the decoder reads them token by token; in float32."""
    return array.to(torch.float32, memory_format=torch.channels_last)
