"""Measure models side by side: clicks and boxes on pictures, tracking of clips, with GrabCut and "keep the first mask".

An oracle clicks the pixel deepest inside the largest part of the object, then of the larger of the missed and the wrong
region; boxes are exact. One click gives the best of three masks by predicted IoU, further clicks feed the low-res
logits back. Pictures are scored by the mean IoU (J) and boundary measure (F) over objects, clips by the mean over
sequences. `--out` gets scores.csv (a line per object) and contact sheets.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sam2_core.errors import TrainingError
from sam2_core.training import sheet
from sam2_core.training.clip_scores import KEEP, PROMPTS, ClipMethod, keep, score_clip, tracked
from sam2_core.training.command import load_for_measuring, run_command
from sam2_core.training.measured_sets import Clip, coco_pictures, davis_clips, first_frames, read_rgb
from sam2_core.training.scoring import Bools
from sam2_core.training.still_scores import MEASURES, Picture, StillMethod, by_model, grabcut, score_stills

CLIPS, ALL = "clips", "all pictures"
_SHOWN = 24  # pictures, and clips, whose objects are on the contact sheets


@dataclass(frozen=True, slots=True)
class Score:
    """One object of a set (a picture's, or a clip's) under one measure by one method."""

    set: str
    name: str
    object: int
    measure: str
    method: str
    j: float
    f: float


class Report:
    """Scores as they come in, and contact sheets of the first objects."""

    def __init__(self) -> None:
        self.scores: list[Score] = []
        self.sheets: dict[str, sheet.Sheet] = {}

    def show(self, score: Score, image: npt.NDArray[np.uint8], true: Bools, found: Bools) -> None:
        """Put what was found of an object on its measure's contact sheet."""
        row = f"{score.set} {score.name} {score.object}"
        self.sheets.setdefault(score.measure, sheet.Sheet()).add(row, image, true, {score.method: found})

    def methods(self) -> list[str]:
        """Names in the order of appearance."""
        return list(dict.fromkeys(score.method for score in self.scores))

    def table(self) -> str:
        """Means per set and measure; a row for J and one for F, and for clips one for their mean."""
        methods = self.methods()
        width = max(12, *(len(name) for name in methods)) + 2
        lines = [f"{'':38}" + "".join(f"{name:>{width}}" for name in methods)]
        for of, measure in self._groups():
            own = [
                s for s in self.scores if s.measure == measure and of in (s.set, ALL) and (of != ALL or s.set != CLIPS)
            ]
            means = {name: _means([s for s in own if s.method == name]) for name in {s.method for s in own}}
            count = max(sum(s.method == name for s in own) for name in means)
            rows = [("J", 0), ("F", 1)] + ([("J&F", 2)] if of == CLIPS else [])
            for label, i in rows:
                head = f"{of}, {measure} ({count})" if i == 0 else ""
                cells = [f"{means[name][i]:.3f}" if name in means else "-" for name in methods]
                lines.append(f"{head:32}{label:>6}" + "".join(f"{cell:>{width}}" for cell in cells))
        return "\n".join(lines)

    def _groups(self) -> list[tuple[str, str]]:
        """Sets and measures in order; pictures of several sets count together as well."""
        groups = list(dict.fromkeys((score.set, score.measure) for score in self.scores))
        stills = [(of, measure) for of, measure in groups if of != CLIPS]
        together = [(ALL, measure) for _, measure in stills] if len({of for of, _ in stills}) > 1 else []
        return [*stills, *dict.fromkeys(together), *(group for group in groups if group[0] == CLIPS)]

    def write_csv(self, path: Path) -> None:
        """A line per score."""
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["set", "name", "object", "measure", "method", "j", "f"])
            for s in self.scores:
                writer.writerow([s.set, s.name, s.object, s.measure, s.method, f"{s.j:.4f}", f"{s.f:.4f}"])

    def write(self, folder: Path) -> None:
        """The table of objects, and a contact sheet per measure."""
        folder.mkdir(parents=True, exist_ok=True)
        self.write_csv(folder / "scores.csv")
        for measure, of_measure in self.sheets.items():
            of_measure.write(folder / f"{measure.replace(' ', '-')}.png")


