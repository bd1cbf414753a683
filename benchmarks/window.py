"""What the GUI thread does where there is much: `python -m benchmarks.window [crowd|brush ...]`.

The real window, shown nowhere, over an engine that answers nothing. Figures are processor time of the GUI thread in
milliseconds, so that other work on the machine adds little; they are printed as median and largest.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sam2_annotator.doc import Project
from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import (
    AddItems,
    AddLabel,
    AddObject,
    Command,
    NewItem,
    SetLabel,
    SetMask,
)
from sam2_annotator.engine.messages import Ended, EndReason, Request, Response
from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.masks import raster, rle
from sam2_annotator.settings import Settings
from sam2_annotator.ui import main as window_main
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask

CROWD = 2000
STROKES, MOVES = 10, 40
_BEAT_MS = 5


class Silent:
    """An engine that ends every request."""

    def __init__(self) -> None:
        self._asked: list[Request] = []

    @property
    def busy(self) -> bool:
        """True while something was asked."""
        return bool(self._asked)

    def push(self, request: Request) -> None:
        """Take it."""
        self._asked.append(request)

    def ack(self, ticket: Ticket) -> None:
        """Nothing is sent, so nothing is heard of."""

    def step(self) -> Sequence[Response]:
        """End the oldest."""
        return [Ended(self._asked.pop(0).ticket, EndReason.DONE)]


class Pulse(QObject):
    """The longest time of the processor that the GUI thread spent between two beats, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, 1000 * (now - self._last))
        self._last = now

    def stop(self) -> float:
        """The longest so far."""
        self._timer.stop()
        self._beat()
        return self.longest


