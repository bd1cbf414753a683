"""`sam2-annotator finetune`: a model that learned from the masks a person confirmed in a project."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sam2_annotator import paths
from sam2_annotator.cli import arguments as args
from sam2_annotator.cli.progress import Terminal, time_left
from sam2_annotator.engine import catalogue
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, Cancelled, TrainingFailed, UsageError

if TYPE_CHECKING:  # imports torch: after the arguments are known to be good
    from sam2_annotator.jobs.finetune import Done, Event, Prepared

_NAME = re.compile(r"[\w][\w .+-]{0,60}")
_MOST_STEPS, _MOST_MINUTES = 100_000, 10_000
Scores = Mapping[str, float]


def run(arguments: Sequence[str], terminal: Terminal, token: CancelToken) -> None:
    """Read the arguments and fine-tune. Raises AnnotatorError, Cancelled."""
    options = _parser().parse(arguments)
    told_as_json = options.progress == "json"
    try:
        out = _out(options.out, options.name, options.project)
        from sam2_annotator.jobs import finetune

        spec = finetune.FinetuneSpec(
            options.project,
            options.model,
            out,
            labels=tuple(options.label),
            parts=tuple(options.parts),
            steps=options.steps,
            minutes=options.minutes,
            lr=options.lr,
            held_out=options.held_out,
            seed=options.seed,
            device=options.device,
            general=options.general,
            dry_run=options.dry_run,
        )
        if told_as_json:
            _stop_with_input(token)
        finetune.run(spec, _told_as_json if told_as_json else _Spoken(terminal), token)
    except AnnotatorError as error:
        if told_as_json:
            kind = "failed" if isinstance(error, TrainingFailed) else "refused"
            _line({"event": kind, "message": f"{error.message} {error.hint}".strip()})
        raise
    except Cancelled:
        if told_as_json:
            _line({"event": "failed", "message": "Stopped before anything was learned."})
        raise
    terminal.clear()


def _parser() -> args.Parser:
    parser = args.Parser(
        "sam2-annotator finetune",
        "Let a model learn from the confirmed masks of a project. Some pictures are held back to measure what it "
        "learned; general pictures tell whether it forgot. The project is not changed, and no model is replaced.",
    )
    add = parser.add_argument
    add("project", metavar="PROJECT", type=args.path, help="the project file")
    add("--model", metavar="M", default=args.DEFAULT_MODEL, help="the model that learns (default: %(default)s)")
    add("--out", metavar="FILE.safetensors", type=args.path, help="the new model (default: in the list of models)")
    add("--name", metavar="NAME", help="what it is called in the list of models (default: the project's name)")
    add("--label", type=args.label, action="append", default=[], help="learn objects of this label alone; repeatable")
    add(
        "--parts",
        metavar="PART",
        nargs="+",
        default=["decoder"],
        help="what learns: decoder (masks), neck (fine detail; slower) (default: decoder)",
    )
    add("--steps", metavar="N", type=args.whole(1, _MOST_STEPS), default=300, help="most steps (default: %(default)s)")
    add("--minutes", metavar="N", type=args.whole(1, _MOST_MINUTES), help="stop after this time")
    add("--lr", metavar="X", type=args.share, default=1e-4, help="largest step size (default: %(default)s)")
    add("--held-out", metavar="X", type=args.share, default=0.25, help="share of masks to measure on (default: 0.25)")
    add("--seed", metavar="N", type=args.whole(0, 10**9), default=0, help="everything random follows from it")
    add("--device", metavar="D", default="auto", help="auto, cpu, cuda, cuda:N or mps (default: %(default)s)")
    add("--general", metavar="FOLDER", type=args.path, help="labelled pictures that show whether it forgets")
    add("--dry-run", action="store_true", help="say what there is to learn from, and stop")
    add("--progress", choices=("text", "json"), default="text", help="json: a line of JSON for each event, on stdout")
    return parser


def _out(out: Path | None, name: str | None, project: Path) -> Path:
    if out is not None:
        if name is not None:
            raise UsageError("--out and --name cannot be given together.", hint="--out names the file itself.")
        return out
    name = name if name is not None else project.stem
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be the name of a model.", hint="Use letters, digits, spaces and - _ . +")
    if catalogue.is_reserved(name):
        raise UsageError(f"{name!r} is the name of another model.", hint="Choose another name; no model is replaced.")
    folder = paths.models_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.safetensors"


class _Spoken:
    """Events as sentences and a bar."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __call__(self, event: Event) -> None:
        from sam2_annotator.engine.teaching import Scored, Stepped
        from sam2_annotator.jobs.finetune import Done, Prepared

        match event:
            case Prepared():
                self._terminal.say(_prepared(event))
            case Stepped():
                left = f"loss {event.loss:.3f}, {time_left(event.seconds_left)} left"
                self._terminal.activity(f"step {event.step}/{event.of}, {left}", event.step / event.of)
            case Scored():
                own, general = event.measured.own, event.measured.general
                self._terminal.say(f"step {event.step:5}  own: {_scores(own)}  general: {_scores(general)}")
            case Done():
                self._terminal.say(_done(event))


def _prepared(event: Prepared) -> str:
    labels = ", ".join(f"{count} {label}" for label, count in event.labels.items())
    places = f"{event.pictures} pictures and {event.clips} clips"
    return f"{event.masks} confirmed masks ({labels}) in {places}; {event.held_out} are held back to measure."


def _done(event: Done) -> str:
    lines = [
        f"The model is {event.model} ({event.reason}).",
        f"own      before: {_scores(event.before.own)}  after: {_scores(event.after.own)}",
        f"general  before: {_scores(event.before.general)}  after: {_scores(event.after.general)}",
    ]
    if event.general_fell:
        lines.append("On general pictures it is worse than before: use it for these objects alone.")
    return "\n".join(lines)


def _scores(scores: Scores) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in scores.items())


def _told_as_json(event: Event) -> None:
    _line(_as_json(event))


def _as_json(event: Event) -> dict[str, object]:
    from sam2_annotator.engine.teaching import Scored, Stepped
    from sam2_annotator.jobs.finetune import Done, Prepared

    match event:
        case Prepared():
            return {
                "event": "prepared",
                "masks": event.masks,
                "held_out": event.held_out,
                "pictures": event.pictures,
                "clips": event.clips,
                "labels": dict(event.labels),
                "parts": list(event.parts),
                "device": event.device,
            }
        case Stepped():
            return {
                "event": "step",
                "step": event.step,
                "of": event.of,
                "loss": round(event.loss, 4),
                "seconds": round(event.seconds, 1),
                "seconds_left": round(event.seconds_left, 1),
            }
        case Scored():
            return {"event": "scores", "step": event.step, "own": event.measured.own, "general": event.measured.general}
        case Done():
            return {
                "event": "done",
                "reason": event.reason,
                "before": {"own": event.before.own, "general": event.before.general},
                "after": {"own": event.after.own, "general": event.after.general},
                "general_fell": event.general_fell,
                "model": str(event.model),
                "name": event.name,
                "sheet": str(event.sheet),
                "log": str(event.log),
            }


def _line(event: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def _stop_with_input(token: CancelToken) -> None:
    """The line "stop" on stdin, or its end, stops the work: a child does not outlive the window."""
    read: Callable[[], str] = sys.stdin.readline

    def wait() -> None:
        with suppress(OSError, ValueError):  # an input that cannot be read is at its end
            while (line := read()) and line.strip() != "stop":
                pass
        token.set()

    threading.Thread(target=wait, name="stop", daemon=True).start()
