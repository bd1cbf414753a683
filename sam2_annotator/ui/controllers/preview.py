"""Masks shown before they are asked for in earnest: under the resting pointer, and while a point is dragged."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from statistics import median

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import MaskReady, ModelReady, Preview, PreviewReady, Response
from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.values import PointerInfo
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import Question, keys_of, masks_to_avoid, target_of
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import ShownItem, ShownPreview, View, ViewChange, ViewState
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import DragPoint, PromptAction
from sam2_annotator.values.prompt import Point, PromptSet

REST_MS = 80
OFFERED_BELOW = 0.030
LIVE_BELOW = 0.050
_MEASURED = 5
_ENOUGH = 3
_SLOT = "preview"
_NEW = ObjectId(0)


class PreviewController(QObject):
    """Knows how quick decoding is here. Nothing it shows is in the document."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, engine: EngineClient, notices: Notices, settings: LiveSettings
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._notices = notices
        self._settings = settings
        self._seconds: deque[float] = deque(maxlen=_MEASURED)
        self._pointer: PointerInfo | None = None
        self._ticket: Ticket | None = None
        self._ghost = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._preview_click)

    def toggle(self) -> None:
        """Show the mask under the resting pointer from now on, or do not."""
        self._settings.change({"hover_preview": not self._settings.now.hover_preview})

    def drag(self, wish: DragPoint) -> None:
        """A point is on its way: show what its new place would bring, where that keeps up with the hand (PRM-4)."""
        project, shown = self._bus.writable, self._view.item
        target = (
            None if project is None or shown is None else target_of(project, shown.media.item, self._view.selection)
        )
        if project is None or shown is None or target is None or target.locked or not self._is_quick(LIVE_BELOW):
            return
        item, frame = shown.media.item, self._view.frame
        row = project.prompts(item, frame, target.id)
        if row is None or wish.index >= len(row.prompts.points):
            return
        if shown.media.is_clip and keys_of(project, item, target.id, without=frame):
            return  # what the tracker remembers of it would be missing
        points = list(row.prompts.points)
        points[wish.index] = replace(points[wish.index], x=wish.x, y=wish.y)
        self._ask(project, shown, target.id, replace(row.prompts, points=tuple(points)), ghost=False)

    @Slot(object)
    def on_pointer(self, pointer: PointerInfo) -> None:
        """Where it rests for a moment, the mask of a click there is shown; it goes when the pointer leaves it."""
        self._pointer = pointer
        shown = self._view.preview
        if shown is not None and not (pointer.pressed or self._view.waiting):
            x, y = int(pointer.x), int(pointer.y)
            stays = shown.ghost and pointer.inside and rle.within(shown.mask, (x, y, x + 1, y + 1)).any()
            if not stays:
                self._drop()
        if self._may_preview(pointer):
            self._rest.start()
        else:
            self._rest.stop()
            if self._ghost:
                self._drop()

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Show a preview; learn how quick the model is."""
        match response:
            case PreviewReady() if response.ticket == self._ticket:
                self._ticket = None
                self._view.set_preview(ShownPreview(response.mask, self._ghost))
            case ModelReady():
                self._seconds.clear()
            case MaskReady():
                self._seconds.append(response.seconds)
                self._offer()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """A preview is of what was looked at."""
        elsewhere = change.concerns(View.ITEM, View.FRAME, View.TOOL, View.SELECTION, View.RUN)
        if elsewhere or (change.concerns(View.WAITING) and not self._view.waiting):
            self._drop()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """The real thing is there."""
        if changes.masks or (self._ghost and changes.objects):
            self._drop()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Previews were turned off, or come out otherwise now."""
        self._drop()

    def _may_preview(self, pointer: PointerInfo) -> bool:
        """Only for the click that begins a new object, with no button down, while the engine has nothing to do."""
        project, shown, view = self._bus.writable, self._view.item, self._view
        if not self._settings.now.hover_preview or pointer.pressed or not pointer.inside or view.tool != "prompt":
            return False
        if project is None or shown is None or view.waiting or view.playing or view.run is not None:
            return False
        return target_of(project, shown.media.item, view.selection) is None

    def _preview_click(self) -> None:
        project, shown, pointer = self._bus.writable, self._view.item, self._pointer
        if project is None or shown is None or pointer is None or not self._may_preview(pointer):
            return
        self._ask(project, shown, _NEW, PromptSet((Point(pointer.x, pointer.y),)), ghost=True)

    def _ask(self, project: Project, shown: ShownItem, object_id: ObjectId, prompts: PromptSet, *, ghost: bool) -> None:
        question = Question(shown.media, self._view.frame, object_id, prompts)
        clean = self._settings.clean_up
        avoid = masks_to_avoid(project, question, clean.avoid)
        self._ticket, self._ghost = self._engine.ticket(_SLOT), ghost
        self._engine.submit(Preview(self._ticket, question.media, question.frame, prompts, clean, avoid))

    def _drop(self) -> None:
        self._rest.stop()
        self._ghost = False
        if self._ticket is not None:
            self._engine.forget(_SLOT)
            self._ticket = None
        self._view.set_preview(None)

    def _is_quick(self, limit: float) -> bool:
        return len(self._seconds) >= _ENOUGH and median(self._seconds) < limit

    def _offer(self) -> None:
        """Say once that previews would be quick enough here."""
        now = self._settings.now
        if now.hover_preview or not now.offer_preview or not self._is_quick(OFFERED_BELOW):
            return
        self._settings.change({"offer_preview": False})
        text = tr(
            "A click is answered in {ms} ms here. The mask under the pointer can be shown before you click.",
            ms=round(1000 * median(self._seconds)),
        )
        self._notices.post(text, Tone.PLAIN, (tr("Show it"), PromptAction.TOGGLE_PREVIEW))
