"""Export of a project; the window and the command line call the same function."""

from __future__ import annotations

from collections.abc import Callable

from sam2_annotator import formats
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.formats.base import ExportReport
from sam2_annotator.formats.exporting import export
from sam2_annotator.jobs.dataset_view import ProjectView
from sam2_annotator.jobs.spec import ExportSpec

ReportProgress = Callable[[int, int, str], None]


class _JobProgress:
    """Hands progress to the caller and hears the token."""

    def __init__(self, report: ReportProgress, token: CancelToken) -> None:
        self._report = report
        self._token = token

    def step(self, done: int, total: int, text: str) -> None:
        self._report(done, total, text)

    def check(self) -> None:
        self._token.check()


def run(spec: ExportSpec, progress: ReportProgress, token: CancelToken) -> ExportReport:
    """Export a project as it is now; edits meanwhile do not get in. May run in any thread.

    `progress(done, total, text)` is called for every image. Raises DocError, FormatError and Cancelled; the
    target is then as it was.
    """
    exporter = formats.exporter(spec.format)
    with ProjectView.open(spec.project, spec.scope) as view:
        return export(
            exporter,
            view,
            spec.target,
            options=spec.options,
            overwrite=spec.overwrite,
            progress=_JobProgress(progress, token),
        )
