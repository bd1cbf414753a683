"""How large projects behave: `python -m benchmarks.document [MASKS]` prints a table.

A clip with five objects, masks with the run lengths of wobbly outlines (nearly two kilobytes each), all tracked as one
step, as a person would.
"""

from __future__ import annotations

import itertools
import math
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from sam2_annotator.doc import Project, store
from sam2_annotator.doc.commands import AddItems, AddLabel, AddObject, NewItem, NewMask, SetMasks
from sam2_annotator.masks import rle
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask

MASKS = 100_000
OBJECTS = 5
WIDTH, HEIGHT = 1920, 1080
SHAPES = 64
STEP = 3.0  # pixels from frame to frame


def shapes() -> list[Mask]:
    """Outlines that wobble as those of a model do, in the middle of the frame."""
    chance = np.random.default_rng(0)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    angle = np.arctan2(y - HEIGHT / 2, x - WIDTH / 2)
    distance = np.hypot(y - HEIGHT / 2, x - WIDTH / 2)
    found = []
    for _ in range(SHAPES):
        radius = np.full_like(angle, chance.uniform(120, 220))
        for wave in (2, 3, 5, 11, 23):
            radius += chance.uniform(-40, 40) / wave * np.sin(wave * angle + chance.uniform(0, 2 * math.pi))
        found.append(rle.encode(distance < radius + chance.uniform(-1.5, 1.5, angle.shape)))
    return found


def shifted(mask: Mask, x: int, y: int) -> Mask:
    """The mask elsewhere in the frame."""
    x0, y0, x1, y1 = mask.box
    dx, dy = max(-x0, min(x, WIDTH - x1)), max(-y0, min(y, HEIGHT - y1))
    return replace(mask, box=(x0 + dx, y0 + dy, x1 + dx, y1 + dy))


def build(path: Path, masks: int) -> int:
    """A project with about this many masks; gives the bytes of all run lengths."""
    kinds, total = shapes(), 0
    frames = masks // OBJECTS
    with Project.open(path) as project:
        new = NewItem(MediaKind.VIDEO, Path("/nowhere/clip.mp4"), MediaFacts(WIDTH, HEIGHT, frames, 25.0))
        item = ItemId(project.apply(AddItems((new,))).created[0])
        objects = [ObjectId(project.apply(AddObject(item)).created[0]) for _ in range(OBJECTS)]
        step = project.new_step("Propagate forward")
        for frame in range(frames):
            place = round(frame * STEP)
            found = [shifted(kinds[(frame + n) % SHAPES], place % 997 - 400, n * 60 - 120) for n in range(OBJECTS)]
            total += sum(len(mask.counts) for mask in found)
            new_masks = tuple(NewMask(one, mask, 0.9, 1.0) for one, mask in zip(objects, found, strict=True))
            project.apply(SetMasks(item, FrameIndex(frame), new_masks), into=step)
        project.end_step(step)
    return total


def best(act: Callable[[], object], times: int = 3) -> str:
    """The quickest of several runs: by the clock, and the processor's part, to which a busy machine adds little."""
    taken = []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        act()
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))
    return "{:.1f} | {:.1f}".format(*min(taken))


def measure(path: Path) -> None:
    """Everything a person waits for, and what runs beside."""
    item = ItemId(1)
    opened: list[Project] = []
    print(f"| open, with all checks (pool) | {best(lambda: opened.append(Project.open(path)), 1)} |")
    print(f"| close, with sweeping | {best(opened.pop().close, 1)} |")
    with Project.open(path) as project:
        frames, count = itertools.count(0, 7), project.items()[0].frames

        def step() -> None:
            for row in project.masks(item, FrameIndex(next(frames) % count)):
                if row.digest is not None:
                    rle.crop(project.mask(row.digest))

        print(f"| a frame: its rows and the pixels of {OBJECTS} masks | {best(step, 200)} |")
        print(f"| states of every frame, for the time line | {best(lambda: project.states(item))} |")
        print(f"| list of steps | {best(project.steps)} |")
        names = iter(range(100))
        print(f"| a small edit | {best(lambda: project.apply(AddLabel(f'label {next(names)}')), 50)} |")
        print(f"| checkpoint after it (thread of its own) | {best(lambda: store.checkpoint_elsewhere(path))} |")
        print(f"| restore point (pool) | {best(project.save, 1)} |")
        while project.undo_title != "Propagate forward":
            project.undo()
        size = project.next_step_size(undo=True) / 1e6
        print(f"| undo all masks, one step of {size:.0f} MB (pool) | {best(project.undo, 1)} |")
        print(f"| redo them (pool) | {best(project.redo, 1)} |")


def main() -> int:
    """Build, measure, say."""
    masks = int(sys.argv[1]) if len(sys.argv) > 1 else MASKS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.sam2proj"
        began = time.perf_counter()
        lengths = build(path, masks)
        made = time.perf_counter() - began
        size = path.stat().st_size
        print(f"{masks} masks made in {made:.0f} s, {1000 * OBJECTS * made / masks:.2f} ms a frame of {OBJECTS}")
        print(f"run lengths {lengths / 1e6:.1f} MB, file {size / 1e6:.1f} MB, ratio {size / lengths:.2f}")
        print("| what | ms by the clock | ms of processor |\n|---|---|---|", flush=True)
        measure(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
