"""Mask decoder: four masks, their predicted IoUs and whether the object is there at all.

SAM 1 paper (arXiv 2304.02643), appendix A, lightweight mask decoder; SAM 2 paper (arXiv 2408.00714), section 4, mask
decoder (high-resolution features, object score).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sam2_core.config import MaskDecoderConfig
from sam2_core.modeling.layers import MLP, Conv2d, ConvTranspose2d, LayerNorm2d
from sam2_core.modeling.two_way_transformer import TwoWayTransformer

_MASK_TOKENS = 4  # one for an unambiguous prompt, three for an ambiguous one
_IOU_HIDDEN = 256


@dataclass(frozen=True, slots=True)
class DecoderOutput:
    """B prompts, K masks: masks (B, K, 4h, 4w) logits, ious (B, K), tokens (B, K or 1, C), object score (B, 1)."""

    masks: Tensor
    ious: Tensor
    tokens: Tensor
    object_score_logits: Tensor


class MaskDecoder(nn.Module):
    """Decodes masks from an image embedding and encoded prompts."""

    def __init__(self, config: MaskDecoderConfig, *, use_multimask_token_for_obj_ptr: bool) -> None:
        super().__init__()
        dim = config.transformer_dim
        self.transformer = TwoWayTransformer(config)
        self.iou_token = nn.Embedding(1, dim)
        self.mask_tokens = nn.Embedding(_MASK_TOKENS, dim)
        self.obj_score_token = nn.Embedding(1, dim)
        self.output_upscaling = nn.Sequential(
            ConvTranspose2d(dim, dim // 4, kernel_size=2, stride=2),
            LayerNorm2d(dim // 4),
            nn.GELU(),
            ConvTranspose2d(dim // 4, dim // 8, kernel_size=2, stride=2),
            nn.GELU(),
        )
        self.conv_s0 = Conv2d(dim, dim // 8, kernel_size=1)
        self.conv_s1 = Conv2d(dim, dim // 4, kernel_size=1)
        self.output_hypernetworks_mlps = nn.ModuleList(MLP(dim, dim, dim // 8, 3) for _ in range(_MASK_TOKENS))
        self.iou_prediction_head = MLP(dim, _IOU_HIDDEN, _MASK_TOKENS, 3)
        self.pred_obj_score_head = MLP(dim, dim, 1, 3)
        self.use_multimask_token_for_obj_ptr = use_multimask_token_for_obj_ptr
        self.dynamic_multimask_via_stability = config.dynamic_multimask_via_stability
        self.dynamic_multimask_stability_delta = config.dynamic_multimask_stability_delta
        self.dynamic_multimask_stability_thresh = config.dynamic_multimask_stability_thresh

    def forward(
        self,
        embedding: Tensor,
        image_pe: Tensor,
        sparse: Tensor,
        dense: Tensor,
        high_res: tuple[Tensor, Tensor],
        *,
        multimask_output: bool,
    ) -> DecoderOutput:
        """The three masks of an ambiguous prompt, or one mask (K = 3 or 1); shapes as in `decode_all`."""
        return self.chosen(
            self.decode_all(embedding, image_pe, sparse, dense, high_res), multimask_output=multimask_output
        )

    def chosen(self, out: DecoderOutput, *, multimask_output: bool) -> DecoderOutput:
        """Of all four masks the three of an ambiguous prompt, or one."""
        if multimask_output:
            masks, ious = out.masks[:, 1:], out.ious[:, 1:]
        elif self.dynamic_multimask_via_stability and not self.training:
            masks, ious = self.stable_or_best(out.masks, out.ious)
        else:
            masks, ious = out.masks[:, :1], out.ious[:, :1]
        of_masks = multimask_output and self.use_multimask_token_for_obj_ptr
        tokens = out.tokens[:, 1:] if of_masks else out.tokens[:, :1]
        return DecoderOutput(masks, ious, tokens, out.object_score_logits)

    def decode_all(
        self, embedding: Tensor, image_pe: Tensor, sparse: Tensor, dense: Tensor, high_res: tuple[Tensor, Tensor]
    ) -> DecoderOutput:
        """All four masks of every prompt.

        embedding (1 or B, C, h, w), image_pe (1, C, h, w), sparse (B, N, C), dense (1 or B, C, h, w), high_res
        (1 or B, C / 8, 4h, 4w) and (1 or B, C / 4, 2h, 2w).
        """
        batch = len(sparse)
        tokens = self.with_own_tokens(sparse)
        image = embedding + dense
        hs, src = self.transformer(image, image_pe, tokens)
        upscaled = self._upscale(src.transpose(1, 2).reshape(batch, *image.shape[1:]), high_res)  # (B, C / 8, 4h, 4w)
        masks = (self.hyper_weights(hs) @ upscaled.flatten(2)).reshape(batch, -1, *upscaled.shape[2:])
        return self.scored(masks, hs)

    def with_own_tokens(self, sparse: Tensor) -> Tensor:
        """Object score, IoU and mask tokens and then the prompt's (B, N, C): (B, 6 + N, C)."""
        own = torch.cat([self.obj_score_token.weight, self.iou_token.weight, self.mask_tokens.weight])
        return torch.cat([own.expand(len(sparse), -1, -1), sparse], dim=1)

    def hyper_weights(self, hs: Tensor) -> Tensor:
        """Weights of the masks over the finest channels, from tokens (B, 6 + N, C): (B, 4, C / 8)."""
        hyper = [mlp(hs[:, 2 + i]) for i, mlp in enumerate(self.output_hypernetworks_mlps)]
        return torch.stack(hyper, dim=1)

    def scored(self, masks: Tensor, hs: Tensor) -> DecoderOutput:
        """All masks (B, 4, 4h, 4w) with what the tokens (B, 6 + N, C) say of them."""
        ious = self.iou_prediction_head(hs[:, 1]).sigmoid()
        return DecoderOutput(masks, ious, hs[:, 2 : 2 + _MASK_TOKENS], self.pred_obj_score_head(hs[:, 0]))

    def _upscale(self, image: Tensor, high_res: tuple[Tensor, Tensor]) -> Tensor:
        conv1, norm, act1, conv2, act2 = self.output_upscaling
        s0, s1 = high_res
        out: Tensor = act2(conv2(act1(norm(conv1(image) + s1))) + s0)
        return out

    def stable_or_best(self, masks: Tensor, ious: Tensor) -> tuple[Tensor, Tensor]:
        """Mask 0 where it is stable, else the mask of 1..3 with the highest IoU: (B, 4, h, w) -> (B, 1, h, w), (B, 1).

        Stable: moving the threshold by +- delta changes the area by little.
        """
        single = masks[:, 0].flatten(1).float()
        delta = self.dynamic_multimask_stability_delta
        inner, outer = (single > delta).sum(-1).float(), (single > -delta).sum(-1).float()
        stability = torch.where(outer > 0, inner / outer, 1.0)
        best = ious[:, 1:].argmax(-1) + 1
        pick = torch.where(stability >= self.dynamic_multimask_stability_thresh, 0, best)  # (B,)
        rows = torch.arange(len(masks), device=masks.device)
        return masks[rows, pick][:, None], ious[rows, pick][:, None]