def _means(scores: Sequence[Score]) -> tuple[float, float, float]:
    """J, F and their mean: over objects, in clips over sequences (of their objects' mean)."""
    groups: dict[str, list[Score]] = {}
    for i, score in enumerate(scores):
        groups.setdefault(score.name if score.set == CLIPS else str(i), []).append(score)
    j = float(np.mean([np.mean([s.j for s in group]) for group in groups.values()]))
    f = float(np.mean([np.mean([s.f for s in group]) for group in groups.values()]))
    return j, f, (j + f) / 2


def measure_stills(
    report: Report, name: str, pictures: Iterable[Picture], methods: dict[str, StillMethod], measures: Sequence[str]
) -> None:
    """Scores of pictures by every method."""
    for number, picture in enumerate(pictures):
        for method, segment in methods.items():
            for s in score_stills([picture], segment, measures):
                score = Score(name, s.picture, s.object, s.measure, method, s.iou, s.boundary)
                report.scores.append(score)
                if number < _SHOWN and s.object == 0:
                    report.show(score, picture.image, picture.objects[0], s.mask)


def measure_clips(
    report: Report, clips: Iterable[Clip], methods: dict[str, ClipMethod], prompts: Sequence[str]
) -> None:
    """Scores of clips by every method."""
    for number, clip in enumerate(clips):
        last = max(clip.truth)
        for prompt in prompts:
            for method, track in methods.items():
                for s in score_clip(clip, track, prompt):
                    score = Score(CLIPS, s.clip, s.object, f"first {s.prompt}", method, s.j, s.f)
                    report.scores.append(score)
                    if number < _SHOWN:
                        true = clip.objects(last).get(s.object, np.zeros_like(s.last))
                        report.show(score, read_rgb(clip.frames[last]), true, s.last)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; writes a table and contact sheets where a folder is named."""
    parser = argparse.ArgumentParser(
        prog="python -m sam2_core.training.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("models", nargs="*", help="checkpoint files, names or Hub ids")
    add("--coco", type=Path, help="a COCO file whose pictures lie beside it or in images/ there")
    add("--davis", type=Path, help="a folder with JPEGImages and Annotations; first frames count as pictures too")
    add("--size", type=int, nargs="+", help="sides of the input to measure at; default each model's own")
    add("--measures", nargs="*", choices=MEASURES, default=list(MEASURES), help="on pictures (all)")
    add("--prompts", nargs="*", choices=PROMPTS, default=list(PROMPTS), help="on clips (all)")
    add("--no-baselines", action="store_true", help="leave out GrabCut and keeping the first mask")
    add("--postprocessing", action="store_true", help="with hole filling and the stability rule")
    add("--device", help="cuda, mps or cpu; default the best there is")
    add("--out", type=Path, help="folder for scores.csv and contact sheets")
    return run_command(partial(_evaluate, parser.parse_args(arguments)))


def _evaluate(options: argparse.Namespace) -> None:
    if options.coco is None and options.davis is None:
        raise TrainingError("There is nothing to measure on; name a COCO file with --coco or clips with --davis.")
    stills: dict[str, StillMethod] = {}
    trackers: dict[str, ClipMethod] = {}
    for name in options.models:
        for size in options.size or [None]:
            model = load_for_measuring(
                name, device=options.device, image_size=size, postprocessing=options.postprocessing
            )
            title = f"{_title(name)}@{model.image_size}"
            if title in stills:
                raise TrainingError(f"Two models are called {title}; rename a file.")
            stills[title], trackers[title] = by_model(model), tracked(model)
    if not options.no_baselines:
        stills["GrabCut"], trackers[KEEP] = grabcut, keep
    clips = davis_clips(options.davis) if options.davis is not None else []
    report = Report()
    if options.coco is not None:
        measure_stills(report, "coco", coco_pictures(options.coco), stills, options.measures)
    measure_stills(report, "davis", first_frames(clips), stills, options.measures)
    measure_clips(report, clips, trackers, options.prompts)
    print(report.table())
    if options.out is not None:
        report.write(options.out)


def _title(name: str) -> str:
    """Short name of a model in the table: runs are named by their folder."""
    path = Path(name)
    return path.parent.name if path.stem == "model" else path.stem if path.suffix == ".safetensors" else path.name


if __name__ == "__main__":
    sys.exit(main())
