"""Rounds of prompts and corrections on still features, and what they cost."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.mask_decoder import DecoderOutput
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.transforms import mask_logits
from sam2_core.stills import LOGIT_LIMIT
from sam2_core.training.damage import damaged
from sam2_core.training.features import of_objects
from sam2_core.training.interaction import Prompts, corrections, first_boxes, first_clicks
from sam2_core.training.losses import LossWeights, object_losses


@dataclass(frozen=True, slots=True)
class Interaction:
    """How objects are asked for.

    boxes: share of objects that begin with a box; given: share that begins with a damaged mask and a click on what is
    wrong with it; corrections: most further clicks; central: share of clicks near the middle of their region; noisy:
    share of boxes that are inexact; stride: input pixels per cell of the loss.
    """

    boxes: float = 0.4
    given: float = 0.15
    corrections: int = 3
    central: float = 0.5
    noisy: float = 0.5
    stride: int = 2


def interact(
    model: SAM2Base,
    features: ImageFeatures,
    masks: Tensor,
    *,
    how: Interaction,
    weights: LossWeights,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """Mean losses over objects and rounds, names as in `losses.PARTS`.

    features of B pictures, `no_mem_embed` added; masks (B, M, S, S) bool.
    """
    pictures, objects = masks.shape[:2]
    picture = torch.arange(pictures, device=masks.device).repeat_interleave(objects)
    true = coarse(masks.flatten(0, 1), how.stride)  # (B * M, h, w)
    order = torch.randperm(len(true), generator=generator, device=masks.device)
    boxed = round(how.boxes * len(true))
    given = boxed + round(how.given * len(true))
    rounds = 1 + int(torch.randint(how.corrections + 1, (), generator=generator, device=masks.device))
    sums: dict[str, Tensor] = {}
    for begin, chosen in ((_boxes, order[:boxed]), (_masks, order[boxed:given]), (_clicks, order[given:])):
        if not len(chosen):
            continue
        own = of_objects(features, picture[chosen])
        start = begin(true[chosen], model.image_size, how, generator)
        for losses in _rounds(model, own, true[chosen], start, rounds, how, weights, generator):
            for name, loss in losses.items():
                share = loss * (len(chosen) / len(true) / rounds)
                sums[name] = sums[name] + share if name in sums else share
    return sums


@dataclass(frozen=True, slots=True)
class _Start:
    """The first prompts of objects, with the logits (N, 1, h, w) of a mask where one is given."""

    prompts: Prompts
    logits: Tensor | None = None


def _boxes(true: Tensor, image_size: int, how: Interaction, generator: torch.Generator) -> _Start:
    return _Start(first_boxes(true, image_size, generator, noisy=how.noisy))


def _clicks(true: Tensor, image_size: int, how: Interaction, generator: torch.Generator) -> _Start:
    return _Start(first_clicks(true, image_size, generator, central=how.central))


def _masks(true: Tensor, image_size: int, how: Interaction, generator: torch.Generator) -> _Start:
    found = damaged(true, generator)
    click = corrections(found, true, image_size, generator, central=how.central)
    return _Start(click, mask_logits(found[:, None], image_size))


def _rounds(
    model: SAM2Base,
    features: ImageFeatures,
    true: Tensor,
    start: _Start,
    rounds: int,
    how: Interaction,
    weights: LossWeights,
    generator: torch.Generator,
) -> list[dict[str, Tensor]]:
    losses = []
    prompts, logits = start.prompts, start.logits
    for number in range(rounds):
        points = prompts.labels.shape[1]
        out = model.decode(
            features.embedding,
            features.high_res,
            points=(prompts.coords, prompts.labels),
            mask_inputs=logits,
            multimask_output=model.use_multimask(points, initial=True) and logits is None,
        )
        masks = resized(out.masks, true.shape[-1])
        losses.append(object_losses(masks, out.ious, out.object_score_logits, true, weights))
        if number + 1 < rounds:
            with torch.no_grad():
                best = best_masks(out)
                logits = best.clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
                found = resized(best, true.shape[-1])[:, 0] > 0
                further = corrections(found, true, model.image_size, generator, central=how.central)
                prompts = prompts.followed_by(further)
    return losses


def best_masks(out: DecoderOutput) -> Tensor:
    """Of each prompt's masks the one of the highest predicted IoU: (N, 1, h, w) float32 without gradient."""
    rows = torch.arange(len(out.ious), device=out.ious.device)
    return out.masks[rows, out.ious.argmax(1)][:, None].detach().float()


def coarse(masks: Tensor, stride: int) -> Tensor:
    """Masks (N, S, S) on a grid of `stride` pixels, by majority; one that would vanish keeps all cells it touches."""
    if stride == 1:
        return masks
    share = F.avg_pool2d(masks.float()[:, None], stride)[:, 0]
    small = share >= 0.5
    return torch.where(small.flatten(1).any(1)[:, None, None], small, share > 0)


def resized(logits: Tensor, side: int) -> Tensor:
    """Logits (N, K, h, w) on a grid of `side` cells."""
    if logits.shape[-1] == side:
        return logits.float()
    return F.interpolate(logits.float(), size=(side, side), mode="bilinear", align_corners=False)
