import pytest
import torch
from torch.nn import functional as F

from sam2_core.modeling.fast.windows import window_layout
from sam2_core.modeling.hiera import cut_windows

GRIDS = [(16, 16, 8, 2), (24, 40, 8, 1), (22, 22, 14, 1), (20, 28, 14, 0), (8, 8, 14, 1), (6, 4, 4, 0)]


def grid_of(height: int, width: int) -> torch.Tensor:
    """Row-major tokens (N, 2) that tell their place."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([y, x], dim=-1).reshape(-1, 2)


@pytest.mark.parametrize(("height", "width", "window", "halvings"), GRIDS)
def test_there_and_back(height: int, width: int, window: int, halvings: int) -> None:
    layout = window_layout(height, width, window, halvings)
    tokens = grid_of(height, width)
    assert torch.equal(layout.row_major(layout.arranged(tokens)), tokens)


@pytest.mark.parametrize(("height", "width", "window", "halvings"), GRIDS)
def test_each_piece_is_one_window_with_its_padding(height: int, width: int, window: int, halvings: int) -> None:
    layout = window_layout(height, width, window, halvings)
    marked = torch.arange(height * width).view(1, height, width, 1) + 1  # 0 is what cut_windows pads with
    wanted = {frozenset(w.flatten().tolist()) - {0}: int((w == 0).sum()) for w in cut_windows(marked, window)}
    found = {}
    tokens = layout.arranged(marked.view(-1, 1)).flatten()
    for group in layout.groups:
        stop = group.start + group.count * group.tokens
        for piece in tokens[group.start : stop].view(group.count, group.tokens):
            found[frozenset(piece.tolist())] = group.padding
    assert found == wanted


@pytest.mark.parametrize(("height", "width", "window", "halvings"), [g for g in GRIDS if g[3]])
def test_pooling_is_a_maximum_over_slabs(height: int, width: int, window: int, halvings: int) -> None:
    layout = window_layout(height, width, window, halvings)
    half = window_layout(height // 2, width // 2, window // 2, halvings - 1)
    image = torch.randn(height * width, 3)
    tokens = layout.arranged(image)
    pooled = [
        tokens[g.start : g.start + g.count * g.tokens].view(g.count, 4, g.tokens // 4, 3).amax(1).flatten(0, 1)
        for g in layout.groups
    ]
    wanted = F.max_pool2d(image.view(height, width, 3).permute(2, 0, 1)[None], 2)[0].permute(1, 2, 0).reshape(-1, 3)
    assert torch.equal(half.row_major(torch.cat(pooled)), wanted)
