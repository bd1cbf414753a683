"""Masks of objects through one clip, written as COCO video (FORMATS sections 5.2 and 11)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sam2_annotator import __version__, media
from sam2_annotator.engine import sweeps
from sam2_annotator.engine.messages import FrameMasks, KeyFrame, LoadModel, ObjectKeys, Propagate, Warned
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.sweeps import Sweep
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, Cancelled, UsageError
from sam2_annotator.formats import coco_video
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from sam2_annotator.jobs import prompts_file, targets
from sam2_annotator.jobs.listener import Listener
from sam2_annotator.jobs.prompts_file import TrackObject
from sam2_annotator.jobs.running import answers, load_model, ticket
from sam2_annotator.jobs.track_partial import DoneFrame, Partial
from sam2_annotator.media.header import picture_facts
from sam2_annotator.media.identity import fingerprint
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.input_size import OWN_SIZE, InputSize
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import Direction


@dataclass(frozen=True, slots=True)
class TrackSpec:
    """What to do. `frames` is the half-open range of source frames, None for the clip's end on that side; `out`
    becomes the folder; `resume` goes on from what an interrupted run left.
    """

    video: Path
    prompts: Path
    out: Path
    frames: tuple[int | None, int | None] = (None, None)
    direction: Direction = Direction.FORWARD
    model: str = "sam2-nano"
    device: str = "auto"
    precision: str = "auto"
    size: InputSize = OWN_SIZE
    overwrite: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """A checked job: the clip, what to track in it, and the plan."""

    ref: MediaRef
    facts: MediaFacts
    objects: tuple[TrackObject, ...]
    plan: tuple[Sweep, ...]


def run(spec: TrackSpec, engine: EngineService, listener: Listener, token: CancelToken) -> None:
    """Track the objects and write the folder, which appears whole or not at all.

    When the token is set, finished frames stay in `DIR.partial` and Cancelled is raised.

    Raises:
        AnnotatorError: a wrong clip, prompt, model, device or output, each in one sentence.
        Cancelled: the token was set.
    """
    out = spec.out.resolve()
    targets.check_folder(out, overwrite=spec.overwrite, inputs=(spec.video, spec.prompts))
    work = _prepared(spec, listener)
    partial = Partial(out.with_name(f"{out.name}.partial"), _digest(spec, work))
    if spec.resume:
        partial.resume()
    try:
        wanted = LoadModel(ticket("model", token), spec.model, spec.device, spec.precision, spec.size)
        load_model(engine, wanted, listener)
        _track(work, partial, engine, listener, token)
        coco_video.write_folder(_dataset(work, partial.frames), out, overwrite=spec.overwrite)
    except (Cancelled, KeyboardInterrupt):
        partial.close()
        if partial.frames:
            kept = f"{len(partial.frames)} finished frames are kept in {str(partial.folder)!r}"
            listener.warn(f"{kept}; --resume goes on from them.")
        raise
    except (AnnotatorError, OSError):
        partial.withdraw()
        raise
    partial.discard()


def _prepared(spec: TrackSpec, listener: Listener) -> _Work:
    """Everything that can be wrong is found here, before a model is loaded."""
    kind = _clip_kind(spec.video)
    if kind is MediaKind.IMAGE:
        raise UsageError(f"{str(spec.video)!r} is a picture, not a clip.", hint="Use 'sam2-annotator segment'.")
    ref = MediaRef(ItemId(1), kind, spec.video)
    with closing(media.open_source(ref)) as source:
        facts = source.facts
        if source.warning:
            listener.warn(source.warning)
    frames = _frames(spec.frames, facts.frames)
    objects, warnings = prompts_file.read(spec.prompts, facts, frames)
    for warning in warnings:
        listener.warn(warning)
    plan = sweeps.plan(
        {one.id: [given.frame for given in one.prompts] for one in objects},
        origin=FrameIndex(frames[-1] if spec.direction is Direction.BACKWARD else frames[0]),
        start=FrameIndex(frames[0]),
        stop=FrameIndex(frames[-1]),
        direction=spec.direction,
    )
    return _Work(ref, facts, objects, plan)


def _frames(given: tuple[int | None, int | None], length: int) -> range:
    first = 0 if given[0] is None else given[0]
    end = length if given[1] is None else given[1]
    if not 0 <= first < end <= length:
        raise UsageError(
            f"--frames {first}:{end} does not fit the clip of {length} frames.",
            hint=f"0 <= A < B <= {length} must hold.",
        )
    return range(first, end)


def _digest(spec: TrackSpec, work: _Work) -> str:
    """Names the work: the same for the same clip, prompts, range, direction, model, precision and size of its input."""
    model = (spec.model, spec.precision, spec.size)
    parts = (__version__, fingerprint(spec.video), work.objects, work.plan, model)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _track(work: _Work, partial: Partial, engine: EngineService, listener: Listener, token: CancelToken) -> None:
    """Run the sweeps that are not finished yet, one request each."""
    total = sum(map(len, work.plan))
    for number, sweep in enumerate(work.plan):
        finished = [done for done in partial.frames if done.sweep == number]
        rest = _rest(sweep, len(finished))
        if rest is None:
            continue
        request = Propagate(
            ticket("track", token),
            work.ref,
            origin=rest.first,
            start=min(rest.first, rest.last),
            stop=max(rest.first, rest.last),
            direction=Direction.BACKWARD if rest.backward else Direction.FORWARD,
            objects=_keys(work.objects, sweep, finished),
        )
        for answer in answers(engine, request, listener):
            if isinstance(answer, Warned):
                listener.warn(answer.text)
            if isinstance(answer, FrameMasks):
                partial.add(number, answer)
                done = len(partial.frames)
                left = None if answer.seconds_left is None else (total - done) / answer.rate
                listener.frames(done, total, rate=answer.rate, seconds_left=left)


def _rest(sweep: Sweep, finished: int) -> Sweep | None:
    """What is left of a sweep after its first frames."""
    if finished >= len(sweep):
        return None
    step = -finished if sweep.backward else finished
    return Sweep(FrameIndex(sweep.first + step), sweep.last, sweep.objects, sweep.backward)


def _keys(objects: Sequence[TrackObject], sweep: Sweep, finished: Sequence[DoneFrame]) -> tuple[ObjectKeys, ...]:
    """The key frames of the objects of a sweep; going on, the last finished masks count as key frames too, since the
    tracker's own memory of them is gone.
    """
    last = {one.object_id: (finished[-1].frame, one.mask) for one in finished[-1].objects} if finished else {}
    keys = []
    for one in objects:
        if one.id not in sweep.objects:
            continue
        given = {entry.frame: KeyFrame(entry.frame, entry.prompts) for entry in one.prompts}
        frame, mask = last.get(one.id, (None, None))
        if frame is not None and mask:
            given.setdefault(frame, KeyFrame(frame, PromptSet(), mask=mask))
        keys.append(ObjectKeys(one.id, tuple(given[number] for number in sorted(given))))
    return tuple(keys)


def _clip_kind(path: Path) -> MediaKind:
    """A folder of pictures and a picture file with pages are clips too."""
    kind = media.classify(path)
    if kind == "folder" or (kind is MediaKind.IMAGE and picture_facts(path).frames > 1):
        return MediaKind.FRAMES
    return kind


def _dataset(work: _Work, frames: Sequence[DoneFrame]) -> MemoryDataset:
    labels = list(dict.fromkeys(one.label for one in work.objects))
    folder = work.ref.path.is_dir()
    names = tuple(path.name for path in media.list_pictures(work.ref.path)) if folder else ()
    clip = Media(
        1,
        "video",
        work.ref.path.resolve().name if folder else work.ref.path.stem,
        work.ref.path,
        work.facts.width,
        work.facts.height,
        work.facts.frames,
        work.facts.fps,
        frame_names=names,
    )
    return MemoryDataset(
        categories=[Category(number, label) for number, label in enumerate(labels, start=1)],
        media=[clip],
        tracks=[Track(one.id, 1, labels.index(one.label) + 1) for one in work.objects],
        shapes=list(_shapes(frames)),
    )


def _shapes(frames: Sequence[DoneFrame]) -> Iterator[Shape]:
    """One shape for every object and frame; of a frame visited twice the later visit counts."""
    newest: dict[tuple[ObjectId, FrameIndex], Shape] = {}
    for done in frames:
        for one in done.objects:
            key = (one.object_id, done.frame)
            newest[key] = Shape(one.object_id, done.frame, one.mask or None, one.iou if one.mask else None)
    yield from newest.values()
