"""The acceptance run of a build: opens the demo in the real window, clicks, tracks, exports, and finds it again.

It needs no display. Screenshots and the COCO file stay in the folder and their names are printed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sam2_annotator import paths
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sam2_annotator.doc.project import Project
    from sam2_annotator.ui.main import App

_PICTURE, _CLICK_IN_PICTURE = "coffee.jpg", (300.0, 120.0)
_CLIP, _CLICK_IN_CLIP = "clip.mp4", (60.0, 290.0)
_TRACKED = 3
_WAIT_SECONDS = 120.0

Annotations = dict[tuple[str, FrameIndex, ObjectId], Mask]


class Failed(Exception):
    """A step did not do what it must."""


def run(folder: Path) -> int:
    """Run the test; 0 when all went well, else 1 with the reason on stderr."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _own_home():
            for path in _story(folder):
                sys.stdout.write(f"{path}\n")
    except (Failed, OSError) as error:
        sys.stderr.write(f"The self-test failed: {error}\n")
        return 1
    return 0


@contextmanager
def _own_home() -> Iterator[None]:
    """User folders of its own, so that no settings or projects of the user take part, and no display."""
    before = {name: os.environ.get(name) for name in ("SAM2_ANNOTATOR_HOME", "QT_QPA_PLATFORM")}
    with tempfile.TemporaryDirectory(prefix="sam2-self-test-", ignore_cleanup_errors=True) as home:
        os.environ["SAM2_ANNOTATOR_HOME"] = home
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _story(folder: Path) -> list[Path]:
    """Everything a person does on the first day; gives the files it left."""
    with _session() as first:
        left = [first.screenshot(folder / "1-opened.png")]
        first.outline(_PICTURE, *_CLICK_IN_PICTURE)
        left.append(first.screenshot(folder / "2-clicked.png"))
        first.accept("cup")
        first.outline(_CLIP, *_CLICK_IN_CLIP)
        first.accept("ball")
        first.track(_TRACKED)
        left.append(first.screenshot(folder / "3-tracked.png"))
        left.append(first.export(folder / "coco"))
        made = first.annotations()
    with _session() as second:
        left.append(second.screenshot(folder / "4-reopened.png"))
        found = second.annotations()
    if found != made:
        raise Failed(f"{len(made)} masks were made, but {len(found)} came back or they differ")
    return left


@contextmanager
def _session() -> Iterator[Session]:
    """The program with the demo open; shut down at the end, come what may."""
    session = Session()
    try:
        session.open(paths.resource("demo"))
        yield session
    finally:
        session.close()


class Session:
    """One run of the program, driven by real mouse and key events."""

    def __init__(self) -> None:
        from sam2_annotator.settings import Settings
        from sam2_annotator.ui import i18n, main

        qt = main.application()
        i18n.install(qt, paths.resource("i18n"), "en")
        self._app: App = main.build(qt, Settings(theme="dark", hints=False), make_scheduler=main.real_scheduler)
        self._app.window.resize(1280, 800)
        self._app.window.show()
        self._app.window.activateWindow()
        self._app.start()

    def open(self, path: Path) -> None:
        """Open a path and wait until it is shown and listed."""
        self._app.controllers.document.open((path,))
        self._wait("the demo opens", lambda: self._app.window.canvas.picture_size is not None)
        self._wait("the files are listed", lambda: not self._app.threads.tasks.running)

    def outline(self, name: str, x: float, y: float) -> None:
        """Show an item and click an object in it."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        from sam2_annotator.values.intents import GoToItem

        item = next(row.id for row in self._project.items() if row.path.name == name)
        self._app.router.route(GoToItem(item))
        canvas = self._app.window.canvas
        row = self._project.item(item)
        size = None if row is None else (row.width, row.height)
        self._wait(f"{name} is shown", lambda: canvas.picture_size == size)
        left, top = canvas.camera.to_canvas(x, y)
        place = QPoint(round(left), round(top))
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, none, place)
        self._wait("a mask follows the click", lambda: bool(self._masks_of(item)))

    def accept(self, label: str) -> None:
        """Keep the draft under this label: typed in place the first time, given beforehand later."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from sam2_annotator.values.intents import SetLabel

        first = not self._project.labels()
        if not first:
            self._app.router.route(SetLabel(label))
        QTest.keyClick(self._app.window.canvas, Qt.Key.Key_Return)
        if first:
            QTest.keyClicks(self._app.window.name_field, label)
            QTest.keyClick(self._app.window.name_field, Qt.Key.Key_Return)
        self._wait("the label is there", lambda: any(row.name == label for row in self._project.labels()))

    def paint(self, places: Sequence[tuple[float, float]]) -> None:
        """Paint one stroke of the brush through these places of the shown picture."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        canvas = self._app.window.canvas
        QTest.keyClick(canvas, Qt.Key.Key_B)
        path = [QPoint(*map(round, canvas.camera.to_canvas(x, y))) for x, y in places]
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        before = self._project.newest_step
        QTest.mousePress(canvas.viewport(), left, none, path[0])
        for place in path[1:]:
            QTest.mouseMove(canvas.viewport(), place)
        QTest.mouseRelease(canvas.viewport(), left, none, path[-1])
        self._wait("the stroke is there", lambda: self._project.newest_step != before)

    def track(self, frames: int) -> None:
        """Propagate forward and stop after some frames."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        shown = self._app.state.view.item
        assert shown is not None
        QTest.keyClick(self._app.window.canvas, Qt.Key.Key_T)
        self._wait("frames are tracked", lambda: len(self._masks_of(shown.media.item)) > frames)
        QTest.keyClick(self._app.window.canvas, Qt.Key.Key_Escape)
        self._wait("tracking stops", lambda: self._app.state.view.run is None)

    def export(self, folder: Path) -> Path:
        """Export COCO; the annotation file."""
        from sam2_annotator.ui.dialogs.export import ExportChoice, ExportScope

        shutil.rmtree(folder, ignore_errors=True)
        self._app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, folder))
        self._wait("the export ends", lambda: not self._app.threads.tasks.running)
        for path in sorted(folder.rglob("*.json")):
            if len(json.loads(path.read_text(encoding="utf-8")).get("annotations", ())) > _TRACKED:
                return path
        raise Failed(f"there is no COCO file with the masks in {folder}")

    def annotations(self) -> Annotations:
        """Every mask of the project."""
        return {
            (row.path.name, frame, object_id): mask
            for row in self._project.items()
            for (frame, object_id), mask in self._masks_of(row.id).items()
        }

    def screenshot(self, path: Path) -> Path:
        """A picture of the window as it is."""
        self._rest(0.3)
        if not self._app.window.grab().save(str(path)):
            raise Failed(f"{path} cannot be written")
        return path

    def close(self) -> None:
        """Leave the program as a person does."""
        self._app.window.close()

    @property
    def _project(self) -> Project:
        project = self._app.state.bus.project
        if project is None:
            raise Failed("no project is open")
        return project

    def _masks_of(self, item: ItemId) -> dict[tuple[FrameIndex, ObjectId], Mask]:
        rows = (row for one in self._project.objects(item) for row in self._project.masks_of(item, one.id))
        return {(row.frame, row.object): self._project.mask(row.digest) for row in rows if row.digest is not None}

    def _wait(self, what: str, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + _WAIT_SECONDS
        while not reached():
            if time.monotonic() > end:
                raise Failed(f"waited in vain until {what}")
            self._rest(0.02)

    def _rest(self, seconds: float) -> None:
        """Let the event loop run; QTest.qWait would keep Python's lock and so the engine from working."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
