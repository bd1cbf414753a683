from __future__ import annotations

from sam2_annotator.engine.report import error_report
from sam2_annotator.errors import EngineError


def test_foreseen_error_keeps_its_words() -> None:
    report = error_report(EngineError("The file is damaged.", hint="Download it again.", details="crc"))
    assert (report.message, report.hint, report.details) == ("The file is damaged.", "Download it again.", "crc")


def test_unforeseen_error_is_named() -> None:
    report = error_report(KeyError("x"))
    assert report.message == "The engine met an internal error: KeyError: 'x'"
    assert report.hint
