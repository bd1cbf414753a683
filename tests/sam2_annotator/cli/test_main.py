"""What holds for every command (FORMATS section 11)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sam2_annotator import __version__
from sam2_annotator.__main__ import main
from support.desk import Desk


def test_version_and_help_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"sam2-annotator {__version__}\n", "")
    for command in (["--help"], ["segment", "--help"], ["track", "--help"], ["doctor", "--help"]):
        assert main(command) == 0
        told = capsys.readouterr()
        assert told.out.startswith("usage: sam2-annotator")
        assert told.err == ""


def test_path_that_is_not_there_opens_no_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such file.jpg"]) == 2
    assert "no such file.jpg" in capsys.readouterr().err


def test_no_display_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert "no display" in capsys.readouterr().err


def test_interrupt_is_130(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sam2_annotator.jobs.segment.run", interrupted)
    assert desk.segment("--point", "5,5") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_commands_run_as_a_program_without_importing_qt(desk: Desk) -> None:
    code = (
        "import sys; from sam2_annotator.__main__ import main; sys.argv = ['sam2-annotator', *sys.argv[1:]]; "
        "code = main(); print('PySide6' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    arguments = ["segment", str(desk.photo), "--point", "30,30", "--out", str(desk.out)]
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "False\n")
