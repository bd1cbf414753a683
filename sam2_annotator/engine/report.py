"""Exceptions turned into what a dialog or stderr shows: plain words, no objects that hold tensors alive."""

from __future__ import annotations

import traceback

from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.errors import AnnotatorError


def error_report(error: BaseException) -> ErrorReport:
    """The report of an exception. What no one foresaw is called an internal error and keeps its traceback as text."""
    if isinstance(error, AnnotatorError):
        return ErrorReport(error.message, error.hint, error.details)
    return ErrorReport(
        message=f"The engine met an internal error: {type(error).__name__}: {error}",
        hint="Your work is kept. Please try again, and report the details if it happens twice.",
        details="".join(traceback.format_exception(error)),
    )
