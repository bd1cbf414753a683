"""Does a file lie on a drive that other machines write to? SQLite's log needs memory that only one machine shares."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gfs2", "ocfs2", "glusterfs", "davfs"),
        *("fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "vboxsf", "prl_fs"),
    }
)
_DRIVE_REMOTE = 4  # of GetDriveTypeW


def is_remote(path: Path) -> bool:
    """True for a file on a network drive, as far as the system tells; a path that names one is not followed there."""
    named = Path(os.path.abspath(path))
    return _lies_remote(named) or _lies_remote(named.resolve())


def _lies_remote(real: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        return real.drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(real.anchor) == _DRIVE_REMOTE
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not Linux: SQLite finds out by trying
        return False
    return file_system(real, mounts) in _REMOTE


def file_system(path: Path, mounts: str) -> str:
    """Kind of the file system a path lies on, from the text of /proc/self/mountinfo; "" when it is not told."""
    found, kind = -1, ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = Path(_plain(fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= found:  # of two in one place the later covers the first
            found, kind = len(point.parts), right.split(" ")[0]
    return kind


def _plain(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text
