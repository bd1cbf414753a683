"""Fine-tuning a model on what a person confirmed in a project; nothing of the project is written."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sam2_annotator import media
from sam2_annotator.doc import Place
from sam2_annotator.engine import teaching
from sam2_annotator.engine.teaching import Course, Measured, Scored, Stepped
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import EngineError, MediaError, TrainingFailed, UsageError
from sam2_annotator.formats.model import Media
from sam2_annotator.jobs import targets
from sam2_annotator.jobs.dataset_view import ProjectView
from sam2_annotator.jobs.spec import Scope
from sam2_annotator.masks import rle
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId
from sam2_annotator.values.mask import Mask

LEAST_MASKS, LEAST_PICTURES = 10, 3
LEAST_TO_LEARN_FROM = 2  # pictures
_STRETCHES = 4  # of a clip; frames of one stretch are learned from or held back together
_LONGEST_SIDE = 1024  # of a picture that is learned from
_BYTES_A_PICTURE = 1 << 20
_ASKED = "asked"  # tells runs apart

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FinetuneSpec:
    """What to do: no `labels` means all objects; `out` becomes the model's file, its facts and pictures beside it.
    `held_out` is the share of masks that are kept to measure, one picture at least and half of the masks at most.
    """

    project: Path
    model: str
    out: Path
    labels: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("decoder",)
    steps: int = 300
    minutes: float | None = None
    lr: float = 1e-4
    held_out: float = 0.25
    seed: int = 0
    device: str = "auto"
    general: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What there is to learn from; `held_out` of the `masks` are kept to measure."""

    masks: int
    held_out: int
    pictures: int
    clips: int
    labels: Mapping[str, int]
    parts: tuple[str, ...]
    device: str


@dataclass(frozen=True, slots=True)
class Done:
    """The model that came out, and how it measures beside the old one."""

    reason: str
    before: Measured
    after: Measured
    general_fell: bool
    model: Path
    name: str
    sheet: Path
    log: Path


Event = Prepared | Stepped | Scored | Done


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame and its confirmed masks. Frames of one `unit` are learned from or held back together."""

    ref: MediaRef
    frame: int
    masks: tuple[Mask, ...]
    labels: tuple[str, ...]
    unit: tuple[int, int]


def run(spec: FinetuneSpec, tell: Callable[[Event], None], token: CancelToken) -> None:
    """Fine-tune; what was begun and stopped by a kill goes on when the same is asked again.

    Raises:
        AnnotatorError: too little to learn from, a wrong label, model, device or output, each in one sentence and
        before any training; TrainingFailed after that. Cancelled: the token was set before anything was learned.
    """
    device = _check(spec)
    with ProjectView.open(Place.at(spec.project), Scope.CONFIRMED) as view:
        frames = _frames(view, spec.labels)
    train, held = _split(frames, spec)
    _check_media(frames)
    _check_room(spec.out.absolute().parent, len(frames))
    tell(_prepared(spec, frames, held, device))
    if spec.dry_run:
        return
    try:
        done = _learned(spec, train, held, tell, token)
    except OSError as error:
        raise TrainingFailed(teaching.describe(error)) from error
    except EngineError as error:
        raise TrainingFailed(error.message, hint=error.hint, details=error.details) from error
    tell(done)


def _learned(
    spec: FinetuneSpec,
    train: Sequence[_Frame],
    held: Sequence[_Frame],
    tell: Callable[[Event], None],
    token: CancelToken,
) -> Done:
    """Train beside the model's file, or go on there, and put the model in its place."""
    work = spec.out.with_name(f"{spec.out.name}.partial")
    _begin_anew_unless_asked_before(work, spec, train, held)
    data = _write_data(work / "data", train, held, token)
    course = Course(
        spec.model,
        data,
        work / "run",
        spec.parts,
        spec.steps,
        spec.minutes,
        spec.lr,
        spec.seed,
        spec.device,
        spec.general,
    )
    taught = teaching.teach(course, tell, lambda: token.is_set)
    beside = {end: spec.out.with_suffix(end) for end in (".json", ".csv", ".png")}
    shutil.copyfile(taught.log, beside[".csv"])
    shutil.copyfile(taught.sheet, beside[".png"])
    taught.model.with_suffix(".json").replace(beside[".json"])
    taught.model.replace(spec.out)  # last: a model is there with all that belongs to it
    shutil.rmtree(work, ignore_errors=True)
    figures = taught.before, taught.after, taught.fell
    return Done(taught.reason, *figures, spec.out, spec.out.stem, beside[".png"], beside[".csv"])