class Bench:
    """The window on some media or a project."""

    def __init__(self, qt: QApplication) -> None:
        self.app = window_main.build(qt, Settings(theme="dark", hints=False), make_scheduler=Silent)
        self.window = self.app.window
        self.window.resize(1600, 1000)
        self.window.show()
        self.app.start()

    def open(self, path: Path) -> None:
        """Open it and wait for its first picture."""
        self.app.controllers.document.open((path,))
        self.until(lambda: self.window.canvas.picture_size is not None)
        self.settle()

    def until(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until it is so."""
        while not condition():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def settle(self, seconds: float = 0.6) -> None:
        """Turn the event loop for a while: lists fill, timers run out."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    @property
    def project(self) -> Project:
        """The open project."""
        project = self.app.state.bus.project
        assert project is not None, "something is open"
        return project

    def apply(self, command: Command) -> Changes:
        """Change it as a controller does."""
        changes = self.app.state.bus.apply(command)
        assert changes is not None, "the project can be written"
        return changes

    def made(self, command: Command) -> int:
        """The id of what a command makes."""
        return self.apply(command).created[0]

    @property
    def item(self) -> ItemId:
        """The shown item."""
        shown = self.app.state.view.item
        assert shown is not None
        return shown.media.item

    def place(self, x: float, y: float) -> QPoint:
        """Where an image point is on the canvas."""
        left, top = self.window.canvas.camera.to_canvas(x, y)
        return QPoint(round(left), round(top))

    def taken(self, act: Callable[[], object]) -> float:
        """What an act and the paint after it take."""
        began = time.thread_time()
        act()
        QApplication.processEvents()
        return 1000 * (time.thread_time() - began)

    def close(self) -> None:
        """End as a person does."""
        self.window.close()
        self.until(lambda: self.app.threads.engine_thread.isFinished())


def told(what: str, taken: Sequence[float]) -> None:
    """A line of the table."""
    print(f"| {what} | {statistics.median(taken):.1f} | {max(taken):.1f} |", flush=True)


@contextmanager
def opened(qt: QApplication, path: Path) -> Iterator[Bench]:
    """The window on a path."""
    bench = Bench(qt)
    bench.open(path)
    yield bench
    bench.close()


def picture(path: Path, width: int, height: int) -> Path:
    """A picture with something in it."""
    y, x = np.mgrid[:height, :width]
    Image.fromarray(np.stack((x % 251, y % 241, (x + y) % 239), axis=-1).astype(np.uint8)).save(path)
    return path


def disc(width: int, height: int, x: float, y: float, radius: float) -> Mask:
    """A disc."""
    return raster.stroke(((x, y),), size=round(2 * radius), square=False, height=height, width=width)


# ------------------------------------------------------------------------------------------------------ crowd


def crowd_project(folder: Path) -> tuple[Path, list[tuple[float, float]]]:
    """A project with very many objects in one picture, and where they are."""
    width, height = 3840, 2160
    path, across = folder / "crowd.sam2proj", 64
    source = picture(folder / "crowd.png", width, height)
    step = width / across
    places = [(step * (0.5 + n % across), step * (0.5 + n // across)) for n in range(CROWD)]
    if path.exists():
        return path, places
    with Project.open(path) as project:
        new = NewItem(MediaKind.IMAGE, source, MediaFacts(width, height, 1, None))
        item = ItemId(project.apply(AddItems((new,))).created[0])
        label = LabelId(project.apply(AddLabel("person")).created[0])
        for x, y in places:
            made = ObjectId(project.apply(AddObject(item, label)).created[0])
            mask = disc(width, height, x, y, 0.45 * step)
            project.apply(SetMask.predicted(item, FrameIndex(0), made, mask, iou=0.9))
    return path, places


def crowd(qt: QApplication, folder: Path) -> None:
    """Very many objects in one picture."""
    width, height = 3840, 2160
    path, places = crowd_project(folder)
    print(f"{CROWD} objects in a picture of {width} x {height}")
    with opened(qt, path) as bench:
        viewport, view = bench.window.canvas.viewport(), bench.app.state.view
        objects = [row.id for row in bench.project.objects(bench.item)]
        view.use_tool("select")
        chance = np.random.default_rng(0)

        def click(place: tuple[float, float]) -> None:
            QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=bench.place(*place))

        def move(place: tuple[float, float]) -> None:
            QTest.mouseMove(viewport, bench.place(*place))

        clicked = [places[n] for n in chance.choice(CROWD, 30, replace=False)]
        click(places[0])
        told("a click selects an object", [bench.taken(partial(click, place)) for place in clicked])
        told("the pointer moves", [bench.taken(partial(move, place)) for place in clicked])
        chosen = [objects[n] for n in chance.choice(CROWD, 30, replace=False)]
        told("chosen in the list", [bench.taken(partial(view.select, one)) for one in chosen])
        label = bench.made(AddLabel(f"label {time.monotonic()}"))
        labelled = [partial(bench.apply, SetLabel((one,), LabelId(label))) for one in chosen]
        told("a label given", [bench.taken(act) for act in labelled])
        again = disc(width, height, 1000, 1000, 40)
        masks = [SetMask.predicted(bench.item, FrameIndex(0), one, again, iou=0.9) for one in chosen[:10]]
        told("a mask changed", [bench.taken(partial(bench.apply, command)) for command in masks])
        told("everything selected", [bench.taken(partial(view.select, *objects))])
        told("nothing selected", [bench.taken(view.select)])


# ------------------------------------------------------------------------------------------------------ brush


def brush(qt: QApplication, folder: Path) -> None:
    """A ragged mask all over a large picture is painted on."""
    width, height = 3840, 2160
    chance = np.random.default_rng(0)
    waves = cv2.resize(chance.random((27, 48), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    ragged = rle.encode(waves + 0.1 * cv2.GaussianBlur(chance.random((height, width), np.float32), (0, 0), 3) > 0.55)
    source = picture(folder / "large.png", width, height)
    print(f"a mask of {len(ragged.counts):,} bytes in a picture of {width} x {height}, the whole of it in view")
    with opened(qt, source) as bench:
        viewport, view = bench.window.canvas.viewport(), bench.app.state.view
        made = ObjectId(bench.made(AddObject(bench.item, None)))
        bench.apply(SetMask.predicted(bench.item, FrameIndex(0), made, ragged, iou=0.9))
        view.select(made)
        view.use_tool("brush")
        bench.settle()
        moves, releases = [], []
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for _ in range(STROKES):
            start, end = chance.random((2, 2)) * (width, height)
            path = [bench.place(*(start + (end - start) * part)) for part in np.linspace(0, 1, MOVES)]
            QTest.mousePress(viewport, left, none, path[0])
            QApplication.processEvents()
            moves += [bench.taken(partial(QTest.mouseMove, viewport, at)) for at in path[1:]]
            releases.append(bench.taken(partial(QTest.mouseRelease, viewport, left, none, path[-1])))
            bench.settle()
        told("the pointer moves with the button down", moves)
        told("the button is released", releases)


SCENES = {"crowd": crowd, "brush": brush}


def main() -> int:
    """Run the scenes that are named, or all."""
    scenes = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAM2_ANNOTATOR_HOME"] = str(Path(folder) / "home")
        qt = window_main.application()
        for scene in scenes:
            print("| what | median | largest |\n|---|---|---|")
            place = Path(folder) / scene
            place.mkdir()
            SCENES[scene](qt, place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
