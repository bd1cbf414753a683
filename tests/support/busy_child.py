"""A process at work on a project, to be killed: edits, a run whose answers come from a thread, exports."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from sam2_annotator.doc import Changes, Origin, Place, Project, commands
from sam2_annotator.doc.commands import Command, NewMask
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError
from sam2_annotator.jobs import export
from sam2_annotator.jobs.spec import ExportSpec
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import FRAMES, HEIGHT, WIDTH, new_item, rectangle

Told = Callable[[int], None]


def work(path: Path, exports: Path, told: Connection) -> None:
    """What the process does until it is killed; every revision that `apply` has answered is told."""
    threading.Thread(target=_export, args=(path, exports), daemon=True).start()
    with Project.open(path) as project:
        edit(project, told.send)


def edit(project: Project, told: Told, *, stop_at: int | None = None) -> None:
    """The same edits every time, up to a revision."""
    chance = random.Random(7)
    story = _Story(project, chance, told)
    project.apply(commands.AddItems((new_item("a.mp4"), new_item("b.mp4"))))
    while stop_at is None or project.revision < stop_at:
        match chance.randrange(12):
            case 0:
                story.run(stop_at)
            case 1 | 2:
                story.step(project.undo)
            case 3:
                story.step(project.redo)
            case _:
                story.apply(story.command())


class _Story:
    def __init__(self, project: Project, chance: random.Random, told: Told) -> None:
        self._project = project
        self._chance = chance
        self._told = told
        self._names = itertools.count(1)

    def step(self, act: Callable[[], Changes | None]) -> None:
        act()
        self._told(self._project.revision)

    def apply(self, command: Command) -> None:
        """A command whose rows an undo took away is no command."""
        with contextlib.suppress(AnnotatorError, ValueError):
            self._project.apply(command)
        self._told(self._project.revision)

    def command(self) -> Command:
        """Any edit of what is there."""
        chance, project = self._chance, self._project
        items = [row.id for row in project.items()]
        if not items:
            return commands.AddItems((new_item(f"{next(self._names)}.mp4"),))
        item, frame = chance.choice(items), FrameIndex(chance.randrange(FRAMES))
        objects = [row.id for row in project.objects(item)]
        labels = [row.id for row in project.labels()]
        one = chance.choice(objects) if objects else ObjectId(0)
        label = chance.choice(labels) if labels else LabelId(0)
        mask = self._mask()
        return chance.choice(
            [
                commands.AddObject(item, draft=bool(chance.randrange(2))),
                commands.AddObject(item),
                commands.AcceptObject(one, None),
                commands.AddLabel(f"label {next(self._names)}"),
                commands.RenameLabel(label, f"label {next(self._names)}"),
                commands.SetLabel((one,), label),
                commands.SetFlags((one,), visible=False, locked=None),
                commands.SetPrompts(item, frame, one, PromptSet((Point(1.5, 2.5, True),))),
                commands.SetMask(item, frame, one, mask, MaskState.KEY),
                commands.PaintStroke(item, frame, one, mask, add=True),
                commands.PaintStroke(item, frame, one, mask, add=False),
                commands.ReplaceMask(item, frame, one, mask),
                commands.RemoveMask(item, frame, one),
                commands.MarkAbsent(item, range(1, 3), (one,)),
                commands.DeleteObject(item, (one,)),
                commands.MergeObjects(item, tuple(objects[:2])),
                commands.PlaceObjects(item, (one,), None),
                commands.SetNoOverlap(bool(chance.randrange(2))),
                commands.SetNote((one,), "seen twice"),
                commands.RemoveItems((item,)) if len(items) > 1 else commands.AddObject(item),
            ]
        )

    def run(self, stop_at: int | None) -> None:
        """Answers of another thread, all into one step, while a person goes on editing."""
        items = [row.id for row in self._project.items()]
        if not items:
            return
        item = ItemId(self._chance.choice(items))
        objects = [row.id for row in self._project.objects(item)]
        masks = [[NewMask(one, self._mask(), 0.9, 1.0) for one in objects] for _ in range(FRAMES)]
        answers: queue.Queue[tuple[FrameIndex, tuple[NewMask, ...]]] = queue.Queue()

        def answer() -> None:
            for frame, found in enumerate(masks):
                answers.put((FrameIndex(frame), tuple(found)))

        thread = threading.Thread(target=answer)
        thread.start()
        step = self._project.new_step("Propagate")
        for _ in range(FRAMES):
            frame, found = answers.get()
            with contextlib.suppress(AnnotatorError, ValueError):
                self._project.apply(commands.SetMasks(item, frame, found), into=step, origin=Origin.ENGINE)
            self._told(self._project.revision)
            if self._project.revision == stop_at:
                break
            if not self._chance.randrange(3):
                self.apply(self.command())
                if self._project.revision == stop_at:
                    break
        else:
            self._project.end_step(step)
        thread.join()

    def _mask(self) -> Mask:
        x, y = self._chance.randrange(WIDTH), self._chance.randrange(HEIGHT)
        return rectangle(x, y, self._chance.randint(x + 1, WIDTH), self._chance.randint(y + 1, HEIGHT))


def _export(project: Path, folder: Path) -> None:
    for number in itertools.count():
        with contextlib.suppress(AnnotatorError):
            export.run(ExportSpec(Place.at(project), "coco", folder / f"{number}"), lambda *_: None, CancelToken())
