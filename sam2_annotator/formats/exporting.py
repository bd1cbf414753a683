"""An export from the outside: one call that plans, checks the disk, stages, writes, checks and moves."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

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

    Raises FormatError (the target is there, the disk is full, ...) and errors.Cancelled; either leaves the
    target as it was and nothing beside it.
    """
    started = time.monotonic()
    chosen = exporter.info.resolve(options or {})
    plan = exporter.plan(view, chosen)
    with staged_folder(target, overwrite=overwrite, sources=[one.path for one in view.media()]) as partial:
        check_space(target, plan.bytes)
        report = exporter.write(view, partial, chosen, progress or Silent())
    return replace(report, target=target, seconds=time.monotonic() - started)
