"""Following objects through a clip with memory, and what it costs: SAM 2 paper (arXiv 2408.00714), section 5.

The first frame is prompted by masks, clicks or boxes; now and then a later frame is corrected by a click and conditions
the frames after it as well, as in the application.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.mask_decoder import DecoderOutput
from sam2_core.modeling.sam2_base import NO_OBJ_SCORE, SAM2Base
from sam2_core.stills import LOGIT_LIMIT
from sam2_core.training.interaction import Prompts, corrections, first_boxes, first_clicks
from sam2_core.training.losses import LossWeights, object_losses
from sam2_core.training.rounds import Interaction, best_masks, coarse, resized
from sam2_core.video.memory import attended, scaled_distances
from sam2_core.video.memory_bank import BankRules, select


@dataclass(frozen=True, slots=True)
class Following:
    """How clips begin and how often they are corrected; shares of steps.

    masks, boxes: the first frame is given as masks or boxes, else by clicks; corrected: a later frame is corrected.
    """

    masks: float = 0.4
    boxes: float = 0.2
    corrected: float = 0.3


@dataclass(slots=True)
class Bank:
    """Memories by frame: maps (N, 64, h, w) and pointers (N, D); `cond` are the frames that were prompted."""

    cond: list[int] = field(default_factory=list)
    maps: dict[int, Tensor] = field(default_factory=dict)
    pointers: dict[int, Tensor] = field(default_factory=dict)


def follow(
    model: SAM2Base,
    frames: list[ImageFeatures],
    masks: Tensor,
    *,
    how: Following,
    interaction: Interaction,
    weights: LossWeights,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """Mean losses over objects and frames, names as in `losses.PARTS`.

    frames: features of each frame for N objects, without memory; masks (T, N, S, S) bool, none empty on frame 0.
    """
    true = [coarse(frame, interaction.stride) for frame in masks]
    bank, losses = Bank(), []
    kind, again = torch.rand(2, generator=generator, device=masks.device).tolist()
    corrected = 0
    if len(frames) > 2 and again < how.corrected:
        corrected = 1 + int(torch.randint(len(frames) - 1, (), generator=generator, device=masks.device))
    for t, features in enumerate(frames):
        if t == 0 and kind < how.masks:
            remember_given(model, bank, features, masks[0])
            continue
        if t == 0:
            embedding = model.without_memory(features.embedding)
            start = (
                first_boxes(true[0], model.image_size, generator, noisy=interaction.noisy)
                if kind < how.masks + how.boxes
                else first_clicks(true[0], model.image_size, generator, central=interaction.central)
            )
            out = decoded(model, embedding, features, start, None, initial=True)
        else:
            embedding = with_memory(model, bank, features.embedding, t, len(frames))
            out = decoded(model, embedding, features, None, None, initial=False)
        losses.append(_loss(out, true[t], weights))
        if t > 0 and t == corrected:
            best = best_masks(out)
            found = resized(best, true[t].shape[-1])[:, 0] > 0
            click = corrections(found, true[t], model.image_size, generator, central=interaction.central)
            out = decoded(model, embedding, features, click, best, initial=False)
            losses.append(_loss(out, true[t], weights))
        remember(model, bank, features, out, t, prompted=t in (0, corrected))
    if not losses:  # a clip of one frame that was given
        return {}
    return {name: torch.stack([frame[name] for frame in losses]).mean() for name in losses[0]}


def _loss(out: DecoderOutput, true: Tensor, weights: LossWeights) -> dict[str, Tensor]:
    return object_losses(resized(out.masks, true.shape[-1]), out.ious, out.object_score_logits, true, weights)


def decoded(
    model: SAM2Base,
    embedding: Tensor,
    features: ImageFeatures,
    prompts: Prompts | None,
    logits: Tensor | None,
    *,
    initial: bool,
) -> DecoderOutput:
    """Masks without the rule that absent objects have none: it would hide from the loss what was drawn."""
    points = model.no_points(len(embedding)) if prompts is None else (prompts.coords, prompts.labels)
    count = 0 if prompts is None else prompts.labels.shape[1]
    return model.decode(
        embedding,
        features.high_res,
        points=points,
        mask_inputs=None if logits is None else logits.clamp(-LOGIT_LIMIT, LOGIT_LIMIT),
        multimask_output=model.use_multimask(count, initial=initial),
    )


def remember(
    model: SAM2Base, bank: Bank, features: ImageFeatures, out: DecoderOutput, frame: int, *, prompted: bool
) -> None:
    """Memory of the best mask, as when the model is used: masks of objects it thinks absent are empty."""
    rows = torch.arange(len(out.ious), device=out.ious.device)
    best = out.ious.argmax(1)
    score = out.object_score_logits.float()
    logits = torch.where(score[..., None, None] > 0, out.masks[rows, best][:, None].float(), NO_OBJ_SCORE)
    token = out.tokens[rows, best] if out.tokens.shape[1] > 1 else out.tokens[:, 0]
    high_res = model.high_res(logits)
    bank.maps[frame] = model.encode_memory(features.embedding, high_res, score, interacted=prompted)
    bank.pointers[frame] = model.object_pointer(token, score)
    if prompted:
        bank.cond.append(frame)


def remember_given(model: SAM2Base, bank: Bank, features: ImageFeatures, masks: Tensor) -> None:
    """Memory of masks (N, S, S) given by a person."""
    out = model.use_mask_as_output(features.embedding, features.high_res, masks[:, None].float())
    bank.maps[0] = model.encode_memory(features.embedding, out.high_res, out.object_score_logits, interacted=True)
    bank.pointers[0] = out.obj_ptr
    bank.cond.append(0)


def with_memory(model: SAM2Base, bank: Bank, embedding: Tensor, frame: int, frames: int) -> Tensor:
    """Embedding (N, D, h, w) of a frame of a clip, conditioned on what the bank holds of the frames before."""
    rules = BankRules(
        maps=model.num_maskmem,
        max_cond=model.max_cond_frames_in_attn,
        pointers=model.max_obj_ptrs_in_encoder,
        signed=model.use_signed_tpos_enc_to_obj_ptrs,
    )
    others = bank.maps.keys() - set(bank.cond)
    chosen = select(frame, cond=bank.cond, non_cond=others, num_frames=frames, rules=rules)
    maps = torch.stack([bank.maps[t].float() for t, _ in chosen.spatial])
    pointers = torch.stack([bank.pointers[t].float() for t, _ in chosen.pointers])
    distances = scaled_distances([d for _, d in chosen.pointers], chosen.pointer_norm, embedding.device)
    return attended(model, embedding, maps, [row for _, row in chosen.spatial], pointers, distances)
