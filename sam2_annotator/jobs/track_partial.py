"""The finished frames of a tracking job on disk while it runs, so that an interrupted one can go on.

`DIR.partial/frames.jsonl`: a first line that names the work by its digest, then a line for each finished frame, in the
order they were finished.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sam2_annotator.engine.messages import FrameMasks, ObjectMask
from sam2_annotator.errors import FormatError, UsageError
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ObjectId

_FILE = "frames.jsonl"


@dataclass(frozen=True, slots=True)
class DoneFrame:
    """A finished frame of sweep number `sweep` of the plan."""

    sweep: int
    frame: FrameIndex
    objects: tuple[ObjectMask, ...]


class Partial:
    """The record of one job. Nothing is on disk before its first frame."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder = folder
        self.frames: list[DoneFrame] = []
        self.resumed = False
        self._began = False
        self._kept_bytes = 0
        self._digest = digest
        self._file: TextIO | None = None

    def resume(self) -> None:
        """Take over the frames an earlier run of the same work left, if there are any.

        Raises:
            UsageError: what is there belongs to other work, or is damaged.
        """
        if not self.folder.exists():
            return
        try:
            lines = (self.folder / _FILE).read_text("utf-8").splitlines(keepends=True)
            head = json.loads(lines[0]) if lines else {}
            if head.get("work") != self._digest:
                raise UsageError(
                    f"{str(self.folder)!r} is left from a run with another clip, other prompts or other options.",
                    hint="Delete it, or start over without --resume.",
                )
            whole = [line for line in lines if line.endswith("\n")]
            self.frames = [_frame(line) for line in whole[1:]]
            self._kept_bytes = sum(len(line.encode()) for line in whole)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{str(self.folder)!r} cannot be used to go on: {error}.",
                hint="Delete it, or start over without --resume.",
            ) from error
        self.resumed = True

    def add(self, sweep: int, finished: FrameMasks) -> None:
        """Keep a finished frame. Raises FormatError when the disk refuses."""
        done = DoneFrame(sweep, finished.frame, finished.objects)
        try:
            if self._file is None:
                self._file = self._open()
            self._file.write(_line(done))
            self._file.flush()
        except OSError as error:
            raise FormatError(
                f"{str(self.folder)!r} cannot be written: {error.strerror or error}.",
                hint="Free some space, or write to another folder.",
            ) from error
        self.frames.append(done)

    def close(self) -> None:
        """Let go of the file; what is in it stays."""
        if self._file is not None:
            with suppress(OSError):  # a full disk refuses once more what it refused before; that was told then
                self._file.close()
            self._file = None

    def withdraw(self) -> None:
        """Remove what this run began; what an earlier one left stays."""
        if self._began and not self.resumed:
            self.discard()
        self.close()

    def discard(self) -> None:
        """Remove it from the disk."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _open(self) -> TextIO:
        """The file to append to: the one gone on with, without what was cut off, or a new one."""
        path = self.folder / _FILE
        if self.resumed:
            os.truncate(path, self._kept_bytes)
            return path.open("a", encoding="utf-8", newline="\n")
        self.folder.mkdir(exist_ok=True)
        self._began = True
        file = path.open("w", encoding="utf-8", newline="\n")
        file.write(json.dumps({"work": self._digest}) + "\n")
        return file


def _line(done: DoneFrame) -> str:
    objects = list(_entries(done.objects))
    return json.dumps({"sweep": done.sweep, "frame": done.frame, "objects": objects}) + "\n"


def _entries(objects: tuple[ObjectMask, ...]) -> Iterator[dict[str, object]]:
    for one in objects:
        size, counts = rle.to_coco(one.mask)
        yield {"id": one.object_id, "size": size, "counts": counts, "iou": one.iou, "score": one.score}


def _frame(line: str) -> DoneFrame:
    entry = json.loads(line)
    objects = tuple(
        ObjectMask(
            ObjectId(int(one["id"])), rle.from_coco(one["size"], one["counts"]), float(one["iou"]), float(one["score"])
        )
        for one in entry["objects"]
    )
    return DoneFrame(int(entry["sweep"]), FrameIndex(int(entry["frame"])), objects)
