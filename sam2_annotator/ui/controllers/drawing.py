"""Strokes, polygons, moved masks and edited outlines: from drawn lines to pixels of the object drawn on."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sam2_annotator.doc.commands import AddObject, Command, DeleteObject, PaintStroke, ReplaceMask, SetFlags
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.masks import morphology, raster, rings
from sam2_annotator.ui.controllers.place import Asker, Place, is_locked, place_to_change
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import target_of
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.drawing_intents import (
    ChangeBrushSize,
    DrawingRefused,
    FillPolygon,
    MoveMask,
    Paint,
    ReshapeOutline,
    SetDrawing,
)
from sam2_annotator.values.ids import ObjectId, StepId
from sam2_annotator.values.mask import Mask


class DrawingController(QObject):
    """Draws on the selected object, else on the item's draft, else makes a draft; each gesture is one undo step."""

    def __init__(self, bus: DocumentBus, view: ViewState, notices: Notices, asker: Asker) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._asker = asker

    def draw(self, wish: Paint | FillPolygon | MoveMask | ReshapeOutline | DrawingRefused) -> None:
        """Carry out a gesture."""
        match wish:
            case Paint():
                self.paint(wish)
            case FillPolygon():
                self.fill(wish)
            case MoveMask():
                self.move(wish)
            case ReshapeOutline():
                self.reshape(wish)
            case DrawingRefused():
                self.refuse(wish)

    def set_options(self, wish: SetDrawing | ChangeBrushSize) -> None:
        """Draw like this from now on."""
        drawing = self._view.drawing
        self._view.set_drawing(wish.options if isinstance(wish, SetDrawing) else drawing.resized(wish.steps))

    # ---------------------------------------------------------------------------------------------- gestures

    def paint(self, wish: Paint) -> None:
        """A stroke of brush or eraser."""
        place = place_to_change(self._bus, self._view)
        if place is not None:
            stroke = raster.stroke(wish.path, size=wish.size, square=wish.square, **place.size)
            self._draw(place, stroke, add=wish.add, title="Brush" if wish.add else "Erase")

    def fill(self, wish: FillPolygon) -> None:
        """A polygon is added or cut out."""
        place = place_to_change(self._bus, self._view)
        if place is not None:
            inside = raster.polygon([wish.ring], **place.size)
            self._draw(place, inside, add=not wish.cut, title="Cut polygon" if wish.cut else "Polygon")

    def move(self, wish: MoveMask) -> None:
        """A mask goes elsewhere; what leaves the frame is cut off."""
        place = place_to_change(self._bus, self._view)
        mask = None if place is None else place.mask(wish.object_id)
        if place is not None and mask is not None:
            self._replace(place, wish.object_id, morphology.moved(mask, wish.dx, wish.dy), "Move mask")

    def reshape(self, wish: ReshapeOutline) -> None:
        """An outline was edited."""
        place = place_to_change(self._bus, self._view)
        mask = None if place is None else place.mask(wish.object_id)
        if place is not None and mask is not None:
            changed = rings.reshape(mask, [(ring.before, ring.after) for ring in wish.rings])
            self._replace(place, wish.object_id, changed, "Edit outline")

    def refuse(self, wish: DrawingRefused) -> None:
        """Say why nothing can be drawn."""
        place = place_to_change(self._bus, self._view)
        if place is None:
            self._notices.post(tr("This project is open read-only: nothing can be changed."), Tone.WARNING)
            return
        target = target_of(place.project, place.item, self._view.selection)
        if not is_locked(target, self._notices):
            self._notices.post(tr("Select the object to take pixels from."))

    # ------------------------------------------------------------------------------------------------ inside

    def _draw(self, place: Place, pixels: Mask, *, add: bool, title: str) -> None:
        target = target_of(place.project, place.item, self._view.selection)
        if target is None and not add:
            self.refuse(DrawingRefused.TAKING)
        elif pixels and not is_locked(target, self._notices):
            step = place.project.new_step(title)
            if target is None:
                added = self._bus.apply(AddObject(place.item, draft=True), into=step)
                target = None if added is None else place.project.object(ObjectId(added.created[0]))
            if target is not None:
                self._apply(place, target, PaintStroke(place.item, place.frame, target.id, pixels, add, title), step)

    def _replace(self, place: Place, object_id: ObjectId, mask: Mask, title: str) -> None:
        target = place.project.object(object_id)
        if target is not None and not is_locked(target, self._notices):
            step = place.project.new_step(title)
            self._apply(place, target, ReplaceMask(place.item, place.frame, object_id, mask, title), step)

    def _apply(self, place: Place, target: ObjectRow, command: Command, step: StepId) -> None:
        """What is drawn is also shown, and no answer to earlier prompts may write over it."""
        prompts = place.project.prompts(place.item, place.frame, target.id)
        if not self._bus.apply(command, into=step):
            return
        if prompts is not None:
            self._asker.forget(place.question(target.id, prompts.prompts))
        self._view.set_offer(None)
        if target.draft and not self._is_anything_left(place, target.id):
            self._bus.apply(DeleteObject(place.item, (target.id,)), into=step)
            return
        self._view.show_masks(True)
        if not target.visible:
            self._bus.apply(SetFlags((target.id,), visible=True), into=step)

    def _is_anything_left(self, place: Place, object_id: ObjectId) -> bool:
        """False for a draft of which everything was erased."""
        masks = place.project.masks_of(place.item, object_id)
        return any(row.digest is not None for row in masks) or bool(place.project.prompts_of(place.item, object_id))
