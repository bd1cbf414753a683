"""The one picture a job works on."""

from __future__ import annotations

from contextlib import closing

from sam2_annotator import media
from sam2_annotator.errors import UsageError
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef


def picture_facts(ref: MediaRef) -> MediaFacts:
    """What the picture's header tells.

    Raises:
        UsageError: it is a clip. MediaError: it cannot be read.
    """
    if media.classify(ref.path) is not MediaKind.IMAGE:
        raise UsageError(f"{str(ref.path)!r} is not a picture.", hint="For a clip use 'sam2-annotator track'.")
    with closing(media.open_source(ref)) as source:
        return source.facts
