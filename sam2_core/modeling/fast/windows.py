"""Orders of a grid's tokens in which each attention window lies in one piece.

A layer norm, a linear layer, an MLP and attention inside a window do not care about the order of tokens, and global
attention does not either; so a whole stage can run in one such order.
"""

import functools
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of one shape, one after the other from token `start` on.

    count: how many; tokens: in each; padding: places beyond the grid in each, which the plain module fills with zeros.
    """

    start: int
    count: int
    tokens: int
    padding: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Order of the tokens of a grid (height, width): windows of one shape together, each in one piece.

    order: row-major place of every token (N,); places: its inverse, the token at every row-major place (N,).
    """

    height: int
    width: int
    groups: tuple[Windows, ...]
    order: Tensor
    places: Tensor

    def arranged(self, tokens: Tensor) -> Tensor:
        """Row-major tokens (N, C) in this order."""
        return tokens.index_select(0, self.order)

    def row_major(self, tokens: Tensor) -> Tensor:
        """Tokens (N, C) of this order row by row."""
        return tokens.index_select(0, self.places)


@functools.lru_cache(maxsize=32)
def window_layout(height: int, width: int, window: int, halvings: int) -> Layout:
    """Layout for windows of `window` that are cut from the top left, those at the right and bottom edge being smaller.

    The tokens of a window come in 2**halvings nested slabs, one for each place in a 2 x 2 cell: pooling by two is a
    maximum over four slabs, and what is left is `window_layout` of half the sizes with one halving less.
    """
    with torch.inference_mode(False):
        index = torch.arange(height * width).view(height, width)
        groups: list[Windows] = []
        orders: list[Tensor] = []
        start = 0
        for rows, window_height in _spans(height, window):
            for columns, window_width in _spans(width, window):
                part = index[rows, columns]
                cut = part.view(len(part) // window_height, window_height, -1, window_width).transpose(1, 2)
                order = _nested(cut.reshape(-1, window_height, window_width), halvings)  # (count, tokens)
                count, tokens = order.shape
                groups.append(Windows(start, count, tokens, window * window - tokens))
                orders.append(order.flatten())
                start += count * tokens
        order = torch.cat(orders)
        return Layout(height, width, tuple(groups), order, order.argsort())


def _spans(length: int, window: int) -> list[tuple[slice, int]]:
    """The part of an axis that whole windows cover, and the rest, each with the length of its windows."""
    whole = length - length % window
    spans = [(slice(0, whole), window), (slice(whole, length), length - whole)]
    return [span for span in spans if span[0].start < span[0].stop]


def _nested(windows: Tensor, halvings: int) -> Tensor:
    """(n, h, w) -> (n, h * w), slab by slab."""
    if halvings == 0:
        return windows.flatten(1)
    n, height, width = windows.shape
    slabs = windows.view(n, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3)  # (n, y, x, h / 2, w / 2)
    return _nested(slabs.reshape(n * 4, height // 2, width // 2), halvings - 1).reshape(n, -1)
