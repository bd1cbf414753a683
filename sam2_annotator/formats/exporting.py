"""An export from the outside: one call that plans, checks the disk, stages, writes, checks and moves."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.base import Exporter, ExportReport, Options, Progress, Silent
from sam2_annotator.formats.model import DatasetView
from sam2_annotator.formats.staging import check_space, staged_folder


def export(
    exporter: Exporter,
    view: DatasetView,
    target: Path,
    *,
    options: Options | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write `view` as the folder `target`, which appears whole or not at all.

    `overwrite` replaces an earlier export, and nothing else. Raises FormatError (the target is there, the disk is
    full, ...) and errors.Cancelled; either leaves the target as it was and nothing beside it.
    """
    started = time.monotonic()
    chosen = exporter.info.resolve(options or {})
    plan = exporter.plan(view, chosen)
    with staged_folder(target, overwrite=overwrite, sources=[one.path for one in view.media()]) as partial:
        if overwrite:
            _refuse_foreign(target)
        check_space(target, plan.bytes)
        report = exporter.write(view, partial, chosen, progress or Silent())
    return replace(report, target=target, seconds=time.monotonic() - started)


def _refuse_foreign(target: Path) -> None:
    """Raises FormatError when the folder holds a file that the export in it did not write: it would be deleted."""
    listed: set[str] = set()
    with suppress(OSError, ValueError, KeyError, TypeError):
        listed = {"export.json", *json.loads((target / "export.json").read_text(encoding="utf-8"))["sha256"]}
    for path in sorted(target.rglob("*")):
        if not path.is_dir() and path.relative_to(target).as_posix() not in listed:
            raise FormatError(
                f"{target} is not replaced: {path.relative_to(target)} in it was not written by the last export.",
                hint="Choose another folder, or move that file.",
            )
