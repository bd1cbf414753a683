"""Everything on the canvas, from back to front, and what lies under a point of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene

from sam2_annotator.masks.boxes import PixelBox
from sam2_annotator.tools.base import Overlay, ToolContext
from sam2_annotator.tools.geometry import is_inside
from sam2_annotator.ui.canvas.camera import Camera
from sam2_annotator.ui.canvas.drawing_item import BrushItem, GripItem, LinesItem
from sam2_annotator.ui.canvas.frame_item import FrameItem
from sam2_annotator.ui.canvas.looks import CanvasLooks
from sam2_annotator.ui.canvas.mask_layer import MaskLayer
from sam2_annotator.ui.canvas.overlay_item import CrosshairLine, RubberItem
from sam2_annotator.ui.canvas.prompt_item import PromptItem
from sam2_annotator.ui.canvas.render import Pixels
from sam2_annotator.ui.canvas.tag_item import TagItem
from sam2_annotator.ui.canvas.tag_layout import place_tags
from sam2_annotator.ui.canvas.values import CanvasMask, DrawingTarget, PointerInfo
from sam2_annotator.values.adjustment import Adjustment
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, PromptSet
from sam2_annotator.values.suggesting import Suggestion

_NOBODY = ObjectId(0)  # the ghost, which is no object
_GHOST_FILL = 0.2
_CROWD = 100  # objects above which tags get their places once the view rests, and only changed ones get others
_FEW = 8
_REST_MS = 80
_SUGGESTED_FILL, _POINTED_FILL = 0.15, 0.45
_SUGGESTED_WIDTH = 1.0  # canvas px


class CanvasScene(QGraphicsScene):
    """Holds the items in image coordinates; each setter changes only what differs."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.prompts = PromptSet()
        self._draft = False
        self._overlay = Overlay()
        self._masks: tuple[CanvasMask, ...] = ()
        self._preview: Mask | None = None
        self._ghost: Mask | None = None
        self._previews: Mapping[ObjectId, Mask] = {}
        self._tags: dict[ObjectId, TagItem] = {}
        self._looks = CanvasLooks()
        self._panning = False
        self._masks_visible = True
        self._camera, self._ratio, self._viewport = Camera(), 1.0, (1.0, 1.0)
        self._frame_item = FrameItem()
        self._mask_layer, self._suggestion_layer = MaskLayer(), MaskLayer()
        self._suggestions: tuple[Suggestion, ...] = ()
        self._tag_layer = QGraphicsRectItem()
        self._box_item, self._point_item = PromptItem(), PromptItem()  # tags lie over the box and under the points
        self._rubber = RubberItem()
        self._lines, self._grip, self._brush = LinesItem(), GripItem(), BrushItem()
        self._target = DrawingTarget()
        self._crosshair = (CrosshairLine(upright=True), CrosshairLine(upright=False))
        for item in (
            self._frame_item,
            self._mask_layer,
            self._suggestion_layer,
            self._box_item,
            self._tag_layer,
            self._point_item,
            self._rubber,
            self._lines,
            self._grip,
            self._brush,
        ):
            self.addItem(item)
        for line in self._crosshair:
            self.addItem(line)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(lambda: self._place_tags(self._masks))

    # ------------------------------------------------------------------------------------------ what to show

    def set_frame(self, frame: Pixels | None) -> None:
        """Another frame, uint8 (H, W, 3) RGB, or none."""
        self._frame_item.set_frame(frame)
        self._mask_layer.set_frame_size(self.frame_size)
        self._suggestion_layer.set_frame_size(self.frame_size)

    def set_masks(self, masks: tuple[CanvasMask, ...]) -> None:
        """The objects of the frame from back to front; those without a pixel are not shown.

        A value that is on show already costs next to nothing, so that thousands may come when one changes.
        """
        before = {mask.object_id: mask for mask in self._masks}
        self._masks = tuple([mask for mask in masks if mask.mask.area])
        lost = []
        for mask in self._masks:
            old = before.pop(mask.object_id, None)
            if old is not mask and not self._show_tag(mask, old):
                lost.append(mask)
        for object_id in before:
            self.removeItem(self._tags.pop(object_id))
        self._show_masks()
        if len(self._masks) <= _CROWD or len(lost) + len(before) > _FEW:
            self._place_tags(self._masks)
        elif lost:
            self._place_tags(lost)

    def _show_tag(self, mask: CanvasMask, old: CanvasMask | None) -> bool:
        """Let the tag of an object say what is true now; False when it has no place, or one where it does not fit."""
        tag = self._tags.get(mask.object_id)
        if tag is None or old is None:
            tag = self._tags[mask.object_id] = TagItem(mask, self._tag_layer)
            tag.set_plain(self._looks.bold)
            return False
        size = tag.size
        tag.set_mask(mask)
        return tag.size == size and old.mask.box == mask.mask.box and (tag.isVisible() or not mask.selected)

    def set_masks_visible(self, visible: bool) -> None:
        """Show or hide masks and tags."""
        self._masks_visible = visible
        self._mask_layer.setVisible(visible)
        self._tag_layer.setVisible(visible and self._looks.tags)

    def set_looks(self, looks: CanvasLooks) -> None:
        """Draw so from now on."""
        self._looks = looks
        self._frame_item.set_smooth(looks.smooth)
        self._frame_item.set_grid(looks.grid and not self._panning)
        self._mask_layer.set_outline(looks.outline_width, bold=looks.bold)
        self._suggestion_layer.set_outline(_SUGGESTED_WIDTH, bold=looks.bold)
        for tag in self._tags.values():
            tag.set_plain(looks.bold)
        self.set_masks_visible(self._masks_visible)
        self.set_overlay(self._overlay)

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Show frames so from now on."""
        self._frame_item.set_adjustment(adjustment)

    def set_preview(self, mask: Mask | None) -> None:
        """Show this mask in place of the draft's (the first selected object's without a draft), or end that."""
        self._preview = mask
        self._show_masks()

    def set_ghost(self, mask: Mask | None) -> None:
        """Show this mask over the others, as a draft that is not there yet, or end that."""
        self._ghost = mask
        self._show_masks()

    def set_previews(self, masks: Mapping[ObjectId, Mask]) -> None:
        """Show these masks in place of what the objects have, an empty one too; {} ends that."""
        self._previews = masks
        self._show_masks()

    def set_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Show these lightly over the objects; the one under the pointer is stronger."""
        self._suggestions = suggestions
        self._show_suggestions()

    def set_prompts(self, prompts: PromptSet, *, draft: bool) -> None:
        """The prompts to show while no gesture stands in for them."""
        self.prompts, self._draft = prompts, draft
        self.set_overlay(self._overlay)

    def set_target(self, target: DrawingTarget) -> None:
        """What strokes go into."""
        self._target = target

    def set_overlay(self, overlay: Overlay) -> None:
        """What the tool draws now."""
        self._mask_layer.set_lifted(overlay.hover)
        pointed_at, self._overlay = self._overlay.suggestion, overlay
        if overlay.suggestion != pointed_at:
            self._show_suggestions()
        shown = self.prompts if overlay.prompts is None else overlay.prompts
        self._box_item.set_prompts(replace(shown, points=()), draft=self._draft)
        self._point_item.set_prompts(replace(shown, box=None), draft=self._draft)
        self._mask_layer.set_stroke(self._target.mask, overlay.stroke)
        self._mask_layer.set_shift(overlay.shift)
        self._rubber.set_box(overlay.rubber)
        self._lines.set_lines(overlay.lines)
        self._grip.set_place(overlay.grip)
        self._brush.set_ring(overlay.ring)
        crosshair = overlay.crosshair if self._looks.crosshair else None
        for line, at in zip(self._crosshair, crosshair or (None, None), strict=True):
            line.set_at(at)

    def set_camera(self, camera: Camera, ratio: float, viewport: tuple[float, float]) -> None:
        """Another view: camera, device pixels per canvas px, canvas size. Items get ready for the zoom."""
        changed = (camera.scale, ratio) != (self._camera.scale, self._ratio)
        self._camera, self._ratio, self._viewport = camera, ratio, viewport
        if changed:
            zoom = camera.scale * ratio
            self._frame_item.set_zoom(zoom)
            self._mask_layer.set_zoom(zoom, ratio)
            self._suggestion_layer.set_zoom(zoom, ratio)
            self._box_item.set_scale(camera.scale, ratio)
            self._point_item.set_scale(camera.scale, ratio)
            for item in (self._rubber, self._lines, self._grip, self._brush):
                item.set_scale(camera.scale, ratio)
        visible = QRectF(QPointF(*camera.to_image(0, 0)), QPointF(*camera.to_image(*viewport)))
        for line in self._crosshair:
            line.set_view(visible, 1 / (camera.scale * ratio))
        if len(self._masks) <= _CROWD:
            self._place_tags(self._masks)
        else:
            self._rest.start()

    def set_panning(self, panning: bool) -> None:
        """The pixel grid is away while the picture moves (CAN-4)."""
        self._panning = panning
        self._frame_item.set_grid(self._looks.grid and not panning)

    # --------------------------------------------------------------------------------------- what lies where

    @property
    def frame_size(self) -> tuple[int, int] | None:
        """(width, height) of the frame, None without one."""
        return self._frame_item.size

    def look_up(self, x: float, y: float) -> PointerInfo:
        """What a pointer at this image point is over."""
        inside = self.frame_size is not None and is_inside(x, y, self.frame_size)
        value = self._frame_item.value(x, y)
        return PointerInfo(x, y, inside, next(iter(self.hit_test(x, y)), None), value)

    def hit_test(self, x: float, y: float) -> tuple[ObjectId, ...]:
        """Objects whose mask covers the image point, topmost first; none while masks are hidden."""
        found = self._mask_layer.hit_test(x, y) if self._mask_layer.isVisible() else ()
        return tuple(object_id for object_id in found if object_id != _NOBODY)

    def objects_in(self, box: Box) -> tuple[ObjectId, ...]:
        """Objects with a mask pixel that the box touches, from back to front; none while masks are hidden."""
        return self._mask_layer.objects_in(box) if self._mask_layer.isVisible() else ()

    @property
    def target(self) -> DrawingTarget:
        """What strokes go into."""
        return self._target

    @property
    def movable(self) -> PixelBox | None:
        """Box of the mask that may be moved: the selected one, if it is one and not locked."""
        chosen = [mask for mask in self._masks if mask.selected]
        if not self._target.editable or len(chosen) != 1 or chosen[0].locked or not self._mask_layer.isVisible():
            return None
        return chosen[0].mask.box

    def editable(self, object_id: ObjectId) -> Mask | None:
        """The mask of an object whose outline may be edited, else None."""
        mask = next((mask for mask in self._masks if mask.object_id == object_id), None)
        return None if mask is None or mask.locked or not self._target.editable else mask.mask

    def suggestion_at(self, x: float, y: float) -> int | None:
        """Number of the smallest suggestion there: what lies inside of others can be reached."""
        hit = self._suggestion_layer.hit_test(x, y)
        found = [one for one in self._suggestions if _as_object(one.number) in hit]
        return min(found, key=lambda one: one.mask.area).number if found else None

    def context(self, scale: float, selection: tuple[ObjectId, ...], options: DrawingOptions) -> ToolContext:
        """What a tool may know: `scale` is canvas px per image px; the selection may have no mask here."""
        return ToolContext(
            scale,
            self.frame_size or (0, 0),
            selection,
            self.prompts,
            self.hit_test,
            self.objects_in,
            options,
            self._target.may_add,
            self._target.may_take,
            self.movable,
            self.editable,
            self.suggestion_at,
        )

    def selected_box(self) -> tuple[float, float, float, float] | None:
        """Box (x0, y0, x1, y1) around the masks of the selected objects."""
        boxes = [mask.mask.box for mask in self._masks if mask.selected]
        if not boxes:
            return None
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    # ------------------------------------------------------------------------------------------------- items

    def _show_masks(self) -> None:
        masks = [self._previewed(mask) for mask in self._masks] if self._previews else list(self._masks)
        if self._preview is not None:
            asked = [i for i, mask in enumerate(masks) if mask.draft] or [i for i, m in enumerate(masks) if m.selected]
            for i in asked[:1]:
                masks[i] = replace(masks[i], mask=self._preview)
        if self._ghost:
            masks.append(CanvasMask(_NOBODY, 1 + len(masks), "", self._ghost, draft=True, opacity=_GHOST_FILL))
        self._mask_layer.set_masks(tuple([mask for mask in masks if mask.mask.area]))

    def _previewed(self, mask: CanvasMask) -> CanvasMask:
        preview = self._previews.get(mask.object_id)
        return mask if preview is None else replace(mask, mask=preview)

    def _show_suggestions(self) -> None:
        pointed_at = self._overlay.suggestion
        self._suggestion_layer.set_masks(
            tuple(
                CanvasMask(
                    _as_object(one.number),
                    one.number + 1,
                    "",
                    one.mask,
                    draft=True,
                    opacity=_POINTED_FILL if one.number == pointed_at else _SUGGESTED_FILL,
                )
                for one in self._suggestions
            )
        )
        self._suggestion_layer.set_lifted(None if pointed_at is None else _as_object(pointed_at))

    def _place_tags(self, masks: Sequence[CanvasMask]) -> None:
        """Selected objects' tags choose their place first, then those in front; tags of others stay."""
        order = sorted(masks, key=lambda mask: mask.selected)[::-1]
        tags = [self._tags[mask.object_id] for mask in order]
        boxes = [
            (*self._camera.to_canvas(*mask.mask.box[:2]), *self._camera.to_canvas(*mask.mask.box[2:])) for mask in order
        ]
        moved = {mask.object_id for mask in order}
        stay = [tag for number, tag in self._tags.items() if number not in moved and tag.isVisible()]
        sizes = [tag.size.toTuple() for tag in tags]
        places = place_tags(boxes, sizes, self._viewport, [self._rect_of(tag) for tag in stay])
        for tag, place in zip(tags, places, strict=True):
            tag.setVisible(place is not None)
            if place is not None:
                tag.setPos(QPointF(*self._camera.to_image(*place)))

    def _rect_of(self, tag: TagItem) -> tuple[float, float, float, float]:
        """Where a tag lies, in canvas px."""
        x, y = self._camera.to_canvas(*tag.pos().toTuple())
        return x, y, x + tag.size.width(), y + tag.size.height()


def _as_object(number: int) -> ObjectId:
    """What the layer of suggestions calls one; ids of objects count from 1 as well."""
    return ObjectId(number + 1)
