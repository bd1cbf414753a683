"""What a figure was measured on: columns that every benchmark's CSV carries."""

from __future__ import annotations

import csv
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from sam2_annotator import __version__

ROOT = Path(__file__).resolve().parent.parent


def facts(device: torch.device) -> dict[str, str]:
    """Machine, versions and commit."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else _processor()
    return {
        "device": str(device),
        "machine": name,
        "threads": str(torch.get_num_threads()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "program": __version__,
        "commit": _commit(),
    }


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows that all have the same columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def media_folder() -> Path | None:
    """The folder of test media, which is not part of the program."""
    named = os.environ.get("SAM2_MEDIA")
    return Path(named) if named else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
