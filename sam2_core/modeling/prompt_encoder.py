"""Prompt encoder for points, boxes and mask logits: SAM 1 paper (arXiv 2304.02643), appendix A, prompt encoder."""

import torch
from torch import Tensor, nn

from sam2_core.modeling.layers import LayerNorm2d
from sam2_core.modeling.position_encoding import PositionEmbeddingRandom

# Point labels; a box is its two corners.
PADDING, BACKGROUND, FOREGROUND, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT = -1, 0, 1, 2, 3


class PromptEncoder(nn.Module):
    """Turns prompts into sparse tokens (points, boxes) and a dense map (mask)."""

    def __init__(self, dim: int, image_size: int) -> None:
        super().__init__()
        self.dim = dim
        self.image_size = image_size
        self.pe_layer = PositionEmbeddingRandom(dim // 2)
        self.point_embeddings = nn.ModuleList(nn.Embedding(1, dim) for _ in range(4))
        self.not_a_point_embed = nn.Embedding(1, dim)
        self.mask_downscaling = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=2, stride=2),
            LayerNorm2d(4),
            nn.GELU(),
            nn.Conv2d(4, 16, kernel_size=2, stride=2),
            LayerNorm2d(16),
            nn.GELU(),
            nn.Conv2d(16, dim, kernel_size=1),
        )
        self.no_mask_embed = nn.Embedding(1, dim)

    def points(self, coords: Tensor, labels: Tensor, *, pad: bool = True) -> Tensor:
        """coords (B, N, 2) xy in pixels of the square input, labels (B, N) -> (B, N + 1, dim), or N without padding."""
        if pad:  # one point that counts as none, always the last
            coords = torch.cat([coords, coords.new_full((len(coords), 1, 2), -0.5)], dim=1)
            labels = torch.cat([labels, labels.new_full((len(labels), 1), PADDING)], dim=1)
        tokens = self.pe_layer.encode((coords + 0.5) / self.image_size)  # (B, N, dim)
        kind = labels[..., None]
        tokens = torch.where(kind == PADDING, self.not_a_point_embed.weight, tokens)
        for label, embedding in enumerate(self.point_embeddings):
            tokens = torch.where(kind == label, tokens + embedding.get_parameter("weight"), tokens)
        return tokens

    def boxes(self, boxes: Tensor) -> Tensor:
        """boxes (B, 4) xyxy in pixels of the square input -> (B, 2, dim)."""
        labels = torch.tensor([BOX_TOP_LEFT, BOX_BOTTOM_RIGHT], device=boxes.device).expand(len(boxes), 2)
        return self.points(boxes.reshape(-1, 2, 2), labels, pad=False)

    def mask(self, mask_inputs: Tensor | None, grid: tuple[int, int]) -> Tensor:
        """Low-res logits (B, 1, 4h, 4w), or None, -> dense embedding (B or 1, dim, h, w)."""
        if mask_inputs is None:
            return self.no_mask_embed.weight.reshape(1, -1, 1, 1).expand(1, -1, *grid)
        out: Tensor = self.mask_downscaling(mask_inputs)
        return out

    def forward(
        self,
        points: tuple[Tensor, Tensor] | None,
        masks: Tensor | None,
        grid: tuple[int, int],
        *,
        boxes: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Sparse tokens (B, N, dim) and dense embedding (B or 1, dim, h, w); without points or boxes N is 0.

        A padding point is added to points that come without boxes.
        """
        batch = 1 if masks is None else len(masks)
        sparse = self.no_mask_embed.weight.new_empty(batch, 0, self.dim)
        if points is not None:
            sparse = self.points(*points, pad=boxes is None)
        if boxes is not None:
            corners = self.boxes(boxes)
            sparse = corners if points is None else torch.cat([sparse, corners], dim=1)
        return sparse, self.mask(masks, grid)
