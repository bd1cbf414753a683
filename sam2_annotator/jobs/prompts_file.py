"""PROMPTS.json: which objects to track, and the prompts of each. Everything in it is checked before it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sam2_annotator.errors import UsageError
from sam2_annotator.jobs.mask_file import read_mask
from sam2_annotator.jobs.prompt_check import fitted
from sam2_annotator.values.frame import MediaFacts
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.prompt import Box, Point, PromptSet

DEFAULT_LABEL = "object"
_LARGEST_FILE = 64 * 2**20
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class FramePrompts:
    """The prompts of an object on one frame."""

    frame: FrameIndex
    prompts: PromptSet


@dataclass(frozen=True, slots=True)
class TrackObject:
    """An object to track; `prompts` in frame order, at least one entry."""

    id: ObjectId
    label: str
    prompts: tuple[FramePrompts, ...]


def read(path: Path, facts: MediaFacts, frames: range) -> tuple[tuple[TrackObject, ...], tuple[str, ...]]:
    """The objects of a prompts file and what to warn of.

    `facts` are those of the clip, `frames` the frames that shall be tracked.

    Raises:
        UsageError: the file cannot be read or breaks a rule; the sentence names the object and the frame.
    """
    warnings: list[str] = []
    root = _object(_parse(path), "The prompts file", known={"objects"})
    objects = []
    for number, entry in enumerate(_filled_list(root.get("objects"), 'The prompts file: "objects"'), start=1):
        objects.append(_track_object(entry, number, _Context(path.parent, facts, frames, warnings)))
    _check_unique((obj.id for obj in objects), "The prompts file", "object")
    return tuple(objects), tuple(warnings)


@dataclass(frozen=True, slots=True)
class _Context:
    folder: Path
    facts: MediaFacts
    frames: range
    warnings: list[str]


def _parse(path: Path) -> object:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UsageError(f"The prompts file {str(path)!r} is larger than {_LARGEST_FILE // 2**20} MiB.")
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The prompts file {str(path)!r} cannot be read: {reason}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The prompts file {str(path)!r} is not valid JSON: {error}.") from error


def _track_object(entry: object, number: int, context: _Context) -> TrackObject:
    where = f"Object number {number} of the prompts file"
    fields = _object(entry, where, known={"id", "label", "prompts"})
    identity = fields.get("id")
    if type(identity) is not int or not 1 <= identity <= _LARGEST_ID:
        raise UsageError(f'{where}: "id" must be a whole number from 1 to {_LARGEST_ID}.')
    where = f"Object {identity}"
    label = fields.get("label", DEFAULT_LABEL)
    if not isinstance(label, str) or not label.strip():
        raise UsageError(f'{where}: "label" must be a text that is not empty.')
    entries = _filled_list(fields.get("prompts"), f'{where}: "prompts"')
    prompts = sorted((_frame_prompts(entry, where, context) for entry in entries), key=lambda given: given.frame)
    _check_unique((given.frame for given in prompts), where, "frame")
    return TrackObject(ObjectId(identity), label, tuple(prompts))


def _frame_prompts(entry: object, where: str, context: _Context) -> FramePrompts:
    fields = _object(entry, f"{where}: an entry of its prompts", known={"frame", "points", "box", "mask"})
    frame = fields.get("frame")
    if type(frame) is not int:
        raise UsageError(f'{where}: each entry of its prompts needs a "frame", a whole number.')
    where = f"{where}, frame {frame}"
    if not 0 <= frame < context.facts.frames:
        raise UsageError(f"{where}: the clip has the frames 0 to {context.facts.frames - 1}.")
    if frame not in context.frames:
        raise UsageError(f"{where}: this frame is outside --frames {context.frames.start}:{context.frames.stop}.")
    width, height = context.facts.width, context.facts.height
    mask = None
    if "mask" in fields:
        name = fields["mask"]
        if not isinstance(name, str) or not name or "\0" in name:
            raise UsageError(f'{where}: "mask" must be the path of a picture.')
        mask = read_mask(context.folder / name, width=width, height=height, where=where)
    given = PromptSet(_points(fields, where), _box(fields, where), mask)
    prompts, warnings = fitted(given, width=width, height=height, where=where)
    context.warnings.extend(warnings)
    return FramePrompts(FrameIndex(frame), prompts)


def _points(fields: dict[str, object], where: str) -> tuple[Point, ...]:
    if "points" not in fields:
        return ()
    entries = fields["points"]
    if not isinstance(entries, list):
        raise UsageError(f'{where}: "points" must be a list of [x, y] or [x, y, 0 or 1].')
    return tuple(_point(entry, where) for entry in entries)


def _point(entry: object, where: str) -> Point:
    if not isinstance(entry, list) or len(entry) not in (2, 3) or not all(map(_is_number, entry)):
        raise UsageError(f"{where}: a point is [x, y] or [x, y, 0 or 1].")
    if len(entry) == 3 and entry[2] not in (0, 1):
        raise UsageError(f"{where}: the third value of a point is 1 (positive) or 0 (negative).")
    return Point(_as_float(entry[0]), _as_float(entry[1]), positive=len(entry) == 2 or entry[2] == 1)


def _box(fields: dict[str, object], where: str) -> Box | None:
    if "box" not in fields:
        return None
    entry = fields["box"]
    if not isinstance(entry, list) or len(entry) != 4 or not all(map(_is_number, entry)):
        raise UsageError(f'{where}: "box" must be [x0, y0, x1, y1].')
    return Box(*map(_as_float, entry))


def _object(value: object, where: str, *, known: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a JSON object.")
    unknown = sorted(value.keys() - known)
    if unknown:
        raise UsageError(f"{where}: unknown key {unknown[0]!r}.", hint=f"Known keys: {', '.join(sorted(known))}.")
    return value


def _filled_list(value: object, where: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise UsageError(f"{where} must be a list with at least one entry.")
    return value


def _check_unique(numbers: Iterable[int], where: str, what: str) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            raise UsageError(f"{where}: {what} {number} is given twice.")
        seen.add(number)


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


def _as_float(value: int | float) -> float:
    """JSON whole numbers have no bounds; one too large for a float is as good as infinite."""
    try:
        return float(value)
    except OverflowError:
        return float("inf")
