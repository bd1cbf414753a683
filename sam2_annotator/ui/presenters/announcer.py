"""Says to screen readers what the eye would see happen (ACC-2)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from sam2_annotator.doc.changes import Changes
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notice
from sam2_annotator.ui.object_keys import draft_of, name_of
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import ObjectId

_HIGH, _FAIR = 0.9, 0.75
_TENTHS = 10


class AnnouncerPresenter(QObject):
    """Mask ready, accepted, notices, and every tenth of a run; `say` speaks politely."""

    def __init__(self, bus: DocumentBus, view: ViewState, say: Callable[[str], None]) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._say = say
        self._draft: ObjectId | None = None
        self._tenth = 0

    @Slot(object)
    def on_notice(self, notice: Notice) -> None:
        """What passes at the bottom of the canvas."""
        self._say(notice.text)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """A mask is there, or the draft became an object."""
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            return
        item, frame = shown.media.item, self._view.frame
        draft = draft_of(project, item)
        before, self._draft = self._draft, None if draft is None else draft.id
        if draft is None and before is not None:
            row = project.object(before)
            if row is not None:
                self._say(tr("accepted: {name}", name=name_of(project, row)))
        elif (item, frame) in changes.masks and self._view.run is None:
            target = draft or next((project.object(one) for one in self._view.selection), None)
            mask = None if target is None else project.mask_row(item, frame, target.id)
            if target is not None and mask is not None and mask.digest is not None:
                self._say(_mask_ready(name_of(project, target), mask.area, mask.iou))

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """A run came another tenth farther."""
        run = self._view.run
        if not change.concerns(View.RUN):
            return
        tenth = 0 if run is None or not run.total else run.done * _TENTHS // run.total
        if tenth > self._tenth:
            self._say(tr("tracking: {percent} %", percent=tenth * 100 // _TENTHS))
        self._tenth = tenth


def _mask_ready(name: str, area: int, quality: float | None) -> str:
    if quality is None:
        return tr("{name}, {area} pixels", name=name, area=f"{area:,}")
    grade = tr("high") if quality >= _HIGH else tr("fair") if quality >= _FAIR else tr("low")
    return tr("{name}, {area} pixels, quality {grade}", name=name, area=f"{area:,}", grade=grade)


def announce(source: QObject, text: str) -> None:
    """Have a screen reader, if there is one, say this when it is silent next."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))
