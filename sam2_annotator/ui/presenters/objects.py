"""The objects list: entries, small pictures made in the pool, and where along the clip objects are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.object_lists import ObjectSummary
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import MaskDigest
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.object_looks import Looks
from sam2_annotator.ui.panels.objects import ObjectEntry, ObjectsPanel
from sam2_annotator.ui.panels.objects_delegate import PICTURE
from sam2_annotator.ui.presenters.thumbnails import object_picture
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import ItemId, ObjectId
from sam2_annotator.values.mask import Mask

_COALESCE_MS = 60
_PICTURES_MS = 40
_LIVES_MS = 500
_AT_ONCE = 24
_SPANS = 48
_DENSITY = 2  # pictures are made for dense screens
_FRAME = 2

RGB = tuple[int, int, int]
Pixels = npt.NDArray[np.uint8]


class ObjectsPresenter(QObject):
    """Fills the objects panel. What a run of the tracker changes many times a second is gathered for a moment."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        settings: LiveSettings,
        tasks: TaskRunner,
        frames: FrameClient,
        panel: ObjectsPanel,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._settings = settings
        self._tasks = tasks
        self._frames = frames
        self._panel = panel
        self._later = self._timer(_COALESCE_MS, self.show_objects)
        self._entries: dict[ObjectId, tuple[ObjectSummary, ObjectEntry]] = {}  # most stay when one changes
        self._looked: object = None  # what they looked by
        self._wanted: dict[str, ObjectEntry] = {}
        self._pictures_soon = self._timer(_PICTURES_MS, self._make_pictures)
        self._making: Task | None = None
        self._lives_soon = self._timer(_LIVES_MS, self._read_lives)
        self._reading: tuple[Task, ItemId] | None = None
        panel.picture_missing.connect(self._want_picture)

    def _timer(self, interval: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(action)
        return timer

    # ------------------------------------------------------------------------------------------------- entries

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        self.show_objects()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Refresh what a change concerns: objects and labels at once, masks in a moment."""
        if changes.labels or changes.objects:
            self.show_objects()
        self._later.start()
        if changes.masks and not self._lives_soon.isActive():
            self._lives_soon.start()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow the shown item, frame and selection."""
        if change.concerns(View.ITEM):
            self._panel.set_lives({})
            self.show_objects()
            self._lives_soon.start()
        elif change.concerns(View.FRAME):
            self._later.start()
        if change.concerns(View.SELECTION):
            self._panel.set_selection(self._view.selection)
        if change.concerns(View.PLAYING):
            self._pictures_soon.start()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Objects may have other colours now."""
        if change.concerns("colour_by"):
            self.show_objects()

    def show_objects(self) -> None:
        """Show the objects of the shown frame."""
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            self._panel.set_rows(())
            return
        looks = Looks(project, self._settings.now.colour_by)
        rows = project.object_list(shown.media.item, self._view.frame)
        before = self._entries if self._looked == looks.sources else {}
        self._looked, self._entries = looks.sources, {}
        for row in rows:
            known = before.get(row.id)
            self._entries[row.id] = known if known is not None and known[0] is row else (row, _entry(row, looks))
        self._panel.set_rows(tuple([entry for _, entry in self._entries.values()]))

    # ------------------------------------------------------------------------------------------------ pictures

    @Slot(object)
    def _want_picture(self, entry: ObjectEntry) -> None:
        self._wanted[entry.picture] = entry
        if not self._pictures_soon.isActive():
            self._pictures_soon.start()

    def _make_pictures(self) -> None:
        """Ask the pool for what is wanted now, newest first; not while a clip plays, whose frames are gone at once."""
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None or self._making is not None or self._view.playing or not self._wanted:
            return
        ready = self._frames.at_hand(shown.media, self._view.frame)
        if ready is None:
            return
        wanted = list(self._wanted.values())[-_AT_ONCE:]
        self._wanted.clear()
        work = []
        for entry in wanted:
            row = project.mask_row(shown.media.item, self._view.frame, entry.object_id)
            if row is not None and row.digest is not None and _picture(row.digest, entry.colour) == entry.picture:
                work.append((entry.picture, project.mask(row.digest), entry.colour))
        if work:
            self._making = self._tasks.run(tr("Small pictures"), _draw(ready.image, work))

    @Slot(object)
    def on_frame(self, answer: object) -> None:
        """Pixels are there: what waited for them can be made."""
        if self._wanted:
            self._pictures_soon.start()

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Pictures are made, or it is known where objects are."""
        if self._making is not None and result.task is self._making:
            self._making = None
            if isinstance(result.value, dict):
                self._panel.set_pictures({key: _framed(*drawn) for key, drawn in result.value.items()})
            if self._wanted:
                self._pictures_soon.start()
        elif self._reading is not None and result.task is self._reading[0]:
            item, shown = self._reading[1], self._view.item
            self._reading = None
            if isinstance(result.value, dict) and shown is not None and shown.media.item == item:
                self._panel.set_lives(result.value)

    # --------------------------------------------------------------------------------------------------- lives

    def _read_lives(self) -> None:
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None or not shown.media.is_clip:
            return
        if self._reading is not None:
            self._lives_soon.start()
            return
        item = shown.media.item
        work = _lives_of(project.place, item, max(1, shown.facts.frames))
        self._reading = self._tasks.run(tr("Lives of objects"), work), item


def _entry(row: ObjectSummary, looks: Looks) -> ObjectEntry:
    shade, ring = looks.mark(row, row.state)
    return ObjectEntry(
        object_id=row.id,
        number=row.number,
        label=row.label_name,
        state=row.state,
        area=row.area,
        visible=row.visible,
        locked=row.locked,
        draft=row.draft,
        colour=shade,
        ring=ring,
        z=row.z,
        note=row.note,
        picture="" if row.digest is None else _picture(row.digest, shade),
    )


def _picture(digest: MaskDigest, shade: RGB) -> str:
    return "{}#{:02x}{:02x}{:02x}".format(digest, *shade)


def _draw(
    image: npt.NDArray[np.uint8], work: list[tuple[str, Mask, RGB]]
) -> Callable[[Progress, CancelToken], dict[str, tuple[Pixels, RGB]]]:
    """What the pool does: the pixels of each small picture."""
    size = (PICTURE.width() - 2 * _FRAME) * _DENSITY, (PICTURE.height() - 2 * _FRAME) * _DENSITY

    def draw(progress: Progress, token: CancelToken) -> dict[str, tuple[Pixels, RGB]]:
        drawn = {}
        for key, mask, shade in work:
            token.check()
            drawn[key] = object_picture(image, mask, shade, size), shade
        return drawn

    return draw


def _lives_of(place: Place, item: ItemId, frames: int) -> Callable[[Progress, CancelToken], object]:
    def read(progress: Progress, token: CancelToken) -> object:
        with Project.open_again(place) as project:
            return project.lives(item, frames, min(_SPANS, frames))

    return read


def _framed(pixels: Pixels, shade: RGB) -> QPixmap:
    """The picture in the middle of a frame of the object's colour."""
    height, width = pixels.shape[:2]
    result = QPixmap(PICTURE * _DENSITY)
    result.fill(QColor(0, 0, 0, 0))
    painter = QPainter(result)
    left, top = (result.width() - width) // 2, (result.height() - height) // 2
    painter.drawImage(left, top, QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888))
    painter.setPen(QPen(QColor(*shade), _FRAME * _DENSITY))
    half = _FRAME * _DENSITY // 2
    painter.drawRect(left - half, top - half, width + 2 * half, height + 2 * half)
    painter.end()
    result.setDevicePixelRatio(_DENSITY)
    return result
