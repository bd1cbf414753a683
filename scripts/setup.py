"""Makes `.venv` and installs the program into it, from the standard library alone.

    python3 scripts/setup.py                    # what `make setup` runs
    TORCH_INDEX=<index URL> python3 scripts/setup.py   # another build of torch (see the README)

Everything but torch is installed from `requirements.lock` with hashes. A second run does nothing while the
lock file and `pyproject.toml` are unchanged.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed.sha256"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

OLDEST_PYTHON = (3, 11)

# Shared library -> Debian package, for what Qt's Linux build does not carry itself.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}
FONT_PACKAGE = "fonts-dejavu-core"


def missing_libraries() -> list[str]:
    """Shared libraries of QT_LIBRARIES that the loader does not find."""
    missing = []
    for library in QT_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def has_fonts() -> bool:
    """True when some scalable font is installed; without one Qt draws no text."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    return any(next(folder.rglob("*.[to]tf"), None) for folder in folders if folder.is_dir())


def prepare_linux() -> None:
    """Install what Qt needs as root on Debian and its kin; elsewhere name it and go on."""
    missing = missing_libraries()
    packages = sorted(QT_LIBRARIES[library] for library in missing) + ([] if has_fonts() else [FONT_PACKAGE])
    if not packages:
        return
    say(f"Qt needs {', '.join(missing) or 'a font'}, which this system does not have.")
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment, stdout=subprocess.DEVNULL)
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    else:
        say(f"Install them, on Debian or Ubuntu with:  sudo {' '.join(command)}")


def install() -> None:
    """Create the environment and install torch, then the locked packages, then the program itself."""
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=os.name != "nt")
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    torch = next(line for line in lines if line.startswith("torch=="))
    rest = "\n".join(line for line in lines if line is not torch) + "\n"
    index = os.environ.get("TORCH_INDEX")
    say(f"Installing {torch} ...")
    pip("install", torch, *(["--index-url", index] if index else []))
    say("Installing the other packages ...")
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        locked.write_text(rest, encoding="utf-8")
        pip("install", "--require-hashes", "--no-deps", "-r", str(locked))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def pip(*arguments: str) -> None:
    """Run the environment's pip; its errors are shown as they are."""
    subprocess.run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q", *arguments], check=True)


def fingerprint() -> str:
    """Digest of everything an installation depends on."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), os.environ.get("TORCH_INDEX", "").encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def say(text: str) -> None:
    """One line for the person who waits."""
    sys.stderr.write(text + "\n")


def main() -> int:
    """Exit code 0 when the program can be started."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        say(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. Run this script with a newer one.")
        return 2
    if sys.platform == "linux":
        prepare_linux()
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    try:
        install()
    except subprocess.CalledProcessError as error:
        say(
            f"Set-up stopped: '{' '.join(map(str, error.cmd[:6]))} ...' failed with code {error.returncode}; see above."
        )
        return error.returncode or 1
    STAMP.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
