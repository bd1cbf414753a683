"""Label sets in files: our own JSON, plain text with a name on each line, and the categories of a COCO file.

The layout of the JSON is in docs/developer/FORMATS.md, section 12.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sam2_annotator.errors import FormatError
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue
from sam2_annotator.values.label_set import LabelSet, LabelSpec
from sam2_annotator.values.palette import RGB

FORMAT, VERSION = "sam2-annotator label set", 1
MAX_LABELS = 10_000
MAX_ATTRIBUTES = 1000
MAX_NAME = 200
_WHOLE_FILE = 16 << 20  # a larger file is not read as a whole: only the categories of a COCO file are looked for
_CATEGORIES = re.compile(rb'"categories"\s*:\s*(?=\[)')
_HINT = "Choose a label set, a text file with one name a line, or a COCO file."


def read(path: Path) -> LabelSet:
    """The label set in a file. Raises FormatError for anything else, in one sentence."""
    try:
        if path.stat().st_size > _WHOLE_FILE:
            return _from_categories(path, _categories_of_large(path))
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path.name} cannot be read.", hint="Check the file.", details=str(error)) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name} is not a text file in UTF-8.", hint=_HINT) from error
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(path, text)
    return _checked(path, tuple(LabelSpec(line.strip()) for line in text.splitlines() if line.strip()))


def write(path: Path, labels: LabelSet) -> None:
    """Write our JSON; a file that is there is replaced whole or not at all. Raises FormatError."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "labels": [_label_json(label) for label in labels.labels],
        "attributes": [_attribute_json(attribute) for attribute in labels.attributes],
        "default_label": labels.default,
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, UnicodeEncodeError) as error:
        raise FormatError(
            f"The label set cannot be written to {path}.", hint="Choose another folder.", details=str(error)
        ) from error


def _from_json(path: Path, text: str) -> LabelSet:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path.name} is damaged: it is not valid JSON.", hint=_HINT, details=str(error)) from error
    match found:
        case {"format": str(name)} if name == FORMAT:
            return _from_ours(path, found)
        case {"categories": list(categories)} | list(categories):
            return _from_categories(path, categories)
    raise FormatError(f"{path.name} holds no labels.", hint=_HINT)


def _from_ours(path: Path, found: dict[str, Any]) -> LabelSet:
    match found.get("version"):
        case int(version) if version > VERSION:
            raise FormatError(
                f"{path.name} was made by a newer version of this program.", hint="Update the program to read it."
            )
    try:
        labels = tuple(_label(entry) for entry in _list(found.get("labels", [])))
        attributes = tuple(_attribute(entry) for entry in _list(found.get("attributes", [])))
        default = found.get("default_label")
        return _checked(path, labels, attributes, None if default is None else _text(default))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise FormatError(
            f"{path.name} is damaged: its labels cannot be read.", hint=_HINT, details=str(error)
        ) from error


def _from_categories(path: Path, categories: Iterable[Any]) -> LabelSet:
    labels = []
    for entry in categories:
        match entry:
            case {"name": str(name)}:
                labels.append(LabelSpec(name, _colour_of_parts(entry.get("color"))))
            case str(name):
                labels.append(LabelSpec(name))
            case _:
                raise FormatError(f"{path.name} holds no labels.", hint=_HINT)
    return _checked(path, tuple(labels))


def _categories_of_large(path: Path) -> list[Any]:
    """The categories of a COCO file of any size, without reading the rest."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in _CATEGORIES.finditer(content):
            text = content[found.end() : found.end() + _WHOLE_FILE].decode("utf-8", "replace")
            try:
                categories, _ = json.JSONDecoder().raw_decode(text)
            except (ValueError, RecursionError):
                continue
            if categories and all(isinstance(entry, dict) and "name" in entry for entry in categories):
                return list(categories)
    raise FormatError(f"{path.name} holds no labels.", hint=_HINT)


def _checked(
    path: Path,
    labels: tuple[LabelSpec, ...],
    attributes: tuple[AttributeSpec, ...] = (),
    default: str | None = None,
) -> LabelSet:
    """The set, each name once. Raises FormatError when there is nothing in it or far too much."""
    once: dict[str, LabelSpec] = {}
    for label in labels:
        if label.name.strip():
            once.setdefault(label.name.strip(), label)
    if not once and not attributes:
        raise FormatError(f"{path.name} holds no labels.", hint=_HINT)
    if len(once) > MAX_LABELS:
        raise FormatError(f"{path.name} holds more than {MAX_LABELS:,} labels.", hint=_HINT)
    if len(attributes) + sum(len(label.attributes) for label in once.values()) > MAX_ATTRIBUTES:
        raise FormatError(f"{path.name} asks for more than {MAX_ATTRIBUTES:,} attributes.", hint=_HINT)
    long = next((name for name in once if len(name) > MAX_NAME or "\0" in name), None)
    if long is not None:
        raise FormatError(f"{path.name} is not a list of labels.", hint=_HINT, details=repr(long[:MAX_NAME]))
    return LabelSet(tuple(once.values()), attributes, default)


def _label(found: Any) -> LabelSpec:
    entry = _object(found)
    shortcut = entry.get("shortcut")
    if shortcut is not None and (type(shortcut) is not int or not 1 <= shortcut <= 9):
        raise ValueError(f"a shortcut of {shortcut!r:.40}")
    colour = entry.get("colour")
    attributes = tuple(_attribute(one) for one in _list(entry.get("attributes", [])))
    return LabelSpec(_text(entry["name"]), None if colour is None else _colour(colour), shortcut, attributes)


def _attribute(found: Any) -> AttributeSpec:
    entry = _object(found)
    kind = AttributeKind(entry["kind"])
    choices = tuple(_text(word) for word in _list(entry.get("choices", [])))
    default = _value(entry.get("default"))
    if default is not None and not kind.takes(default, choices):
        raise ValueError(f"a default of {default!r:.40} for a {kind.value}")
    per_frame = entry.get("per_frame", False)
    if not isinstance(per_frame, bool):
        raise TypeError(f"per_frame is {per_frame!r:.40}")
    return AttributeSpec(_text(entry["name"]), kind, choices, default, per_frame)


def _value(found: Any) -> AttributeValue | None:
    if isinstance(found, bool | str) or found is None:
        return found
    return float(found)


def _label_json(label: LabelSpec) -> dict[str, Any]:
    return {
        "name": label.name,
        "colour": None if label.colour is None else "#{:02x}{:02x}{:02x}".format(*label.colour),
        "shortcut": label.shortcut,
        "attributes": [_attribute_json(attribute) for attribute in label.attributes],
    }


def _attribute_json(attribute: AttributeSpec) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "kind": attribute.kind.value,
        "choices": list(attribute.choices),
        "default": attribute.default,
        "per_frame": attribute.per_frame,
    }


def _colour(found: Any) -> RGB:
    text = _text(found)
    if not re.fullmatch("#[0-9a-fA-F]{6}", text):
        raise ValueError(f"a colour of {text!r:.40}")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def _colour_of_parts(found: Any) -> RGB | None:
    """The colour some COCO files give a category; None for none, or for what is no colour."""
    match found:
        case [int(red), int(green), int(blue)] if all(0 <= part <= 255 for part in (red, green, blue)):
            return red, green, blue
    return None


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list) or len(found) > MAX_LABELS:
        raise TypeError(f"a list was expected, not {found!r:.40}")
    return found


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise TypeError(f"an object was expected, not {found!r:.40}")
    return found


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError(f"text was expected, not {found!r:.40}")
    return found
