"""Everything on the canvas, from back to front, and what lies under a point of it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from sam2_annotator.tools.base import Overlay
from sam2_annotator.tools.geometry import is_inside
from sam2_annotator.ui.canvas.camera import Camera
from sam2_annotator.ui.canvas.frame_item import FrameItem
from sam2_annotator.ui.canvas.mask_cache import MaskCache
from sam2_annotator.ui.canvas.mask_item import MaskItem
from sam2_annotator.ui.canvas.overlay_item import CrosshairLine, RubberItem
from sam2_annotator.ui.canvas.prompt_item import PromptItem
from sam2_annotator.ui.canvas.render import Pixels
from sam2_annotator.ui.canvas.tag_item import TagItem
from sam2_annotator.ui.canvas.tag_layout import place_tags
from sam2_annotator.ui.canvas.values import CanvasMask, PointerInfo
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.palette import colour
from sam2_annotator.values.prompt import Box, PromptSet
from sam2_annotator.values.states import MaskState

_MASKS, _PREVIEW, _TAGS, _PROMPTS, _OVERLAY = 1.0, 2.0, 3.0, 4.0, 5.0  # z; masks lie between 1 and 2
_PREVIEW_ID = ObjectId(0)


class CanvasScene(QGraphicsScene):
    """Holds the items in image coordinates; each setter changes only what differs."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.prompts = PromptSet()
        self._draft = False
        self._overlay = Overlay()
        self._masks: tuple[CanvasMask, ...] = ()
        self._masks_visible = True
        self._cache = MaskCache()
        self._items: dict[ObjectId, MaskItem] = {}
        self._tags: dict[ObjectId, TagItem] = {}
        self._preview: MaskItem | None = None
        self._camera, self._ratio, self._viewport = Camera(), 1.0, (1.0, 1.0)
        self._frame_item = FrameItem()
        self._prompt_item = PromptItem()
        self._rubber = RubberItem()
        self._crosshair = (CrosshairLine(upright=True), CrosshairLine(upright=False))
        self.addItem(self._frame_item)
        for item, z in ((self._prompt_item, _PROMPTS), (self._rubber, _OVERLAY)):
            item.setZValue(z)
            self.addItem(item)
        for line in self._crosshair:
            line.setZValue(_OVERLAY)
            self.addItem(line)

    # ------------------------------------------------------------------------------------------ what to show

    def set_frame(self, frame: Pixels | None) -> None:
        """Another frame, uint8 (H, W, 3) RGB, or none."""
        self._frame_item.set_frame(frame)

    def set_masks(self, masks: tuple[CanvasMask, ...]) -> None:
        """The objects of the frame from back to front; those without a pixel are not shown."""
        self._masks = tuple(mask for mask in masks if mask.mask)
        kept = {mask.object_id for mask in self._masks}
        for object_id in [other for other in self._items if other not in kept]:
            self.removeItem(self._items.pop(object_id))
            self.removeItem(self._tags.pop(object_id))
        for order, mask in enumerate(self._masks):
            self._put_mask(mask, _MASKS + order / (len(self._masks) + 1))
        self._update_visibility()
        self._place_tags()

    def set_masks_visible(self, visible: bool) -> None:
        """Show or hide masks and tags."""
        self._masks_visible = visible
        self._update_visibility()

    def set_preview(self, mask: Mask | None) -> None:
        """Show this mask in place of the draft's, or end that."""
        if self._preview is not None:
            self.removeItem(self._preview)
            self._preview = None
        if mask:
            number = next((shown.number for shown in self._masks if shown.draft), 1)
            canvas_mask = CanvasMask(_PREVIEW_ID, number, "", mask, MaskState.KEY, draft=True)
            self._preview = self._new_item(canvas_mask)
            self._preview.setZValue(_PREVIEW)
        self._update_visibility()

    def set_prompts(self, prompts: PromptSet, *, draft: bool) -> None:
        """The prompts to show while no gesture stands in for them."""
        self.prompts, self._draft = prompts, draft
        self.set_overlay(self._overlay)

    def set_overlay(self, overlay: Overlay) -> None:
        """What the tool draws now."""
        if overlay.hover != self._overlay.hover:
            for object_id, item in self._items.items():
                item.set_lifted(object_id == overlay.hover)
        self._overlay = overlay
        shown = self.prompts if overlay.prompts is None else overlay.prompts
        self._prompt_item.set_prompts(shown, draft=self._draft)
        self._rubber.set_box(overlay.rubber)
        for line, at in zip(self._crosshair, overlay.crosshair or (None, None), strict=True):
            line.set_at(at)

    def set_camera(self, camera: Camera, ratio: float, viewport: tuple[float, float]) -> None:
        """Another view: camera, device pixels per canvas px, canvas size. Items get ready for the zoom."""
        changed = (camera.scale, ratio) != (self._camera.scale, self._ratio)
        self._camera, self._ratio, self._viewport = camera, ratio, viewport
        if changed:
            zoom = camera.scale * ratio
            self._frame_item.set_zoom(zoom)
            for item in self._mask_items():
                item.set_zoom(zoom, ratio)
            self._prompt_item.set_scale(camera.scale, ratio)
            self._rubber.set_scale(camera.scale, ratio)
        visible = QRectF(QPointF(*camera.to_image(0, 0)), QPointF(*camera.to_image(*viewport)))
        for line in self._crosshair:
            line.set_view(visible, 1 / (camera.scale * ratio))
        self._place_tags()

    def set_grid(self, shown: bool) -> None:
        """Whether the pixel grid shows at large zooms."""
        self._frame_item.set_grid(shown)

    # --------------------------------------------------------------------------------------- what lies where

    @property
    def frame_size(self) -> tuple[int, int] | None:
        """(width, height) of the frame, None without one."""
        return self._frame_item.size

    def look_up(self, x: float, y: float) -> PointerInfo:
        """What a pointer at this image point is over."""
        inside = self.frame_size is not None and is_inside(x, y, self.frame_size)
        return PointerInfo(x, y, inside, next(iter(self.hit_test(x, y)), None))

    def hit_test(self, x: float, y: float) -> tuple[ObjectId, ...]:
        """Objects whose mask covers the image point, topmost first; none while masks are hidden."""
        if not self._masks_visible:
            return ()
        return tuple(m.object_id for m in reversed(self._masks) if self._items[m.object_id].art.covers(x, y))

    def objects_in(self, box: Box) -> tuple[ObjectId, ...]:
        """Objects with a mask pixel that the box touches, from back to front; none while masks are hidden."""
        if not self._masks_visible:
            return ()
        return tuple(mask.object_id for mask in self._masks if self._touches(mask.object_id, box))

    def selected_box(self) -> tuple[float, float, float, float] | None:
        """Box (x0, y0, x1, y1) around the masks of the selected objects."""
        boxes = [mask.mask.box for mask in self._masks if mask.selected]
        if not boxes:
            return None
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    # ------------------------------------------------------------------------------------------------- items

    def _touches(self, object_id: ObjectId, box: Box) -> bool:
        art = self._items[object_id].art
        x0, y0 = art.box[:2]
        rows = slice(max(math.floor(box.y0) - y0, 0), max(math.ceil(box.y1) - y0, 0))
        columns = slice(max(math.floor(box.x0) - x0, 0), max(math.ceil(box.x1) - x0, 0))
        return bool(art.pixels[rows, columns].any())

    def _new_item(self, mask: CanvasMask) -> MaskItem:
        art = self._cache.get(mask.mask, colour(mask.number))
        item = MaskItem(mask, art, self._camera.scale * self._ratio, self._ratio)
        self.addItem(item)
        return item

    def _put_mask(self, mask: CanvasMask, z: float) -> None:
        item = self._items.get(mask.object_id)
        if item is None:
            item = self._items[mask.object_id] = self._new_item(mask)
            tag = self._tags[mask.object_id] = TagItem(mask)
            self.addItem(tag)
        elif item.mask != mask:
            item.set_mask(mask, self._cache.get(mask.mask, colour(mask.number)))
            self._tags[mask.object_id].set_mask(mask)
        item.setZValue(z)
        self._tags[mask.object_id].setZValue(_TAGS + z)

    def _mask_items(self) -> list[MaskItem]:
        return [*self._items.values(), *([] if self._preview is None else [self._preview])]

    def _update_visibility(self) -> None:
        for mask in self._masks:
            replaced = mask.draft and self._preview is not None
            self._items[mask.object_id].setVisible(self._masks_visible and not replaced)
        self._place_tags()

    def _place_tags(self) -> None:
        """Selected objects' tags choose their place first, then those in front."""
        order = sorted(
            self._masks, key=lambda mask: (mask.selected, self._items[mask.object_id].zValue()), reverse=True
        )
        tags = [self._tags[mask.object_id] for mask in order]
        boxes = [
            (*self._camera.to_canvas(*mask.mask.box[:2]), *self._camera.to_canvas(*mask.mask.box[2:])) for mask in order
        ]
        places = place_tags(boxes, [tag.size.toTuple() for tag in tags], self._viewport)
        for tag, place in zip(tags, places, strict=True):
            tag.setVisible(self._masks_visible and place is not None)
            if place is not None:
                tag.setPos(QPointF(*self._camera.to_image(*place)))
