"""Fine-tuning a model on labelled pictures, as the application asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sam2_annotator.engine import catalogue
from sam2_annotator.engine.loading import AUTO
from sam2_annotator.engine.report import core_errors_translated
from sam2_annotator.errors import TrainingFailed, UsageError
from sam2_core.checkpoints import recognise
from sam2_core.devices import pick_device
from sam2_core.training.command import describe, load_model
from sam2_core.training.finetune import (
    TRAINABLE,
    FineTuning,
    Lesson,
    Measured,
    Scored,
    Stepped,
    Tuned,
    fine_tune,
    general_scenes,
)
from sam2_core.training.pictures import PictureSet, read_index
from sam2_core.training.saved import write_model
from sam2_core.training.sheet import Sheet
from sam2_core.training.still_scores import Picture, by_model

__all__ = ["TRAINABLE", "Course", "Measured", "Scored", "Stepped", "Taught", "check", "describe", "teach"]

_LEAST_PIXELS = 100  # of an object that is measured
_MOST_MEASURED = 40  # objects held back
_SHOWN = 12  # rows of the contact sheet
_OF_GENERAL = 24  # pictures of a folder of general ones
_TO_GO_ON = ("stopped", "time")  # reasons after which the same command may gain more


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught: `data` is a folder of labelled pictures, "val" those held back; `general` another one, or None
    for composed scenes. `run` lies in a folder that holds nothing else of worth.
    """

    model: str
    data: Path
    run: Path
    parts: tuple[str, ...]
    steps: int
    minutes: float | None
    lr: float
    seed: int
    device: str
    general: Path | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """The model's files and pictures, in the folder of the run, and how it measures before and after."""

    reason: str
    before: Measured
    after: Measured
    fell: bool
    model: Path
    sheet: Path
    log: Path


def check(model: str, device: str, general: Path | None) -> str:
    """The device that will compute, by name, where a model can be trained here; it is not loaded yet.

    Raises:
        EngineError: there is no such model or device. UsageError: the model or `general` is not here.
    """
    if general is not None and not general.is_dir():
        raise UsageError(f"There is no folder {str(general)!r} of general pictures.", hint="Check the path.")
    with core_errors_translated():
        recognise(_name(model))
        if general is not None and not read_index(general):
            raise UsageError(f"{str(general)!r} holds no labelled pictures.", hint="Name a folder with an index.jsonl.")
        return str(pick_device(None if device == AUTO else device))


def teach(course: Course, tell: Callable[[Stepped | Scored], None], stop: Callable[[], bool]) -> Taught:
    """Fine-tune a model, or go on where it was stopped.

    Raises:
        TrainingFailed: nothing was gained. EngineError: the model cannot be trained here, or the loss is no number any
        more.
        UsageError: the run or the general pictures cannot be used.
    """
    with core_errors_translated():
        model = load_model(_name(course.model), device=None if course.device == AUTO else course.device)
        held = [entry for entry in read_index(course.data) if entry.split == "val"]
        lesson = Lesson(
            PictureSet([entry for entry in read_index(course.data) if entry.split == "train"]),
            _measured(PictureSet(held), len(held)),
            general_scenes(model.image_size) if course.general is None else _general(course.general),
        )
        sheet, rows = Sheet(), list(_rows(lesson.own))
        before = by_model(model.eval())
        for picture in rows:
            sheet.add(picture.name, picture.image, picture.objects[0], {"before": before(picture, ["box"])["box"][0]})
        how = FineTuning(course.parts, course.steps, course.minutes, lr=course.lr, seed=course.seed)
        tuned = fine_tune(model, lesson, course.run, how, tell=tell, stop=stop)
        if tuned.after.own_mean <= tuned.before.own_mean:
            if tuned.reason not in _TO_GO_ON:
                shutil.rmtree(course.run.parent, ignore_errors=True)  # the same again would end the same way
            raise TrainingFailed(
                f"Training gained nothing on the masks held back ({tuned.before.own_mean:.3f} before and after); "
                "no model was written.",
                hint="More confirmed masks, of more pictures, help most.",
            )
        after = by_model(model)
        for picture in rows:
            sheet.add(picture.name, picture.image, picture.objects[0], {"after": after(picture, ["box"])["box"][0]})
        sheet.write(course.run.parent / "sheet.png")
        write_model(course.run, model.config, model.state_dict(), _facts(course, tuned))
    fell = tuned.after.fell(tuned.before)
    files = course.run / "model.safetensors", course.run.parent / "sheet.png", course.run / "log.csv"
    return Taught(tuned.reason, tuned.before, tuned.after, fell, *files)


def _facts(course: Course, tuned: Tuned) -> dict[str, object]:
    return {
        "finetuned": {
            "from": course.model,
            "on": datetime.now(UTC).date().isoformat(),
            "steps": tuned.steps,
            "share": tuned.share,
            "parts": list(course.parts),
            "before": {"own": tuned.before.own, "general": tuned.before.general},
            "after": {"own": tuned.after.own, "general": tuned.after.general},
        }
    }


def _name(model: str) -> str:
    """As training finds models: a file where it is here."""
    file = catalogue.local_file(catalogue.find(model))
    if file is None:
        raise UsageError(f"The model {model} is not on this machine.", hint="Fetch it first, in the list of models.")
    return str(file)


def _general(folder: Path) -> list[Picture]:
    found = read_index(folder)
    chosen = [entry for entry in found if entry.split == "val"] or found
    return _measured(PictureSet(chosen), _OF_GENERAL)


def _measured(pictures: PictureSet, count: int) -> list[Picture]:
    """Up to `count` pictures with their objects, the largest ones first, and few objects in all."""
    found: list[Picture] = []
    each = max(1, _MOST_MEASURED // max(1, min(count, len(pictures))))
    for number, entry in enumerate(pictures.entries[:count]):
        labelled = entry.read()
        values, areas = np.unique(labelled.labels[labelled.labels > 0], return_counts=True)
        order = np.argsort(-areas, kind="stable")
        large = [int(values[i]) for i in order if areas[i] >= _LEAST_PIXELS] or [int(values[i]) for i in order[:1]]
        masks = tuple(labelled.labels == value for value in large[:each])
        if masks:
            found.append(Picture(f"picture {number + 1}", labelled.image, masks))
    return found


def _rows(pictures: Sequence[Picture]) -> Iterator[Picture]:
    """One object of each picture, then further ones, up to a sheet full."""
    shown = 0
    for turn in range(max(len(picture.objects) for picture in pictures)):
        for picture in pictures:
            if turn < len(picture.objects) and shown < _SHOWN:
                shown += 1
                yield Picture(f"{picture.name}, {turn + 1}", picture.image, (picture.objects[turn],))