def _begin_anew_unless_asked_before(
    work: Path, spec: FinetuneSpec, train: Sequence[_Frame], held: Sequence[_Frame]
) -> None:
    """A run goes on with the same masks and settings alone; what another one left is cleared away."""
    recipe = spec.model, spec.parts, spec.lr, spec.seed, [_name(frame) for frame in train], [_name(f) for f in held]
    asked, path = hashlib.sha256(repr(recipe).encode()).hexdigest(), work / _ASKED
    if path.is_file() and path.read_text(encoding="utf-8") != asked:
        shutil.rmtree(work)
    work.mkdir(exist_ok=True)
    path.write_text(asked, encoding="utf-8")


def _check(spec: FinetuneSpec) -> str:
    """The device that will compute."""
    if not spec.project.is_file():
        raise UsageError(f"There is no project {str(spec.project)!r}.", hint="Name a .sam2proj file.")
    if spec.out.suffix != ".safetensors":
        raise UsageError(f"The model {spec.out.name!r} must end in .safetensors.", hint="Name the file so.")
    for end in (".safetensors", ".json", ".csv", ".png"):
        if spec.out.with_suffix(end).exists():
            raise UsageError(
                f"{str(spec.out.with_suffix(end))!r} exists already, and no model is replaced.",
                hint="Choose another name.",
            )
        targets.check_file(spec.out.with_suffix(end), overwrite=False, inputs=())
    unknown = [part for part in spec.parts if part not in teaching.TRAINABLE]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no part that can learn here; use {' or '.join(teaching.TRAINABLE)}.")
    return teaching.check(spec.model, spec.device, spec.general)


def _frames(view: ProjectView, labels: Sequence[str]) -> list[_Frame]:
    """All frames with confirmed masks of these labels. Raises UsageError for a label that is not there."""
    names = {category.id: category.name for category in view.categories()}
    missing = [label for label in labels if label not in names.values()]
    if missing:
        known = ", ".join(sorted(names.values())) or "none"
        raise UsageError(f"The project has no label {missing[0]!r}.", hint=f"Its labels: {known}.")
    found: list[_Frame] = []
    for item in view.media():
        category = {track.id: names[track.category_id] for track in view.tracks(item)}
        known_frames = view.frames(item)
        for place, frame in enumerate(known_frames):
            shapes = [s for s in view.shapes(item, frame) if s.mask and (not labels or category[s.track_id] in labels)]
            if shapes:
                unit = item.id, place * _STRETCHES // len(known_frames)
                masks = tuple(shape.mask for shape in shapes if shape.mask)
                found.append(_Frame(_ref(item), frame, masks, tuple(category[s.track_id] for s in shapes), unit))
    return found


def _ref(item: Media) -> MediaRef:
    kind = MediaKind.IMAGE
    if item.kind == "video":  # a folder, or a picture file with pages, is no video file
        kind = MediaKind.VIDEO if media.classify(item.path) is MediaKind.VIDEO else MediaKind.FRAMES
    return MediaRef(ItemId(item.id), kind, item.path)


