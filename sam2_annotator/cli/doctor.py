"""`sam2-annotator doctor`: versions, devices, models and folders, for people and, with --json, for programs."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sam2_annotator import __version__, paths
from sam2_annotator.cli.arguments import Parser
from sam2_annotator.cli.progress import Terminal
from sam2_annotator.engine import catalogue
from sam2_annotator.engine.tickets import CancelToken

PACKAGES = (
    *("torch", "numpy", "PySide6-Essentials", "opencv-python-headless", "pillow", "av"),
    *("huggingface_hub", "safetensors", "pycocotools", "platformdirs"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A kind of device: whether it is there, whether "auto" uses it, why or why not, and what it computes in then."""

    name: str
    available: bool
    used: bool
    reason: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Models:
    """Where downloaded models lie, and the models that need no download."""

    folder: str
    installed: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What is found on this machine; the keys of --json."""

    version: str
    python: str
    platform: str
    packages: dict[str, str]
    devices: list[Device]
    models: Models
    writable: dict[str, bool]


def run(arguments: Sequence[str], terminal: Terminal, token: CancelToken) -> None:
    """Look and print."""
    parser = Parser("sam2-annotator doctor", "Tell what this program finds on this machine.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse(arguments)
    findings = look()
    if options.json:
        sys.stdout.write(json.dumps(asdict(findings), indent=1) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in table(findings)))


def look() -> Findings:
    """Everything there is to tell; what cannot be found out is told as missing."""
    devices, installed = _engine()
    downloads = catalogue.downloads_folder()
    folders = {"settings": paths.config_dir(), "cache": paths.cache_dir(), "models": downloads}
    return Findings(
        __version__,
        platform.python_version(),
        platform.platform(),
        {name: found for name in PACKAGES if (found := _version(name))},
        devices,
        Models(str(downloads), installed),
        {name: _writable(folder) for name, folder in folders.items()},
    )


def table(findings: Findings) -> list[str]:
    """The findings as lines of text."""
    missing = [name for name in PACKAGES if name not in findings.packages]
    lines = [
        f"sam2-annotator {findings.version}, Python {findings.python}, {findings.platform}",
        "",
        "Packages",
        *(f"  {name:24} {found}" for name, found in findings.packages.items()),
        *(f"  {name:24} missing" for name in missing),
        "",
        "Devices",
    ]
    for device in findings.devices:
        state = "used" if device.used else "available" if device.available else "not available"
        precision = f"; computes in {device.precision}" if device.precision else ""
        lines.append(f"  {device.name:8} {state:16} {device.reason}{precision}")
    lines += ["", f"Models (downloads go to {findings.models.folder})"]
    lines += [f"  {name}" for name in findings.models.installed] or ["  none"]
    lines += ["", "Folders"]
    lines += [f"  {name:10} {'writable' if can else 'not writable'}" for name, can in findings.writable.items()]
    return lines


def _engine() -> tuple[list[Device], list[str]]:
    """Devices and installed models; without a working torch there are none, and the reason is told."""
    try:
        from sam2_annotator.engine import loading
    except (ImportError, OSError) as error:
        reason = f"torch cannot be imported: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        return [Device("cpu", False, False, reason)], []
    devices = [Device(one.name, one.available, one.used, one.reason, one.precision) for one in loading.devices()]
    return devices, [entry.name for entry in catalogue.installed()]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _writable(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, lets us write."""
    existing = next((place for place in (folder, *folder.parents) if place.exists()), None)
    return existing is not None and existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
