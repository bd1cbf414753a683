"""Steps of the history in words: what was done, on what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.doc.step_list import StepSubject
from sam2_annotator.ui.i18n import tr


class Way(Enum):
    """How somebody came to a step: by taking it back, by doing it again, or by going to it among many."""

    UNDONE = "undone"
    REDONE = "redone"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Stepped:
    """The history was moved along; this step is what a person is to see."""

    title: str
    subject: StepSubject
    way: Way


def subject_words(subject: StepSubject) -> str:
    """ "car 3 · street_001.jpg", as much of it as the step is about."""
    return " · ".join(filter(None, (_objects(subject), place_words(subject))))


def place_words(subject: StepSubject) -> str:
    """ "street_001.jpg" or "clip.mp4, frame 12"; "" for what belongs to no file."""
    if subject.path is None:
        return ""
    name = subject.path.name
    if not subject.is_clip or subject.frames is None:
        return name
    first, last = subject.frames
    if first == last:
        return tr("{name}, frame {frame}", name=name, frame=f"{first:,}")
    return tr("{name}, frames {first} to {last}", name=name, first=f"{first:,}", last=f"{last:,}")


def _objects(subject: StepSubject) -> str:
    if not subject.objects:
        return ""
    label, number = subject.objects[0]
    name = tr("{label} {number}", label=label, number=number) if label else tr("object {number}", number=number)
    more = len(subject.objects) - 1
    return f"{name} {tr('and {count} more', count=more)}" if more else name
