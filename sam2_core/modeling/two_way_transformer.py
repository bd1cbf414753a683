"""Two-way transformer of the mask decoder: SAM 1 paper (arXiv 2304.02643), appendix A, lightweight mask decoder."""

from torch import Tensor, nn

from sam2_core.config import MaskDecoderConfig
from sam2_core.modeling.attention import Attention
from sam2_core.modeling.layers import MLP, LayerNorm


class TwoWayAttentionBlock(nn.Module):
    """Tokens attend to themselves and to the image, then the image attends to the tokens."""

    def __init__(self, config: MaskDecoderConfig, *, first: bool) -> None:
        super().__init__()
        dim, heads, rate = config.transformer_dim, config.num_heads, config.attention_downsample_rate
        self.first = first
        self.self_attn = Attention(dim, heads)
        self.norm1 = LayerNorm(dim)
        self.cross_attn_token_to_image = Attention(dim, heads, downsample_rate=rate)
        self.norm2 = LayerNorm(dim)
        self.mlp = MLP(dim, config.mlp_dim, dim, 2)
        self.norm3 = LayerNorm(dim)
        self.norm4 = LayerNorm(dim)
        self.cross_attn_image_to_token = Attention(dim, heads, downsample_rate=rate)

    def forward(self, tokens: Tensor, image: Tensor, token_pos: Tensor, image_pos: Tensor) -> tuple[Tensor, Tensor]:
        """tokens (B, N, C), image (1 or B, HW, C) and their positions -> new tokens and image (B, HW, C)."""
        tokens = self.among_tokens(tokens, token_pos)
        tokens = tokens + self.cross_attn_token_to_image(tokens + token_pos, image + image_pos, image)
        tokens = self.through_mlp(tokens)
        image = image + self.cross_attn_image_to_token(image + image_pos, tokens + token_pos, tokens)
        return tokens, self.norm4(image)

    def among_tokens(self, tokens: Tensor, token_pos: Tensor) -> Tensor:
        """Self-attention of the tokens and its norm."""
        if self.first:  # without positions and without a residual
            tokens = self.self_attn(tokens, tokens, tokens)
        else:
            q = tokens + token_pos
            tokens = tokens + self.self_attn(q, q, tokens)
        out: Tensor = self.norm1(tokens)
        return out

    def through_mlp(self, tokens: Tensor) -> Tensor:
        """The norm after the tokens' look at the image, and the MLP with its norm."""
        tokens = self.norm2(tokens)
        out: Tensor = self.norm3(tokens + self.mlp(tokens))
        return out


class TwoWayTransformer(nn.Module):
    """The blocks and a last attention from the tokens to the image."""

    def __init__(self, config: MaskDecoderConfig) -> None:
        super().__init__()
        dim = config.transformer_dim
        self.layers = nn.ModuleList(TwoWayAttentionBlock(config, first=i == 0) for i in range(config.depth))
        self.final_attn_token_to_image = Attention(
            dim, config.num_heads, downsample_rate=config.attention_downsample_rate
        )
        self.norm_final_attn = LayerNorm(dim)

    def forward(self, image: Tensor, image_pos: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """image (1 or B, C, H, W), its positions (1, C, H, W) and tokens (B, N, C) -> tokens and image (B, HW, C)."""
        image = image.flatten(2).transpose(1, 2)  # (B, HW, C)
        image_pos = image_pos.flatten(2).transpose(1, 2)
        token_pos = tokens  # the initial tokens serve as positions throughout
        for layer in self.layers:
            tokens, image = layer(tokens, image, token_pos, image_pos)
        update = self.final_attn_token_to_image(tokens + token_pos, image + image_pos, image)
        return self.norm_final_attn(tokens + update), image
