"""Which stored frames a frame attends to: pure bookkeeping over frame numbers (SAM 2 paper, section 4, memory bank)."""

from collections.abc import Container, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankRules:
    """The model's figures the selection depends on.

    maps: memory maps of one prompt frame and its recent frames together; stride: distance of the recent frames;
    max_cond: conditioning frames that take part, -1 for all of them; pointers: how far object pointers reach.
    past_pointers: conditioning frames ahead give no pointer; signed: their distance is negative if they do.
    """

    maps: int = 7
    stride: int = 1
    max_cond: int = -1
    pointers: int = 16
    past_pointers: bool = True
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What one frame reads, in the order of the concatenation.

    spatial: (frame, row of `maskmem_tpos_enc`); pointers: (frame, distance in frames);
    pointer_norm: what distances are divided by before they are encoded.
    """

    spatial: tuple[tuple[int, int], ...]
    pointers: tuple[tuple[int, int], ...]
    pointer_norm: int

    def is_full(self, maps: int) -> bool:
        """Whether nothing is missing of the recent frames, as on all later ones; `maps` as in BankRules."""
        rows, distances = {row for _, row in self.spatial}, {distance for _, distance in self.pointers}
        return rows >= set(range(maps - 1)) and distances >= set(range(1, self.pointer_norm + 1))


def select(
    frame: int,
    *,
    cond: Sequence[int],
    non_cond: Container[int],
    num_frames: int,
    reverse: bool = False,
    rules: BankRules,
) -> Selection:
    """Memories of `frame`, given the frames with conditioning (`cond`, oldest entry first) and other outputs."""
    chosen, rest = closest_cond(frame, cond, rules.max_cond)
    spatial = [(t, rules.maps - 1) for t in chosen]
    for row in range(rules.maps - 2, -1, -1):  # oldest first; row 0 is the frame before
        t = _recent(frame, row + 1, rules.stride, reverse)
        if t in non_cond or t in rest:
            spatial.append((t, row))
    step = -1 if reverse else 1
    reach = min(num_frames, rules.pointers)
    distances = [(t, step * (frame - t)) for t in chosen]
    pointers = [(t, d if rules.signed else abs(d)) for t, d in distances if d >= 0 or not rules.past_pointers]
    for distance in range(1, reach):
        t = frame - step * distance
        if t in non_cond or t in rest:
            pointers.append((t, distance))
    # A clip of one frame has no distances; 1 keeps 0/0 out of the pointers' encoding.
    return Selection(tuple(spatial), tuple(pointers), max(reach - 1, 1))


def closest_cond(frame: int, cond: Sequence[int], limit: int) -> tuple[list[int], list[int]]:
    """(selected, unselected) conditioning frames: the nearest before `frame`, the nearest at or after it, then by
    distance up to `limit`; all of them, in their own order, when the limit is -1 or not reached.

    Raises:
        ValueError: a limit of 0 or 1.
    """
    if limit == -1 or len(cond) <= limit:
        return list(cond), []
    if limit < 2:
        raise ValueError(f"max_cond_frames_in_attn must be -1 or at least 2, not {limit}")
    before = max((t for t in cond if t < frame), default=None)
    after = min((t for t in cond if t >= frame), default=None)
    chosen = [t for t in (before, after) if t is not None]
    others = sorted((t for t in cond if t not in chosen), key=lambda t: abs(t - frame))
    chosen += others[: limit - len(chosen)]
    return chosen, [t for t in cond if t not in chosen]


def _recent(frame: int, nth: int, stride: int, reverse: bool) -> int:
    """The nth recent frame before `frame` in the direction of travel; beyond the first on multiples of stride."""
    if nth == 1:
        return frame + 1 if reverse else frame - 1
    if reverse:
        return -(-(frame + 2) // stride) * stride + (nth - 2) * stride
    return (frame - 2) // stride * stride - (nth - 2) * stride
