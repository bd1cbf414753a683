"""Synthetic weights for SAM 2 and SAM 2.1: a function of a parameter's name and shape alone.

How one tensor is made
  1. raw 64-bit words from NumPy's PCG64 bit generator, seeded with crc32(key) + SALT; the bit stream of PCG64 is frozen
     by NumPy, unlike the distributions built on it;
  2. u = (word >> 11) * 2**-53, a float64 in [0, 1);
  3. v = (2u - 1) * sqrt(3): mean 0, variance 1, uniform;
  4. tensor = (offset + std * v) rounded to float32, in C order.
No transcendental function is involved, so the result is the same to the bit on every platform.

`offset` and `std` come from RULES (the first match wins). The rules keep activations near unit scale and make the masks
depend on where the click is: in the mask decoder's attention the key projection reuses the random stream of the query
projection (ALIAS), which turns random Fourier features into a locality kernel. The weights segment nothing.
"""

import math
import re
import zlib

import numpy as np
import torch

SALT = 4

# (regex on the key, rule)
#   ("const", offset, std)  tensor = offset + std * v
#   ("fan", gain)           tensor = gain / sqrt(prod(shape[1:])) * v
#   ("up", gain, mix)       transposed convolution (in, out, k, k): all k * k taps share tap (0, 0) of v,
#                           tensor = gain / sqrt(shape[0]) * (v[:, :, :1, :1] + mix * v)
RULES = [
    (r"positional_encoding_gaussian_matrix$", ("const", 0.0, 1.0)),
    (r"pos_embed(_window)?$", ("const", 0.0, 0.3)),
    (r"^maskmem_tpos_enc$", ("const", 0.0, 0.3)),
    (r"^no_mem_(embed|pos_enc)$", ("const", 0.0, 0.2)),
    (r"^no_obj_ptr$", ("const", 0.0, 0.5)),
    (r"^no_obj_embed_spatial$", ("const", 0.0, 0.3)),
    (r"gamma$", ("const", 0.3, 0.05)),
    (r"(iou_token|mask_tokens|obj_score_token)\.weight$", ("const", 0.0, 0.5)),
    (r"(point_embeddings\.\d|not_a_point_embed|no_mask_embed)\.weight$", ("const", 0.0, 0.4)),
    # heads whose output level matters
    (r"sam_mask_decoder\.pred_obj_score_head\.layers\.2\.weight$", ("fan", 4.0)),
    (r"sam_mask_decoder\.pred_obj_score_head\.layers\.2\.bias$", ("const", 1.8, 0.1)),
    (r"sam_mask_decoder\.iou_prediction_head\.layers\.2\.weight$", ("fan", 3.0)),
    (r"output_hypernetworks_mlps\.\d\.layers\.2\.weight$", ("fan", 8.0)),
    (r"output_hypernetworks_mlps\.\d\.layers\.2\.bias$", ("const", -0.4, 0.05)),
    # residual branches and feature levels of the image encoder
    (r"^image_encoder\.trunk\.blocks\.\d+\.(attn\.proj|mlp\.layers\.1)\.weight$", ("fan", 0.5)),
    (r"^image_encoder\.neck\.convs\.\d\.conv\.weight$", ("fan", 0.4)),
    (r"sam_mask_decoder\.conv_s[01]\.weight$", ("fan", 0.4)),
    # locality of the mask decoder
    (r"sam_mask_decoder\.transformer\.layers\.\d\.norm[123]\.weight$", ("const", 0.35, 0.05)),
    (r"sam_mask_decoder\.transformer\.layers\.\d\.norm4\.weight$", ("const", 0.4, 0.04)),
    (r"sam_mask_decoder\.transformer\..*image_to_token\.(q_proj|k_proj)\.weight$", ("fan", 3.0)),
    (r"sam_mask_decoder\.transformer\..*(q_proj|k_proj)\.weight$", ("fan", 2.0)),
    (r"sam_mask_decoder\.transformer\..*image_to_token\.v_proj\.weight$", ("fan", 3.0)),
    (r"sam_mask_decoder\.transformer\..*image_to_token\.out_proj\.weight$", ("fan", 4.0)),
    (r"output_upscaling\.0\.weight$", ("up", 2.5, 0.2)),
    (r"output_upscaling\.3\.weight$", ("up", 2.0, 0.2)),
    # defaults
    (r"norm\w*\.weight$", ("const", 1.0, 0.1)),
    (r"(output_upscaling\.1|mask_downscaling\.[14]|mask_downsampler\.encoder\.(1|4|7|10))\.weight$", ("const", 1, 0.1)),
    (r"\.bias$", ("const", 0.0, 0.05)),
    (r"\.weight$", ("fan", 1.0)),
]

# the stream of the right-hand key is used in place of the left-hand one (their shapes are equal)
ALIAS = (r"^(sam_mask_decoder\.transformer\..*)k_proj\.weight$", r"\1q_proj.weight")


def uniform(seed, shape):
    """float64 array of that shape, mean 0 and variance 1."""
    raw = np.random.PCG64(seed).random_raw(math.prod(shape))
    return (((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53 * 2.0 - 1.0) * math.sqrt(3.0)).reshape(shape)


def tensor_for(key, shape):
    """float32 array for a state_dict key."""
    kind, *numbers = next(rule for pattern, rule in RULES if re.search(pattern, key))
    stream = re.sub(*ALIAS, key)
    v = uniform((zlib.crc32(stream.encode()) + SALT) & 0xFFFFFFFF, shape)
    if kind == "const":
        offset, std = numbers
        out = offset + std * v
    elif kind == "fan":
        out = numbers[0] / math.sqrt(math.prod(shape[1:])) * v
    else:
        gain, mix = numbers
        out = gain / math.sqrt(shape[0]) * (v[:, :, :1, :1] + mix * v)
    return np.ascontiguousarray(out.astype(np.float32))


def make_state_dict(shapes):
    """{key: shape} -> {key: float32 tensor}."""
    return {k: torch.from_numpy(tensor_for(k, tuple(s))) for k, s in shapes.items()}


def fill(model):
    """Fill a torch module in place (strictly) and return it."""
    model.load_state_dict(make_state_dict({k: v.shape for k, v in model.state_dict().items()}), strict=True)
    return model
