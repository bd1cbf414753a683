"""The models as frozen values in one table, the names they answer to, and the overrides of the published API.

Sizes: SAM 2 paper (arXiv 2408.00714), section 4 and appendices; Hiera paper (arXiv 2306.00989), section 3.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """Hiera trunk: widths, depths and window sizes per stage."""

    embed_dim: int
    num_heads: int
    stages: tuple[int, ...]
    global_att_blocks: tuple[int, ...]
    window_spec: tuple[int, ...] = (8, 4, 14, 7)
    window_pos_embed_bkg_spatial_size: tuple[int, int] = (7, 7)
    q_pool: int = 3
    mlp_ratio: float = 4.0


@dataclass(frozen=True, slots=True)
class NeckConfig:
    """Feature pyramid: channels per level from coarse to fine, and the levels that get top-down features."""

    backbone_channel_list: tuple[int, ...]
    d_model: int = 256
    fpn_top_down_levels: tuple[int, ...] = (2, 3)
    scalp: int = 1


@dataclass(frozen=True, slots=True)
class MemoryAttentionConfig:
    """Transformer that conditions a frame on its memories."""

    d_model: int = 256
    num_layers: int = 4
    dim_feedforward: int = 2048
    num_heads: int = 1
    kv_in_dim: int = 64
    rope_theta: float = 10000.0


@dataclass(frozen=True, slots=True)
class MemoryEncoderConfig:
    """Convolutions that turn a frame and its mask into a memory map."""

    out_dim: int = 64
    in_dim: int = 256
    mask_downsampler_embed_dim: int = 256
    fuser_layers: int = 2
    fuser_kernel: int = 7


@dataclass(frozen=True, slots=True)
class MaskDecoderConfig:
    """Two-way transformer and its stability rule for single masks."""

    transformer_dim: int = 256
    depth: int = 2
    num_heads: int = 8
    mlp_dim: int = 2048
    attention_downsample_rate: int = 2
    dynamic_multimask_via_stability: bool = False
    dynamic_multimask_stability_delta: float = 0.05
    dynamic_multimask_stability_thresh: float = 0.98


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """One model: the sizes of its parts and the published flags."""

    name: str
    trunk: TrunkConfig
    neck: NeckConfig
    memory_attention: MemoryAttentionConfig = field(default_factory=MemoryAttentionConfig)
    memory_encoder: MemoryEncoderConfig = field(default_factory=MemoryEncoderConfig)
    mask_decoder: MaskDecoderConfig = field(default_factory=MaskDecoderConfig)
    image_size: int = 1024
    backbone_stride: int = 16
    # the four flags in which SAM 2.1 differs from SAM 2
    no_obj_embed_spatial: bool = True
    add_tpos_enc_to_obj_ptrs: bool = True
    proj_tpos_enc_in_obj_ptrs: bool = True
    use_signed_tpos_enc_to_obj_ptrs: bool = True
    # memory
    num_maskmem: int = 7
    sigmoid_scale_for_mem_enc: float = 20.0
    sigmoid_bias_for_mem_enc: float = -10.0
    binarize_mask_from_pts_for_mem_enc: bool = False
    non_overlap_masks_for_mem_enc: bool = False
    max_cond_frames_in_attn: int = -1
    memory_temporal_stride_for_eval: int = 1
    use_obj_ptrs_in_encoder: bool = True
    max_obj_ptrs_in_encoder: int = 16
    only_obj_ptrs_in_the_past_for_eval: bool = True
    # several masks for an ambiguous prompt
    multimask_output_in_sam: bool = True
    multimask_output_for_tracking: bool = True
    multimask_min_pt_num: int = 0
    multimask_max_pt_num: int = 1
    use_multimask_token_for_obj_ptr: bool = True
    # the video predictor
    fill_hole_area: int = 0
    non_overlap_masks: bool = False
    clear_non_cond_mem_around_input: bool = False
    add_all_frames_to_correct_as_cond: bool = False
    # ours: inference in float32 on a CPU by other code with the same numbers, see `modeling.paths`
    fast_paths: bool = True
    # ours: on CUDA, work that repeats is recorded once and replayed, see `graphs`
    cuda_graphs: bool = True
    # sessions only: standard deviation, in low-res pixels, by which mask logits are blurred before they are shown
    mask_smoothing: float = 0.0
    # sessions only: what a mask nobody asked for must reach, see `automatic_mask_generator`; small models judge harder
    everything_pred_iou: float = 0.8
    everything_stability: float = 0.95
    everything_stability_offset: float = 1.0

    def __post_init__(self) -> None:
        if self.image_size <= 0 or self.image_size % 32:
            raise ValueError(f"image_size must be a positive multiple of 32, not {self.image_size}")


# Published flags with one value in every model; the code implements that value only.
FIXED_FLAGS: dict[str, object] = {
    "use_mask_input_as_output_without_sam": True,
    "directly_add_no_mem_embed": True,
    "use_high_res_features_in_sam": True,
    "iou_prediction_use_sigmoid": True,
    "pred_obj_scores": True,
    "pred_obj_scores_mlp": True,
    "fixed_no_obj_ptr": True,
    "soft_no_obj_ptr": False,
    "use_mlp_for_obj_ptr_proj": True,
}

_PARTS: dict[str, type] = {
    "trunk": TrunkConfig,
    "neck": NeckConfig,
    "memory_attention": MemoryAttentionConfig,
    "memory_encoder": MemoryEncoderConfig,
    "mask_decoder": MaskDecoderConfig,
}
FLAGS = frozenset(f.name for f in fields(ModelConfig)) - set(_PARTS) - {"name"}
_DECODER_FLAGS = frozenset(f.name for f in fields(MaskDecoderConfig) if f.name.startswith("dynamic_multimask_"))

_TRUNKS: dict[str, tuple[TrunkConfig, tuple[int, ...]]] = {
    "tiny": (TrunkConfig(96, 1, (1, 2, 7, 2), (5, 7, 9)), (768, 384, 192, 96)),
    "small": (TrunkConfig(96, 1, (1, 2, 11, 2), (7, 10, 13)), (768, 384, 192, 96)),
    "base_plus": (
        TrunkConfig(112, 2, (2, 3, 16, 3), (12, 16, 20), window_pos_embed_bkg_spatial_size=(14, 14)),
        (896, 448, 224, 112),
    ),
    "large": (TrunkConfig(144, 2, (2, 6, 36, 4), (23, 33, 43), window_spec=(8, 4, 16, 8)), (1152, 576, 288, 144)),
}


def _official(version: str, size: str) -> ModelConfig:
    trunk, channels = _TRUNKS[size]
    new = version == "2.1"
    return ModelConfig(
        name=f"sam{version}_hiera_{size}" if new else f"sam2_hiera_{size}",
        trunk=trunk,
        neck=NeckConfig(channels),
        no_obj_embed_spatial=new,
        add_tpos_enc_to_obj_ptrs=new,
        proj_tpos_enc_in_obj_ptrs=new,
        use_signed_tpos_enc_to_obj_ptrs=new,
    )


_NANO = ModelConfig(
    name="sam2-nano",
    image_size=512,
    trunk=TrunkConfig(48, 1, (1, 2, 6, 1), (5, 8), window_spec=(8, 4, 8, 8)),
    neck=NeckConfig((384, 192, 96, 48), d_model=128),
    memory_attention=MemoryAttentionConfig(d_model=128, num_layers=2, dim_feedforward=512),
    memory_encoder=MemoryEncoderConfig(in_dim=128, mask_downsampler_embed_dim=128),
    mask_decoder=MaskDecoderConfig(transformer_dim=128),
    mask_smoothing=1.0,
    everything_pred_iou=0.25,
    everything_stability=0.7,
    everything_stability_offset=0.25,
)

CONFIGS: dict[str, ModelConfig] = {
    c.name: c for c in [*(_official(v, s) for v in ("2", "2.1") for s in _TRUNKS), _NANO]
}

_SHORT = {"t": "tiny", "s": "small", "b+": "base_plus", "l": "large"}


def resolve_name(name: str) -> str:
    """Canonical name of a model from any of its spellings.

    Accepted: the checkpoint's stem (`sam2.1_hiera_tiny`), the config path with or without `configs/...` and `.yaml`
    (`configs/sam2.1/sam2.1_hiera_t.yaml`), the Hub id with or without `facebook/`, and `sam2-nano`.

    Raises:
        ValueError: no model of that name.
    """
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".yaml").removesuffix(".pt")
    if stem in CONFIGS:
        return stem
    stem = stem.replace("-", "_")
    head, _, size = stem.rpartition("hiera_")
    stem = f"{head}hiera_{_SHORT.get(size, size)}"
    if stem in CONFIGS:
        return stem
    raise ValueError(f"there is no model named {name!r}; known models: {', '.join(CONFIGS)}")


def config_from_json(values: Mapping[str, Any]) -> ModelConfig:
    """ModelConfig from a configuration file's values: one mapping per part, published flags under `flags`.

    Raises:
        ValueError: a part or flag is missing, unknown or has a value this engine does not implement.
    """
    try:
        parts = {name: _part(kind, values[name]) for name, kind in _PARTS.items()}
        config = ModelConfig(name=str(values["name"]), **parts)
        top = {k: values[k] for k in ("image_size", "backbone_stride") if k in values}
        return apply_overrides(config, **top, **values.get("flags", {}))
    except KeyError as error:
        raise ValueError(f"the model configuration lacks {error.args[0]!r}") from None
    except TypeError as error:
        raise ValueError(f"the model configuration does not fit: {error}") from None


def config_to_json(config: ModelConfig) -> dict[str, Any]:
    """Values that `config_from_json` turns back into the same configuration."""
    flags = {name: getattr(config, name) for name in sorted(FLAGS)}
    top = {name: flags.pop(name) for name in ("image_size", "backbone_stride")}
    return {"name": config.name, **top, **{name: asdict(getattr(config, name)) for name in _PARTS}, "flags": flags}


def _part(kind: type, values: Mapping[str, Any]) -> Any:
    known = {f.name for f in fields(kind)}
    given = dict(values)
    if given.pop("fpn_interp_model", "nearest") != "nearest":
        raise ValueError("fpn_interp_model can only be 'nearest'")
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"the model configuration has unknown values for {kind.__name__}: {', '.join(unknown)}")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})


def apply_overrides(config: ModelConfig, overrides: Sequence[str] = (), **flags: object) -> ModelConfig:
    """Config with published flags changed: `["++model.image_size=512"]`, or the same names as keywords.

    The stability rule of the mask decoder is reached as `model.sam_mask_decoder_extra_args.<name>`, by the plain name,
    or as a mapping `sam_mask_decoder_extra_args={...}`. Later overrides win, keywords win over strings.

    Raises:
        ValueError: an override that is malformed, unknown, of the wrong type or not implemented.
    """
    wanted: dict[str, object] = {}
    for text in overrides:
        name, value = _parse(text)
        wanted[name] = value
    for name, value in flags.items():
        if name == "sam_mask_decoder_extra_args" and isinstance(value, Mapping):
            wanted.update(value)
        else:
            wanted[name] = value
    outer: dict[str, Any] = {}
    decoder: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in FLAGS:
            outer[name] = _typed(name, value, getattr(config, name))
        elif name in _DECODER_FLAGS:
            decoder[name] = _typed(name, value, getattr(config.mask_decoder, name))
        elif name not in FIXED_FLAGS:
            raise ValueError(f"{name!r} is no flag of the model; known flags: {', '.join(sorted(FLAGS))}")
        elif value != FIXED_FLAGS[name]:
            raise ValueError(f"{name} can only be {FIXED_FLAGS[name]}: no published model uses another value")
    return replace(config, mask_decoder=replace(config.mask_decoder, **decoder), **outer)


def is_flag(name: str) -> bool:
    """True where `apply_overrides` accepts the name as a keyword."""
    return name in FLAGS or name in _DECODER_FLAGS or name in FIXED_FLAGS or name == "sam_mask_decoder_extra_args"


def _parse(text: str) -> tuple[str, object]:
    key, sign, value = text.partition("=")
    key = key.strip().lstrip("+")
    if not sign or not key.startswith("model."):
        raise ValueError(f"cannot read the override {text!r}; write it as ++model.<flag>=<value>")
    name = key.removeprefix("model.").removeprefix("sam_mask_decoder_extra_args.")
    word = value.strip()
    if word.lower() in ("true", "false"):
        return name, word.lower() == "true"
    for read in (json.loads, float):  # JSON knows neither "20." nor ".95"
        with suppress(ValueError):
            return name, read(word)
    raise ValueError(f"cannot read the value {word!r} of the override {text!r}")


def _typed(name: str, value: object, present: object) -> object:
    """Value with the type of the present one; whole numbers serve where floats are wanted, bools only as bools."""
    if isinstance(present, bool) or isinstance(value, bool):
        fits = isinstance(present, bool) and isinstance(value, bool)
    elif isinstance(present, float) and isinstance(value, int):
        return float(value)
    else:
        fits = type(value) is type(present)
    if not fits:
        raise ValueError(f"{name} takes a value like {present!r}, not {value!r}")
    return value
