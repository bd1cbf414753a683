"""Ctrl+C on the real program."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.drawn import frames_folder
from support.tiny_model import tiny_checkpoint

FRAMES = 400


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that only one process gets")
def test_ctrl_c_keeps_finished_frames_and_resume_goes_on(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.json"
    prompts.write_text(json.dumps({"objects": [{"id": 1, "prompts": [{"frame": 0, "box": [16, 18, 60, 47]}]}]}))
    clip = frames_folder(tmp_path / "clip", FRAMES)
    model = tiny_checkpoint(tmp_path / "tiny.safetensors")
    out, partial = tmp_path / "out", tmp_path / "out.partial" / "frames.jsonl"
    command = [sys.executable, "-m", "sam2_annotator", "track", str(clip), "--prompts", str(prompts)]
    command += ["--model", str(model), "--device", "cpu", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (partial.exists() and partial.read_text().count("\n") > 3) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in told
    assert "Traceback" not in told
    assert not out.exists()
    done = partial.read_text().count("\n") - 1
    assert 3 <= done < FRAMES
    resumed = subprocess.run([*command, "--resume", "--frames", f"0:{FRAMES}"], capture_output=True, check=False)
    assert (resumed.returncode, resumed.stderr) == (0, b"")
    assert not partial.parent.exists()
    assert len(json.loads((out / "annotations.json").read_text())["images"]) == FRAMES
