"""Masks of objects in one picture, written as a COCO file (FORMATS section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sam2_annotator.engine.messages import Candidate, LoadModel, MaskReady, PredictMask
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.formats import coco
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from sam2_annotator.jobs import targets
from sam2_annotator.jobs.listener import Listener
from sam2_annotator.jobs.pictures import picture_facts
from sam2_annotator.jobs.prompt_check import fitted
from sam2_annotator.jobs.running import answers, load_model, ticket
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.input_size import OWN_SIZE, InputSize
from sam2_annotator.values.prompt import PromptSet


@dataclass(frozen=True, slots=True)
class SegmentSpec:
    """What to do: `objects` are the prompts of each object; `out` becomes the COCO file."""

    image: Path
    objects: tuple[PromptSet, ...]
    out: Path
    label: str = "object"
    model: str = "sam2-nano"
    device: str = "auto"
    precision: str = "auto"
    size: InputSize = OWN_SIZE
    overwrite: bool = False


def run(spec: SegmentSpec, engine: EngineService, listener: Listener, token: CancelToken) -> None:
    """Segment the objects and write the file, which appears whole or not at all.

    Raises:
        AnnotatorError: a wrong picture, prompt, model, device or output, each in one sentence.
        Cancelled: the token was set.
    """
    targets.check_file(spec.out, overwrite=spec.overwrite, inputs=(spec.image,))
    ref = MediaRef(ItemId(1), MediaKind.IMAGE, spec.image)
    facts = picture_facts(ref)
    objects = _fitted(spec.objects, facts, listener)
    wanted = LoadModel(ticket("model", token), spec.model, spec.device, spec.precision, spec.size)
    load_model(engine, wanted, listener)
    found = [
        _segment(PredictMask(ticket("object", token), ref, FrameIndex(0), ObjectId(number), prompts), engine, listener)
        for number, prompts in enumerate(objects, start=1)
    ]
    for number, candidate in enumerate(found, start=1):
        if not candidate.mask:
            listener.warn(f"Nothing was found for object {number}; it has no annotation.")
    coco.write_file(_dataset(spec, facts, found), spec.out, overwrite=spec.overwrite)


def _fitted(objects: tuple[PromptSet, ...], facts: MediaFacts, listener: Listener) -> list[PromptSet]:
    prompts = []
    for number, given in enumerate(objects, start=1):
        where = f"Object {number}" if len(objects) > 1 else "The prompts"
        one, warnings = fitted(given, width=facts.width, height=facts.height, where=where)
        prompts.append(one)
        for warning in warnings:
            listener.warn(warning)
    return prompts


def _segment(request: PredictMask, engine: EngineService, listener: Listener) -> Candidate:
    (answer,) = (one for one in answers(engine, request, listener) if isinstance(one, MaskReady))
    return answer.candidates[answer.best]


def _dataset(spec: SegmentSpec, facts: MediaFacts, found: list[Candidate]) -> MemoryDataset:
    numbered = list(enumerate(found, start=1))
    return MemoryDataset(
        categories=[Category(1, spec.label)],
        media=[Media(1, "image", spec.image.name, spec.image, facts.width, facts.height)],
        tracks=[Track(number, 1, 1) for number, _ in numbered],
        shapes=[Shape(number, 0, one.mask, one.iou) for number, one in numbered if one.mask],
    )
