"""Where things lie: what ships with the program, and the user's own folders. Nothing here creates or reads anything.

`SAM2_ANNOTATOR_HOME` puts all of the user's folders under one; `SAM2_RESOURCES` names another resources folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP = "sam2-annotator"


def resource(name: str) -> Path:
    """A file or folder that ships with the program, such as `icons/point.svg`. Raises FileNotFoundError."""
    for root in _resource_roots():
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is missing from the installation; install the program again")


def _resource_roots() -> list[Path]:
    named = os.environ.get("SAM2_RESOURCES")
    if named:
        return [Path(named)]
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    if frozen:
        return [Path(frozen) / "resources"]
    checkout = Path(__file__).resolve().parent.parent / "resources"
    return [checkout, Path(sys.prefix) / "share" / APP]


def data_dir() -> Path:
    """What the user would miss: projects without a place of their own, downloaded models."""
    return _user_folder("data", platformdirs.user_data_path(APP, appauthor=False))


def config_dir() -> Path:
    """Settings and the window's state."""
    return _user_folder("config", platformdirs.user_config_path(APP, appauthor=False))


def cache_dir() -> Path:
    """What can be made again: thumbnails."""
    return _user_folder("cache", platformdirs.user_cache_path(APP, appauthor=False))


def log_dir() -> Path:
    """The log and crash reports; they stay on this machine."""
    return _user_folder("logs", platformdirs.user_log_path(APP, appauthor=False))


def models_dir() -> Path:
    """Downloaded checkpoints."""
    return data_dir() / "models"


def settings_file() -> Path:
    """The settings a person may edit by hand."""
    return config_dir() / "settings.toml"


def working_folders() -> tuple[Path, ...]:
    """Where projects of network drives are worked on, the best first; the user's own folders may lie on one too."""
    own = data_dir() / "working"
    if sys.platform == "win32" or os.environ.get("SAM2_ANNOTATOR_HOME"):
        return (own,)
    return (own, Path("/var/tmp") / f"{APP}-{os.getuid()}")  # outlives a restart, other than /tmp


def _user_folder(name: str, default: Path) -> Path:
    home = os.environ.get("SAM2_ANNOTATOR_HOME")
    return Path(home) / name if home else default
