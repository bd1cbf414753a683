"""Whether a run has the room it may need: memory of the device, and the disk that results rest on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import torch

from sam2_core.video.estimate import MemoryEstimate

_MEMINFO = Path("/proc/meminfo")


def shortage(needed: MemoryEstimate, device: str) -> str:
    """A sentence that says what may run out in a run, "" where everything is there or nobody can tell."""
    memory, disk = free_memory(device), free_disk()
    if memory is not None and needed.memory > memory:
        place = "the GPU's memory" if device.startswith("cuda") else "memory"
        sizes = f"{_size(needed.memory)} of {place}, and {_size(memory)} are free"
        return f"This run may need {sizes}; close other programs if it gets slow."
    if disk is not None and needed.disk > disk:
        sizes = f"{_size(needed.disk)} of disk for its results while it lasts, and {_size(disk)} are free"
        return f"This run may need {sizes}; track fewer frames or objects at a time."
    return ""


def free_memory(device: str) -> int | None:
    """Bytes the device has left, None where the system does not tell."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(torch.device(device))[0])
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def free_disk() -> int | None:
    """Bytes left where results rest."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return None


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{max(count / 1e6, 1):.0f} MB"
