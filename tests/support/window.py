"""The real window in a test, driven with mouse and keys, and what a test asks of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.engine.scheduler import Scheduler, Service
from sam2_annotator.settings import Settings
from sam2_annotator.ui import main
from sam2_annotator.ui.threads.engine_worker import Stepper
from sam2_annotator.values.ids import FrameIndex, ItemId
from sam2_annotator.values.mask import Mask

WAIT_MS = 20_000
D = TypeVar("D", bound=QDialog)


class Heartbeat(QObject):
    """A 16 ms timer on the GUI thread; `longest` is the longest gap between two beats, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(16)
        self._timer.timeout.connect(self._beat)
        self._last = 0.0
        self.longest = 0.0

    def start(self) -> None:
        self._last = time.perf_counter()
        self.longest = 0.0
        self._timer.start()

    def stop(self) -> float:
        self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


class Driver:
    """One running program. `close` shuts it down as a user would."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, make_scheduler: Callable[[], Stepper]) -> None:
        self._qtbot = qtbot
        self.app = main.build(qapp, Settings(theme="dark", hints=False), make_scheduler=make_scheduler)
        self.window = self.app.window
        self.window.resize(1200, 800)
        self.notices: list[str] = []
        self.app.state.notices.posted.connect(self._note)
        self.window.show()
        self.app.start()
        self.closed = False

    # --------------------------------------------------------------------------------------------- acting

    def open(self, *paths: Path) -> None:
        self.app.controllers.document.open(paths)
        self.until(lambda: self.window.canvas.picture_size is not None)

    def drop(self, *paths: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(100, 100), copy, data, left, none)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(100, 100), copy, data, left, none))

    def skip_naming(self) -> None:
        """Leave the first object unlabelled."""
        QTest.keyClick(self.window.name_field, Qt.Key.Key_Escape)

    def place(self, x: float, y: float) -> QPoint:
        """Where an image point is on the canvas."""
        left, top = self.window.canvas.camera.to_canvas(x, y)
        return QPoint(round(left), round(top))

    def click(
        self,
        x: float,
        y: float,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        QTest.mouseClick(self.window.canvas.viewport(), button, modifier, self.place(x, y))

    def drag(self, x0: float, y0: float, x1: float, y1: float) -> None:
        viewport, start, end = self.window.canvas.viewport(), self.place(x0, y0), self.place(x1, y1)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(viewport, left, none, start)
        QTest.mouseMove(viewport, (start + end) / 2)
        QTest.mouseMove(viewport, end)
        QTest.mouseRelease(viewport, left, none, end)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.canvas, key, modifier)

    def until(self, condition: Callable[[], bool], timeout: int = WAIT_MS) -> None:
        self._qtbot.waitUntil(condition, timeout=timeout)

    def dialog(self, kind: type[D]) -> D:
        """The dialog of a kind, once it is shown."""

        def shown() -> list[D]:
            return [found for found in self.window.findChildren(kind) if found.isVisible()]

        self.until(lambda: bool(shown()))
        return shown()[0]

    def answered(self) -> None:
        """Wait for the mask of what was clicked."""
        self.until(lambda: not self.app.state.view.waiting)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.window.close()

    # ---------------------------------------------------------------------------------------------- asking

    @property
    def project(self) -> Project:
        project = self.app.state.bus.project
        assert project is not None
        return project

    @property
    def item(self) -> ItemId:
        shown = self.app.state.view.item
        assert shown is not None
        return shown.media.item

    @property
    def frame(self) -> FrameIndex:
        return self.app.state.view.frame

    def objects(self) -> tuple[ObjectRow, ...]:
        return self.project.objects(self.item)

    def mask(self, number: int = 1, frame: int | None = None) -> Mask | None:
        """The pixels of an object on a frame, None where there are none."""
        row = next(row for row in self.objects() if row.number == number)
        found = self.project.mask_row(self.item, FrameIndex(self.frame if frame is None else frame), row.id)
        return None if found is None or found.digest is None else self.project.mask(found.digest)

    def masked_frames(self, number: int = 1) -> list[int]:
        row = next(row for row in self.objects() if row.number == number)
        return sorted(self.project.states(self.item).get(row.id, {}))

    def _note(self, notice: object) -> None:
        self.notices.append(getattr(notice, "text", ""))


def scheduled(service: Service) -> Callable[[], Stepper]:
    """The real scheduler over a service."""
    return lambda: Scheduler(service)
