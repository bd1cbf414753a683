"""Copied masks as text, so that they can be pasted in another window of the program too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sam2_annotator.masks import rle
from sam2_annotator.values.ids import ItemId, ObjectId
from sam2_annotator.values.mask import Mask

MIME = "application/x-sam2-annotator-masks+json"
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a mask was copied: the project file, and the object in it."""

    project: str
    item: ItemId
    object_id: ObjectId


@dataclass(frozen=True, slots=True)
class CopiedMask:
    """One mask with what people call it and how it looks; `label` None is unlabelled."""

    mask: Mask
    label: str | None
    colour: tuple[int, int, int] | None
    note: str
    source: Source


def to_text(masks: tuple[CopiedMask, ...]) -> str:
    """Copied masks as JSON."""
    return json.dumps({"masks": [_plain(copied) for copied in masks]}, separators=(",", ":"))


def from_text(text: str | bytes) -> tuple[CopiedMask, ...]:
    """Copied masks out of a text anyone may have written. Raises ValueError with the reason."""
    try:
        found = json.loads(text)
        masks = found["masks"]
        if not isinstance(masks, list) or len(masks) > MOST:
            raise ValueError(f"more than {MOST} masks, or no list of them")
        return tuple(_copied(entry) for entry in masks)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"these are no copied masks: {error!r:.80}") from error


def _plain(copied: CopiedMask) -> dict[str, object]:
    size, counts = rle.to_coco(copied.mask)
    source = copied.source
    return {
        "size": size,
        "counts": counts,
        "label": copied.label,
        "colour": copied.colour,
        "note": copied.note,
        "project": source.project,
        "item": source.item,
        "object": source.object_id,
    }


def _copied(entry: dict[str, Any]) -> CopiedMask:
    label, colour, note = entry["label"], entry["colour"], entry["note"]
    source = entry["project"], entry["item"], entry["object"]
    if not (label is None or isinstance(label, str)) or not isinstance(note, str) or not isinstance(source[0], str):
        raise ValueError("a label, a note or a project is no text")
    if not all(type(number) is int and 0 < number < 2**62 for number in source[1:]):
        raise ValueError("an item or an object is no number")
    if colour is not None and not (
        isinstance(colour, list) and len(colour) == 3 and all(type(c) is int and 0 <= c <= 255 for c in colour)
    ):
        raise ValueError("a colour is not three numbers from 0 to 255")
    mask = rle.from_coco(entry["size"], entry["counts"])
    shade = None if colour is None else (colour[0], colour[1], colour[2])
    return CopiedMask(mask, label, shade, note, Source(source[0], ItemId(source[1]), ObjectId(source[2])))
