"""Which file is it: a short fingerprint that survives moving and renaming."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sam2_annotator.errors import MediaError
from sam2_annotator.media.folder import list_pictures

END_BYTES = 1 << 16


def fingerprint(path: Path) -> str:
    """`size-sha256` of a file, the digest over its first and last 64 KiB.

    For a folder: the number of its pictures and a digest over their names and sizes.
    Raises MediaError when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            pictures = list_pictures(path)
            for picture in pictures:
                digest.update(f"{picture.name}\0{picture.stat().st_size}\0".encode(errors="surrogateescape"))
            return f"{len(pictures)}-{digest.hexdigest()}"
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest.update(file.read(END_BYTES))
            file.seek(max(END_BYTES, size - END_BYTES))
            digest.update(file.read(END_BYTES))
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read.", hint="Is it still there?", details=str(error)) from error
    return f"{size}-{digest.hexdigest()}"
