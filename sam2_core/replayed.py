"""The image encoder and a click's decoding, by recordings where there are any; see `graphs`."""

from torch import Tensor

from sam2_core.graphs import flags_of
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base

MOST_POINTS = 8  # of a prompt that is worth a recording


def image_features(model: SAM2Base, images: Tensor) -> ImageFeatures:
    """As `SAM2Base.forward_image`. The encoder's own recordings may run beside the others'."""

    def encode(images: Tensor) -> tuple[Tensor, ...]:
        features = model.forward_image(images)
        return features.embedding, *features.high_res

    model.image_encoder.trunk.before_block()  # a replay does not ask on its way
    embedding, s0, s1 = model.graphs.run(model, encode, (images,), ("image", flags_of(model)), lane="image")
    return ImageFeatures(embedding, (s0, s1))


def decoded(
    model: SAM2Base,
    features: ImageFeatures,
    *,
    points: tuple[Tensor, Tensor] | None,
    mask_inputs: Tensor | None,
    multimask_output: bool,
) -> tuple[Tensor, Tensor]:
    """Masks and predicted IoUs of `SAM2Base.decode` in float32; recorded for one object with up to eight points."""

    def decode(embedding: Tensor, s0: Tensor, s1: Tensor, *prompts: Tensor) -> tuple[Tensor, ...]:
        out = model.decode(
            embedding,
            (s0, s1),
            points=None if points is None else (prompts[0], prompts[1]),
            mask_inputs=None if mask_inputs is None else prompts[-1],
            multimask_output=multimask_output,
        )
        return out.masks.float(), out.ious.float()

    prompts = (*(points or ()), *(() if mask_inputs is None else (mask_inputs,)))
    inputs = features.embedding, *features.high_res, *prompts
    if points is None or len(points[1]) > 1 or points[1].shape[1] > MOST_POINTS or len(features.embedding) > 1:
        masks, ious = decode(*inputs)
    else:
        key = "click", multimask_output, mask_inputs is None, flags_of(model, model.sam_mask_decoder)
        masks, ious = model.graphs.run(model, decode, inputs, key)
    return masks, ious
