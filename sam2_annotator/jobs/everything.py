"""Masks of everything in one picture, written as a COCO file (FORMATS section 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sam2_annotator.engine.messages import FindEverything, Found, LoadModel, Proposal, Proposals
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.formats import coco
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from sam2_annotator.jobs import targets
from sam2_annotator.jobs.listener import Listener
from sam2_annotator.jobs.pictures import picture_facts
from sam2_annotator.jobs.running import answers, load_model, ticket
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId
from sam2_annotator.values.input_size import OWN_SIZE, InputSize


@dataclass(frozen=True, slots=True)
class EverythingSpec:
    """What to do; `out` becomes the COCO file."""

    image: Path
    out: Path
    options: EverythingOptions = field(default_factory=EverythingOptions)
    label: str = "object"
    model: str = "sam2-nano"
    device: str = "auto"
    precision: str = "auto"
    size: InputSize = OWN_SIZE
    overwrite: bool = False


def run(spec: EverythingSpec, engine: EngineService, listener: Listener, token: CancelToken) -> None:
    """Look for everything and write the file, which appears whole or not at all.

    Raises:
        AnnotatorError: a wrong picture, model, device or output, each in one sentence.
        Cancelled: the token was set.
    """
    targets.check_file(spec.out, overwrite=spec.overwrite, inputs=(spec.image,))
    ref = MediaRef(ItemId(1), MediaKind.IMAGE, spec.image)
    facts = picture_facts(ref)
    wanted = LoadModel(ticket("model", token), spec.model, spec.device, spec.precision, spec.size)
    load_model(engine, wanted, listener)
    request = FindEverything(ticket("everything", token), ref, FrameIndex(0), spec.options)
    found: tuple[Proposal, ...] = ()
    for answer in answers(engine, request, listener):
        if isinstance(answer, Found):
            listener.activity(f"{answer.done}/{answer.total} points", answer.done / answer.total)
        elif isinstance(answer, Proposals):
            found = answer.proposals
    if not found:
        listener.warn("Nothing was found; the file has no annotation. Lower thresholds or more points may help.")
    token.check()
    coco.write_file(_dataset(spec, facts, found), spec.out, overwrite=spec.overwrite)


def _dataset(spec: EverythingSpec, facts: MediaFacts, found: tuple[Proposal, ...]) -> MemoryDataset:
    numbered = list(enumerate(found, start=1))
    return MemoryDataset(
        categories=[Category(1, spec.label)],
        media=[Media(1, "image", spec.image.name, spec.image, facts.width, facts.height)],
        tracks=[Track(number, 1, 1) for number, _ in numbered],
        shapes=[Shape(number, 0, one.mask, one.iou) for number, one in numbered],
    )