def _split(frames: Sequence[_Frame], spec: FinetuneSpec) -> tuple[list[_Frame], list[_Frame]]:
    """What is learned from, and what is held back: whole pictures or stretches of clips.

    Raises:
        UsageError: there is too little.
    """
    of_unit: dict[tuple[int, int], list[_Frame]] = {}
    for frame in frames:
        of_unit.setdefault(frame.unit, []).append(frame)
    masks, units = sum(len(frame.masks) for frame in frames), sorted(of_unit)
    what = f" of {', '.join(spec.labels)}" if spec.labels else ""
    if masks < LEAST_MASKS:
        raise UsageError(
            f"{masks} confirmed masks{what} are too few to learn from; {LEAST_MASKS} are needed.",
            hint="Confirm more of them (C).",
        )
    if len(units) < LEAST_PICTURES:
        raise UsageError(
            f"The confirmed masks{what} lie in too few pictures ({len(units)}); {LEAST_PICTURES} are needed.",
            hint="Confirm masks in further pictures, so that some can be held back to measure.",
        )
    random.Random(spec.seed).shuffle(units)
    held: list[tuple[int, int]] = []
    kept = 0
    for unit in units:
        size = sum(len(frame.masks) for frame in of_unit[unit])
        enough = bool(held) and kept >= spec.held_out * masks
        if not enough and kept + size <= masks / 2 and len(held) < len(units) - LEAST_TO_LEARN_FROM:
            held.append(unit)
            kept += size
    train = sorted(set(units) - set(held))
    return [frame for unit in train for frame in of_unit[unit]], [frame for unit in held for frame in of_unit[unit]]


def _check_media(frames: Sequence[_Frame]) -> None:
    for path in dict.fromkeys(frame.ref.path for frame in frames):
        if not path.exists():
            raise MediaError(f"{path.name!r} has confirmed masks but is not where it was.", hint=f"Looked for {path}.")


def _prepared(spec: FinetuneSpec, frames: Sequence[_Frame], held: Sequence[_Frame], device: str) -> Prepared:
    items = {frame.ref.item: frame.ref for frame in frames}
    clips = sum(ref.is_clip for ref in items.values())
    return Prepared(
        sum(len(frame.masks) for frame in frames),
        sum(len(frame.masks) for frame in held),
        len(items) - clips,
        clips,
        dict(Counter(label for frame in frames for label in frame.labels)),
        spec.parts,
        device,
    )


def _check_room(folder: Path, frames: int) -> None:
    needed = frames * _BYTES_A_PICTURE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UsageError(
            f"The disk of {str(folder)!r} has {free >> 20} MiB left, and {needed >> 20} MiB are needed.",
            hint="Make room, or name a file elsewhere.",
        )


def _write_data(folder: Path, train: Sequence[_Frame], held: Sequence[_Frame], token: CancelToken) -> Path:
    """The pictures with their masks, as training reads them. Raises MediaError where a picture cannot be read."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for split, frames in (("train", train), ("val", held)):
        for frame, pixels in _read(frames):
            token.check()
            name = _name(frame)
            _write_picture(folder, name, pixels, frame.masks)
            lines.append(json.dumps({"image": f"{name}.jpg", "mask": f"{name}.png", "set": "own", "split": split}))
    (folder / "index.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _name(frame: _Frame) -> str:
    return hashlib.sha256(repr((str(frame.ref.path), frame.frame, frame.masks)).encode()).hexdigest()[:24]


def _read(frames: Sequence[_Frame]) -> Iterator[tuple[_Frame, Pixels]]:
    """Frames with their pixels, item by item, so that each is opened once."""
    items: dict[MediaRef, list[_Frame]] = {}
    for frame in frames:
        items.setdefault(frame.ref, []).append(frame)
    for ref, of_item in items.items():
        try:
            source = media.open_source(ref)
        except MediaError as error:
            raise MediaError(
                f"{ref.path.name!r} has confirmed masks but cannot be read: {error.message}", hint=error.hint
            ) from error
        with closing(source):
            for frame in sorted(of_item, key=lambda one: one.frame):
                yield frame, source.frame(FrameIndex(frame.frame))


def _write_picture(folder: Path, name: str, pixels: Pixels, masks: Sequence[Mask]) -> None:
    height, width = pixels.shape[:2]
    labels = np.zeros((height, width), np.uint16)
    smallest_in_front = sorted(masks, key=lambda mask: mask.area, reverse=True)
    for number, mask in enumerate(smallest_in_front, start=1):
        labels[rle.decode(mask)] = number
    scale = min(1.0, _LONGEST_SIDE / max(height, width))
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        labels = np.asarray(cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST), np.uint16)
    for ending, content, options in (
        (".jpg", np.ascontiguousarray(pixels[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 95]),
        (".png", labels, []),
    ):
        done, encoded = cv2.imencode(ending, content, options)
        assert done
        (folder / f"{name}{ending}").write_bytes(encoded.tobytes())
