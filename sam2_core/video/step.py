"""One step of tracking: B objects that read the same frames, from the memories to what is stored. Tensors alone, so
that it can be recorded; nothing in it waits for the device.

SAM 2 paper (arXiv 2408.00714), section 4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from torch import Tensor

from sam2_core.graphs import flags_of
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base, SamOutput
from sam2_core.transfer import packed, unpacked
from sam2_core.video import memory
from sam2_core.video.memory import Read
from sam2_core.video.signals import numbers


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a step gives, B rows each: `together` is for the host, see `Host`; memories (B, 64, h, w) bfloat16 stay."""

    together: Tensor
    memories: Tensor


@dataclass(frozen=True, slots=True)
class Host:
    """The part for the host: a row of `signals.numbers`, logits (B, 1, s, s), pointers (B, D) and scores (B, 1)."""

    numbers: list[list[float]]
    low_res: Tensor
    pointers: Tensor
    scores: Tensor

    @classmethod
    def of(cls, model: SAM2Base, together: Tensor) -> "Host":
        """`Tracked.together`, arrived."""
        side = model.image_size // 4
        shapes: list[tuple[int, ...]] = [(1, side, side), (model.hidden_dim,), (1,)]
        width = together.shape[1] - side * side - model.hidden_dim - 1
        rows, low_res, pointers, scores = unpacked(together, [(width,), *shapes])
        return cls(rows.tolist(), low_res, pointers, scores)


Choose = Callable[[SamOutput], SamOutput]


def track(
    model: SAM2Base, features: ImageFeatures, read: Read, *, steady: bool, choose: Choose | None = None
) -> Tracked:
    """The objects on a frame with these features; `choose` may take other candidates than the model's.

    steady: frames that read as much will follow, so that the step is worth a recording.
    """
    inputs = features.embedding, *features.high_res, read.maps, read.pointers, read.distances
    work = partial(_track, model, read.rows, choose)
    if not steady or choose is not None:
        return Tracked(*work(*inputs))
    key = "track", read.rows, flags_of(model, model.sam_mask_decoder)
    return Tracked(*model.graphs.run(model, work, inputs, key))


def _track(
    model: SAM2Base,
    rows: tuple[int, ...],
    choose: Choose | None,
    embedding: Tensor,
    s0: Tensor,
    s1: Tensor,
    maps: Tensor,
    pointers: Tensor,
    distances: Tensor,
) -> tuple[Tensor, Tensor]:
    sam = model.forward_sam_heads(
        memory.attended(model, embedding, maps.float(), rows, pointers, distances),
        high_res=(s0, s1),
        multimask_output=model.use_multimask(0, initial=False),
    )
    if choose is not None:
        sam = choose(sam)
    features = ImageFeatures(embedding, (s0, s1))
    memories = memory.encode(model, features, sam.high_res, sam.object_score_logits, interacted=False)
    signals = numbers(sam.low_res_multi, sam.ious, sam.best, sam.object_score_logits)
    return packed([signals, sam.low_res, sam.obj_ptr, sam.object_score_logits]), memories
