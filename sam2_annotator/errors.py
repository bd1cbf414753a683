"""What can go wrong for a *user*: one sentence that names the thing, a hint what to do, details for a report.

Misuse by a programmer is ValueError, TypeError or an assertion, never one of these.
"""

from __future__ import annotations


class AnnotatorError(Exception):
    """Base of everything a person may be told.

    `message` is one sentence naming the thing; `hint` says what to do; `details` is for the report only.
    """

    def __init__(self, message: str, *, hint: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class UsageError(AnnotatorError):
    """Wrong arguments or prompts (exit code 2)."""


class MediaError(AnnotatorError):
    """A picture, clip or folder cannot be read."""


class DocError(AnnotatorError):
    """The project file cannot be read or written."""


class DamagedError(DocError):
    """The project file is broken, or not as this program writes it; what reads can be rescued."""


class StorageError(DocError):
    """The disk would not take or give it now; the same may work later or elsewhere."""


class DriveError(StorageError):
    """A network drive is away, full or read-only; the work is safe on this computer."""


class FormatError(AnnotatorError):
    """A data set cannot be read or written."""


class EngineError(AnnotatorError):
    """The model or the device failed."""


class TrainingFailed(EngineError):
    """A model was being trained and nothing came of it (exit code 1)."""


class ModelUnavailable(EngineError):
    """A known model is neither on disk nor can be fetched (exit code 3)."""


class SettingsError(AnnotatorError):
    """The settings cannot be read or written."""


class Cancelled(Exception):
    """A job heard its cancel token; nobody is told as of an error."""
