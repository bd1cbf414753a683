"""The whole model: image encoder, memory and SAM heads. SAM 2 paper (arXiv 2408.00714), section 4.

Which memories a frame attends to, and the state of a video, live in `sam2_core.video`; this file computes.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.config import ModelConfig
from sam2_core.graphs import Graphs
from sam2_core.modeling import paths
from sam2_core.modeling.compute_lock import ComputeLock
from sam2_core.modeling.image_encoder import ImageEncoder, ImageFeatures
from sam2_core.modeling.layers import MLP
from sam2_core.modeling.mask_decoder import DecoderOutput, MaskDecoder
from sam2_core.modeling.memory_attention import MemoryAttention
from sam2_core.modeling.memory_encoder import MemoryEncoder
from sam2_core.modeling.object_pointers import mix_absent
from sam2_core.modeling.position_encoding import sine_1d, sine_table
from sam2_core.modeling.precision import turn_weights
from sam2_core.modeling.prompt_encoder import PADDING, PromptEncoder
from sam2_core.ops.overlap import keep_apart

NO_OBJ_SCORE = -1024.0
_MASK_LOGIT = 10.0  # logits of a mask given as input are +- this


@dataclass(frozen=True, slots=True)
class SamOutput:
    """Masks of B objects on one frame; K candidates (3 or 1), all float32.

    low_res_multi (B, K, S / 4, S / 4) and ious (B, K): every candidate; best (B,): the index of the chosen one.
    low_res (B, 1, S / 4, S / 4), high_res (B, 1, S, S): logits of the chosen one; obj_ptr (B, C);
    object_score_logits (B, 1): above 0 where the object is present; tokens (B, K or 1, C): what pointers are made of.
    """

    low_res_multi: Tensor
    ious: Tensor
    low_res: Tensor
    high_res: Tensor
    obj_ptr: Tensor
    object_score_logits: Tensor
    best: Tensor
    tokens: Tensor

    @property
    def chosen_iou(self) -> Tensor:
        """Predicted IoU (B,) of the chosen candidate."""
        return self.ious.gather(1, self.best[:, None])[:, 0]


class SAM2Base(nn.Module):
    """Model with the published parameter names; flags of the configuration are attributes that may be set later."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.compute_lock = ComputeLock()
        self.graphs = Graphs(enabled=config.cuda_graphs)
        self.image_size = config.image_size
        self._set_flags(config)
        dim, memory_dim = config.neck.d_model, config.memory_encoder.out_dim
        self.hidden_dim, self.mem_dim = dim, memory_dim
        self.image_encoder = ImageEncoder(config)
        self.memory_attention = MemoryAttention(config.memory_attention)
        self.memory_encoder = MemoryEncoder(config.memory_encoder)
        self.sam_prompt_encoder = PromptEncoder(dim, config.image_size)
        self.sam_mask_decoder = MaskDecoder(
            config.mask_decoder, use_multimask_token_for_obj_ptr=config.use_multimask_token_for_obj_ptr
        )
        self.obj_ptr_proj = MLP(dim, dim, dim, 3)
        self.mask_downsample = nn.Conv2d(1, 1, kernel_size=4, stride=4)
        self.maskmem_tpos_enc = _learned(config.num_maskmem, 1, 1, memory_dim)
        self.no_mem_embed = _learned(1, 1, dim)
        self.no_mem_pos_enc = _learned(1, 1, dim)  # unused, but part of every checkpoint
        self.no_obj_ptr = _learned(1, dim)
        if config.no_obj_embed_spatial:
            self.no_obj_embed_spatial = _learned(1, memory_dim)
        if config.proj_tpos_enc_in_obj_ptrs:
            self.obj_ptr_tpos_proj = nn.Linear(dim, memory_dim)

    def _set_flags(self, config: ModelConfig) -> None:
        self.fast_paths = config.fast_paths
        self.num_maskmem = config.num_maskmem
        self.sigmoid_scale_for_mem_enc = config.sigmoid_scale_for_mem_enc
        self.sigmoid_bias_for_mem_enc = config.sigmoid_bias_for_mem_enc
        self.binarize_mask_from_pts_for_mem_enc = config.binarize_mask_from_pts_for_mem_enc
        self.non_overlap_masks_for_mem_enc = config.non_overlap_masks_for_mem_enc
        self.max_cond_frames_in_attn = config.max_cond_frames_in_attn
        self.memory_temporal_stride_for_eval = config.memory_temporal_stride_for_eval
        self.use_obj_ptrs_in_encoder = config.use_obj_ptrs_in_encoder
        self.max_obj_ptrs_in_encoder = config.max_obj_ptrs_in_encoder
        self.only_obj_ptrs_in_the_past_for_eval = config.only_obj_ptrs_in_the_past_for_eval
        self.add_tpos_enc_to_obj_ptrs = config.add_tpos_enc_to_obj_ptrs
        self.proj_tpos_enc_in_obj_ptrs = config.proj_tpos_enc_in_obj_ptrs
        self.use_signed_tpos_enc_to_obj_ptrs = config.use_signed_tpos_enc_to_obj_ptrs
        self.multimask_output_in_sam = config.multimask_output_in_sam
        self.multimask_output_for_tracking = config.multimask_output_for_tracking
        self.multimask_min_pt_num = config.multimask_min_pt_num
        self.multimask_max_pt_num = config.multimask_max_pt_num
        self.fill_hole_area = config.fill_hole_area
        self.non_overlap_masks = config.non_overlap_masks
        self.clear_non_cond_mem_around_input = config.clear_non_cond_mem_around_input
        self.add_all_frames_to_correct_as_cond = config.add_all_frames_to_correct_as_cond

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.no_mem_embed.device

    @property
    def compute_dtype(self) -> torch.dtype:
        """What the larger products are computed in; float32, or as `compute_in` made it."""
        weight: Tensor = self.memory_attention.get_parameter("layers.0.linear1.weight")
        return weight.dtype

    def compute_in(self, dtype: torch.dtype) -> None:
        """Compute the larger products in `dtype` from now on, on the device where the model is now.

        Their weights are rounded in place: what is saved afterwards is rounded, and going back to float32 stays so.
        """
        turn_weights(self, dtype, self.device)

    def forward_image(self, images: Tensor) -> ImageFeatures:
        """Normalised images (B, 3, S, S) -> features for everything else, once per image."""
        s0, s1, embedding = paths.encode_image(
            self.image_encoder, self.sam_mask_decoder, images, allowed=self.fast_paths
        )
        return ImageFeatures(embedding, (s0, s1))

    def without_memory(self, embedding: Tensor) -> Tensor:
        """Embedding (B, C, h, w) of a still picture, or of a frame that starts a track."""
        return embedding + self.no_mem_embed.reshape(1, -1, 1, 1)

    def resize(self, image_size: int) -> None:
        """Take pictures at another size from now on; what was computed from pictures before must not be used with it.

        Raises:
            ValueError: not a positive multiple of 32.
        """
        self.config = replace(self.config, image_size=image_size)
        self.image_size = self.sam_prompt_encoder.image_size = image_size

    def decode(
        self,
        features: Tensor,
        high_res: tuple[Tensor, Tensor],
        *,
        points: tuple[Tensor, Tensor] | None,
        mask_inputs: Tensor | None,
        multimask_output: bool,
    ) -> DecoderOutput:
        """Prompt encoder and mask decoder on features (1 or B, C, h, w); see `forward_sam_heads` for the prompts."""
        grid = (features.shape[-2], features.shape[-1])
        sparse, dense = self.sam_prompt_encoder(points, mask_inputs, grid)
        pe = self.sam_prompt_encoder.pe_layer.grid(*grid)
        return paths.decode(
            self.sam_mask_decoder,
            features,
            pe,
            sparse,
            dense,
            high_res,
            multimask_output=multimask_output,
            allowed=self.fast_paths,
        )

    def use_multimask(self, num_points: int, *, initial: bool) -> bool:
        """Whether a frame with that many points (a box counts as two) gets three candidates."""
        return (
            self.multimask_output_in_sam
            and (initial or self.multimask_output_for_tracking)
            and self.multimask_min_pt_num <= num_points <= self.multimask_max_pt_num
        )

    def forward_sam_heads(
        self,
        features: Tensor,
        *,
        high_res: tuple[Tensor, Tensor],
        points: tuple[Tensor, Tensor] | None = None,
        mask_inputs: Tensor | None = None,
        multimask_output: bool,
    ) -> SamOutput:
        """Masks and pointers of B objects on a video frame.

        features (1 or B, C, h, w), conditioned on memory or with `no_mem_embed`; points: coordinates (B, N, 2) xy in
        pixels of the square input and labels (B, N); mask_inputs (B, 1, any size) logits, brought to 4h x 4w.
        """
        if mask_inputs is not None:
            mask_inputs = _antialiased(mask_inputs.float(), (4 * features.shape[-2], 4 * features.shape[-1]))
        if points is None:
            points = self.no_points(len(features if mask_inputs is None else mask_inputs))
        out = self.decode(features, high_res, points=points, mask_inputs=mask_inputs, multimask_output=multimask_output)
        score = out.object_score_logits.float()
        present = score > 0  # (B, 1)
        masks, ious = out.masks.float(), out.ious.float()
        masks = torch.where(present[..., None, None], masks, NO_OBJ_SCORE)
        best = ious.argmax(-1) if multimask_output else torch.zeros(len(ious), dtype=torch.long, device=ious.device)
        rows = torch.arange(len(best), device=best.device)
        token = out.tokens[rows, best] if out.tokens.shape[1] > 1 else out.tokens[:, 0]
        low_res = masks[rows, best][:, None]
        pointer = self.object_pointer(token, score)
        return SamOutput(masks, ious, low_res, self.high_res(low_res), pointer, score, best, out.tokens)

    def no_points(self, batch: int) -> tuple[Tensor, Tensor]:
        """What stands for the points of B objects that have none: coordinates (B, 1, 2) and labels (B, 1)."""
        coords = torch.zeros(batch, 1, 2, device=self.device)
        return coords, torch.full((batch, 1), PADDING, dtype=torch.int32, device=self.device)

    def object_pointer(self, token: Tensor, object_score_logits: Tensor) -> Tensor:
        """Object pointer (B, C) of mask tokens (B, C); that of a missing object where the score (B, 1) says so."""
        return mix_absent(self.obj_ptr_proj(token).float(), object_score_logits > 0, self.no_obj_ptr)

    def use_mask_as_output(self, embedding: Tensor, high_res: tuple[Tensor, Tensor], mask: Tensor) -> SamOutput:
        """A given mask as the result of a frame, with the pointer the model has for it.

        embedding (1 or B, C, h, w) without memory and without `no_mem_embed`; mask (B, 1, S, S) float 0/1.
        """
        mask = mask.float()
        logits = mask * 2 * _MASK_LOGIT - _MASK_LOGIT
        low_res = _antialiased(logits, (mask.shape[-2] // 4, mask.shape[-1] // 4))
        inner = self.forward_sam_heads(
            embedding, high_res=high_res, mask_inputs=self.mask_downsample(mask), multimask_output=False
        )
        present = mask.flatten(1).any(dim=1, keepdim=True)  # (B, 1)
        # the predicted score has mixed the pointer already; the given mask mixes it again, as published
        pointer = mix_absent(inner.obj_ptr, present, self.no_obj_ptr)
        score = present.float() * 2 * _MASK_LOGIT - _MASK_LOGIT
        best = torch.zeros(len(mask), dtype=torch.long, device=mask.device)
        return SamOutput(low_res, torch.ones_like(score), low_res, logits, pointer, score, best, inner.tokens)

    def attend(self, embedding: Tensor, memory: Tensor, memory_pos: Tensor, *, num_ptr_tokens: int) -> Tensor:
        """Embedding (1 or B, C, h, w) of a frame conditioned on the memories of B objects: (B, C, h, w).

        memory and its position (N, B, mem_dim): maps, row by row, and then the pointers' tokens.
        """
        channels, height, width = embedding.shape[1:]
        attended = paths.attend(
            self.memory_attention,
            embedding.flatten(2).permute(2, 0, 1),  # (HW, 1 or B, C)
            self.image_position(height, width).flatten(2).permute(2, 0, 1),
            memory,
            memory_pos,
            num_ptr_tokens,
            grid=(height, width),
            allowed=self.fast_paths,
        )
        return attended.permute(1, 2, 0).reshape(-1, channels, height, width)

    def encode_memory(
        self, embedding: Tensor, high_res_mask: Tensor, object_score_logits: Tensor, *, interacted: bool
    ) -> Tensor:
        """Memory maps (B, mem_dim, h, w) float32.

        embedding (1 or B, C, h, w) without memory; high_res_mask (B, 1, S, S) logits; object_score_logits (B, 1).
        Masks of frames that carry a prompt (`interacted`) are binarised where the flag says so.
        """
        masks = high_res_mask.float()
        if self.non_overlap_masks_for_mem_enc:
            masks = keep_apart(masks)
        binary = interacted and self.binarize_mask_from_pts_for_mem_enc
        masks = (masks > 0).float() if binary else masks.sigmoid()
        masks = masks * self.sigmoid_scale_for_mem_enc + self.sigmoid_bias_for_mem_enc
        memory = paths.encode_memory(self.memory_encoder, embedding, masks, allowed=self.fast_paths).float()
        if self.config.no_obj_embed_spatial:
            absent = (object_score_logits <= 0).float()[..., None, None]  # (B, 1, 1, 1)
            memory = memory + absent * self.no_obj_embed_spatial[..., None, None]
        return memory

    def high_res(self, low_res: Tensor) -> Tensor:
        """Logits (B, 1, h, w) at four times the size, bilinear."""
        return F.interpolate(low_res.float(), scale_factor=4.0, mode="bilinear", align_corners=False)

    def image_position(self, height: int, width: int) -> Tensor:
        """Sine position of the embedding's grid, (1, C, height, width); shared, not to be written to."""
        return sine_table(self.hidden_dim, height, width, self.device)

    def memory_position(self, height: int, width: int) -> Tensor:
        """Sine position of a memory map, (1, mem_dim, height, width); the same for every frame."""
        return sine_table(self.mem_dim, height, width, self.device)

    def pointer_positions(self, positions: Tensor) -> Tensor:
        """Temporal encoding of pointers: distances (P,) scaled by the longest one -> (P, mem_dim), zeros in SAM 2.0."""
        if not self.add_tpos_enc_to_obj_ptrs:
            return torch.zeros(len(positions), self.mem_dim, device=positions.device)
        if not self.proj_tpos_enc_in_obj_ptrs:
            return sine_1d(positions, self.mem_dim)
        out: Tensor = self.obj_ptr_tpos_proj(sine_1d(positions, self.hidden_dim)).float()
        return out


def _learned(*shape: int) -> nn.Parameter:
    return nn.Parameter(nn.init.trunc_normal_(torch.zeros(*shape), std=0.02))


def _antialiased(x: Tensor, size: tuple[int, int]) -> Tensor:
    if x.shape[-2:] == size:
        return x
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False, antialias=True)
