"""Pack labelled pictures into few files for transport: folders of at most 64 MiB, read like the folder they came from.

`python -m sam2_core.training.pack FOLDER OUT` writes OUT/part-000, OUT/part-001 and so on.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sam2_core.errors import TrainingError
from sam2_core.training.command import run_command
from sam2_core.training.pictures import BYTES, INDEX, Entry, read_index

LIMIT = 64 << 20
_INDEX_ROOM = 1 << 20  # of the limit, for the index


def pack(folder: Path, out: Path, *, limit: int = LIMIT) -> list[Path]:
    """Write the pictures of a folder as packed folders under `out`, each within `limit` bytes; returns them.

    Raises:
        TrainingError: `out` is not empty, a picture cannot be read or is too large alone. OSError: the disk is full.
    """
    entries = read_index(folder)
    if out.exists() and any(out.iterdir()):
        raise TrainingError(f"{out} is not empty; name a new folder.")
    room = limit - min(_INDEX_ROOM, limit // 4)
    parts: list[Path] = []
    waiting: list[Entry] = []
    size = 0
    for entry in entries:
        needed = entry.image.path.stat().st_size + entry.mask.path.stat().st_size
        if needed > room:
            raise TrainingError(f"{entry.image.path} alone is larger than a packed folder may be; reduce it first.")
        if size + needed > room:
            parts.append(_write(waiting, out / f"part-{len(parts):03}"))
            waiting, size = [], 0
        waiting.append(entry)
        size += needed
    if waiting:
        parts.append(_write(waiting, out / f"part-{len(parts):03}"))
    return parts


def _write(entries: Sequence[Entry], folder: Path) -> Path:
    folder.mkdir(parents=True)
    with (folder / BYTES).open("wb") as pixels, (folder / INDEX).open("w", encoding="utf-8") as index:
        for entry in entries:
            places = {}
            for name, span in (("image", entry.image), ("mask", entry.mask)):
                content = span.read()
                places[name] = [pixels.tell(), len(content)]
                pixels.write(content)
            index.write(json.dumps({**entry.facts, **places}) + "\n")
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Pack a folder."""
    parser = argparse.ArgumentParser(prog="python -m sam2_core.training.pack", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with index.jsonl")
    parser.add_argument("out", type=Path, help="new folder for the packed ones")
    options = parser.parse_args(arguments)

    def work() -> None:
        for part in pack(options.folder, options.out):
            size = sum(path.stat().st_size for path in part.iterdir())
            print(f"{part}  {size / (1 << 20):.1f} MiB")

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
