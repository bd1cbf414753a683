"""What a job should do, as values a dialog, a command line and a test all can make."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from sam2_annotator.doc.place import Place
from sam2_annotator.formats.base import Options


class Scope(Enum):
    """Which objects and frames an export takes; drafts never.

    ALL: everything. LABELLED: objects with a label. CONFIRMED: frames a person drew, confirmed or called absent.
    """

    ALL = "all"
    LABELLED = "labelled"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """One export: `format` is an id of the registry, `target` the folder to make.

    `coco` takes pictures and the annotated frames of clips; `coco-video` takes clips and reports the pictures
    it left out.
    """

    project: Place
    format: str
    target: Path
    options: Options = field(default_factory=dict)
    overwrite: bool = False
    scope: Scope = Scope.ALL
