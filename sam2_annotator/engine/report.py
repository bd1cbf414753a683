"""Exceptions turned into what a dialog or stderr shows: plain words, no objects that hold tensors alive."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.errors import AnnotatorError, Cancelled, EngineError, ModelUnavailable
from sam2_core import errors as core


def error_report(error: BaseException) -> ErrorReport:
    """The report of an exception. What no one foresaw is called an internal error and keeps its traceback as text."""
    if isinstance(error, AnnotatorError):
        return ErrorReport(error.message, error.hint, error.details)
    return ErrorReport(
        message=f"The engine met an internal error: {type(error).__name__}: {error}",
        hint="Your work is kept. Please try again, and report the details if it happens twice.",
        details="".join(traceback.format_exception(error)),
    )


@contextmanager
def core_errors_translated() -> Iterator[None]:
    """Raises sam2_core's errors as the application's."""
    try:
        yield
    except core.Cancelled as error:
        raise Cancelled from error
    except core.ModelNotAvailable as error:
        raise ModelUnavailable(_sentence(error)) from error
    except core.OutOfMemory as error:
        raise EngineError(_sentence(error), hint="Choose a smaller model, or the CPU as device.") from error
    except core.EngineError as error:
        raise EngineError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    text = str(error).strip()
    if text.split(" ", 1)[0].isalpha():  # not a model's or a file's name
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
