"""All masks of the frame: tinted pixels and outlines along their edges, from back to front.

One item for all of them, because Qt then keeps their picture in device pixels: panning, pointer moves and prompts
repaint no mask, a changed object repaints its own rectangle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.masks import raster, rle
from sam2_annotator.masks.boxes import PixelBox
from sam2_annotator.tools.base import Shift
from sam2_annotator.ui.canvas.mask_cache import MaskArt, MaskCache
from sam2_annotator.ui.canvas.mask_tiles import Tile
from sam2_annotator.ui.canvas.strokes import WIDTH, fill_opacity, outline_strokes, widest
from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.values.drawing_intents import Paint
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.prompt import Box


@dataclass(frozen=True, slots=True)
class LiveStroke:
    """An object as a stroke on the way leaves it: `base` before the stroke, `art` with all of `stroke`."""

    target: CanvasMask
    base: MaskArt
    art: MaskArt
    stroke: Paint

    def leads_to(self, target: CanvasMask, stroke: Paint) -> bool:
        """True when `stroke` is this one, longer."""
        done = self.stroke.path
        return target == self.target and replace(stroke, path=done) == self.stroke and stroke.path[: len(done)] == done

    def along(self, stroke: Paint) -> LiveStroke:
        """With what `stroke` adds to this one."""
        way = stroke.path[max(len(self.stroke.path) - 1, 0) :]
        if len(stroke.path) == len(self.stroke.path):
            return self
        mask = self.target.mask
        dab = raster.stroke(way, size=stroke.size, square=stroke.square, height=mask.height, width=mask.width)
        art = self.art.changed(dab, np.logical_or if stroke.add else np.greater)
        return replace(self, art=art, stroke=stroke)


_MOST_PARTS = 32
_CACHE_KB = 256 << 10  # room for the pictures of several 4K canvases; Qt's default would hold none


class MaskLayer(QGraphicsItem):
    """Draws prepared pictures and paths; everything costly happens in the setters."""

    def __init__(self) -> None:
        super().__init__()
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._cache = MaskCache()
        self._masks: tuple[CanvasMask, ...] = ()
        self._arts: dict[ObjectId, MaskArt] = {}
        self._boxes = np.empty((0, 4), np.int64)  # of the arts, in the order of the masks
        self._lifted: ObjectId | None = None
        self._zoom, self._ratio = 1.0, 1.0
        self._width, self._bold = WIDTH, False
        self._rect = QRectF()
        self._frame_rect = QRectF()
        self._live: LiveStroke | None = None
        self._near: MaskArt | None = None  # of the stroke that ended last, until its mask comes
        self._shift: Shift | None = None
        self._roomy = False

    def set_frame_size(self, size: tuple[int, int] | None) -> None:
        """(width, height) of the frame, None without one."""
        self._frame_rect = QRectF() if size is None else QRectF(0, 0, *size)
        self._roomy = False
        self._fit()

    def set_masks(self, masks: tuple[CanvasMask, ...]) -> None:
        """Show these, from back to front; only what differs is made and painted anew."""
        before = {mask.object_id: mask for mask in self._masks}
        arts, self._arts, made = self._arts, {}, list[MaskArt]()
        for mask in masks:
            old = before.pop(mask.object_id, None)
            known = None if old is None else arts[mask.object_id]
            if old is mask and known is not None:
                self._arts[mask.object_id] = known
                continue
            art = self._arts[mask.object_id] = self._art(mask, old)
            if art is not known:
                made.append(art)
            if old is not None and known is not None and replace(old, mask=mask.mask) == mask:
                for box in art.differing(known):
                    self.update(self._with_margin(box))
            elif old != mask:
                self.update(QRectF() if known is None else self._rect_of(known))
                self.update(self._rect_of(art))
        for object_id in before:
            self.update(self._rect_of(arts[object_id]))
        if [mask.object_id for mask in masks] != [mask.object_id for mask in self._masks]:
            self.update()
        self._masks = masks
        self._near = None
        boxes = [self._arts[mask.object_id].box for mask in masks]
        self._boxes = np.array(boxes, np.int64).reshape(-1, 4)
        self._prepare(made)

    def _art(self, mask: CanvasMask, before: CanvasMask | None) -> MaskArt:
        tint = mask.rgb
        if before is not None and before.rgb == mask.rgb:
            return self._cache.get_changed(mask.mask, before.mask, tint, self._near)
        if self._near is not None and self._near.colour == tint:
            return self._cache.get_changed(mask.mask, rle.empty(mask.mask.height, mask.mask.width), tint, self._near)
        return self._cache.get(mask.mask, tint)

    def set_stroke(self, target: CanvasMask | None, stroke: Paint | None) -> None:
        """Show `target` as a stroke on the way would leave it, or as it is."""
        live = self._live
        if target is None or stroke is None:
            if live is not None:
                self._live, self._near = None, live.art
                self._update_tiles(live.art, live.base)
            return
        if live is None or not live.leads_to(target, stroke):
            if live is not None:
                self._update_tiles(live.art, live.base)
            base = self._cache.get(target.mask, target.rgb)
            base.prepare(self._zoom)
            live = LiveStroke(target, base, base, replace(stroke, path=()))
        before, self._live = live.art, live.along(stroke)
        self._live.art.prepare(self._zoom, like=before)
        if not self._roomy:
            # Qt would make its picture of the layer anew whenever a stroke leaves the masks there are.
            self._roomy = True
            self._fit()
        self._update_tiles(before, self._live.art)

    def set_shift(self, shift: Shift | None) -> None:
        """Show a mask elsewhere, or where it is."""
        if shift != self._shift:
            for one in (self._shift, shift):
                if one is not None and one.object_id in self._arts:
                    self.update(self._rect_of(self._arts[one.object_id]).translated(one.dx, one.dy))
                    self.update(self._rect_of(self._arts[one.object_id]))
            self._shift = shift
            self._roomy = True
            self._fit()

    def _update_tiles(self, one: MaskArt, other: MaskArt) -> None:
        for box in one.differing(other):
            self.update(self._with_margin(box))

    def set_lifted(self, object_id: ObjectId | None) -> None:
        """The object under the pointer, if any, gets a stronger outline."""
        if object_id != self._lifted:
            for one in (object_id, self._lifted):
                if one is not None and one in self._arts:
                    self.update(self._rect_of(self._arts[one]))
            self._lifted = object_id

    def set_zoom(self, zoom: float, ratio: float) -> None:
        """Get ready for this zoom (device pixels per image pixel) and ratio (device pixels per canvas pixel)."""
        self._zoom, self._ratio = zoom, ratio
        self._prepare(self._arts.values())

    def set_outline(self, width: float, *, bold: bool) -> None:
        """Draw outlines this wide (canvas px, 0 is one device pixel), with wider casings if `bold`."""
        if (width, bold) != (self._width, self._bold):
            self._width, self._bold = width, bold
            self._fit()
            self.update()

    def hit_test(self, x: float, y: float) -> tuple[ObjectId, ...]:
        """Objects whose mask covers the image point, topmost first."""
        near = (self._masks[place].object_id for place in reversed(self._reaching(x, y, x, y)))
        return tuple(object_id for object_id in near if self._arts[object_id].covers(x, y))

    def objects_in(self, box: Box) -> tuple[ObjectId, ...]:
        """Objects with a mask pixel that the box touches, from back to front."""
        near = (self._masks[place].object_id for place in self._reaching(box.x0, box.y0, box.x1, box.y1))
        return tuple(object_id for object_id in near if self._arts[object_id].touches(box))

    def _reaching(self, x0: float, y0: float, x1: float, y1: float) -> list[int]:
        """Places, from back to front, of masks whose art may reach into a part of the picture."""
        boxes = self._boxes
        inside = (boxes[:, 0] <= x1) & (boxes[:, 2] >= x0) & (boxes[:, 1] <= y1) & (boxes[:, 3] >= y0)
        return [int(place) for place in np.flatnonzero(inside)]

    def boundingRect(self) -> QRectF:
        """Around all masks and their outlines."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill and outline of every mask that touches the exposed part."""
        for mask, art in self._drawn(_exposed(painter, option.exposedRect)):
            shift = self._shift
            dx, dy = (shift.dx, shift.dy) if shift is not None and shift.object_id == mask.object_id else (0, 0)
            exposed = option.exposedRect.translated(-dx, -dy)
            tiles = art.shown(exposed, self._margin)
            if tiles:
                painter.translate(dx, dy)
                self._paint_mask(painter, mask, tiles, exposed)
                painter.translate(-dx, -dy)

    def _drawn(self, exposed: list[QRectF]) -> list[tuple[CanvasMask, MaskArt]]:
        """Masks that may reach into parts of the picture and what is drawn of them, the object that a stroke goes
        into as the stroke leaves it."""
        near = set[int]()
        for part in exposed:
            rect = part.adjusted(-self._margin, -self._margin, self._margin, self._margin)
            near.update(self._reaching(rect.left(), rect.top(), rect.right(), rect.bottom()))
        elsewhere = {self._shift.object_id} if self._shift is not None else set[ObjectId]()
        if self._live is not None:
            elsewhere.add(self._live.target.object_id)
        if elsewhere:
            near.update(i for i, mask in enumerate(self._masks) if mask.object_id in elsewhere)
        drawn = [(self._masks[place], self._arts[self._masks[place].object_id]) for place in sorted(near)]
        if self._live is not None:
            target, art = self._live.target, self._live.art
            place = next((i for i, (mask, _) in enumerate(drawn) if mask.object_id == target.object_id), len(drawn))
            drawn[place : place + 1] = [(target, art)]
        return drawn

    def _paint_mask(self, painter: QPainter, mask: CanvasMask, tiles: list[Tile], exposed: QRectF) -> None:
        # Tiles must meet without a seam.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setOpacity(fill_opacity(mask))
        for tile in tiles:
            tile.draw_fill(painter, exposed, self._zoom)
        painter.setOpacity(1.0)
        # Edges of enlarged pixels are upright and level: hard lines are exact there and several times faster.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._zoom <= 1)
        lifted, width = mask.object_id == self._lifted, self._width or 1 / self._ratio
        for stroke in outline_strokes(mask, lifted=lifted, width=width, bold=self._bold):
            painter.setPen(stroke.pen(self._ratio))
            for tile in tiles:
                painter.drawPath(tile.outline(self._zoom))

    @property
    def _margin(self) -> float:
        """How far lines go beyond the pixels, in image px."""
        return widest(self._width) * self._ratio / self._zoom

    def _with_margin(self, box: PixelBox) -> QRectF:
        x0, y0, x1, y1 = box
        return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-self._margin, -self._margin, self._margin, self._margin)

    def _rect_of(self, art: MaskArt) -> QRectF:
        return self._with_margin(art.box)

    def _prepare(self, arts: Iterable[MaskArt]) -> None:
        """Make what drawing these needs now, and room for all."""
        for art in arts:
            art.prepare(self._zoom)
        if self._live is not None:
            self._live.art.prepare(self._zoom)
        self._fit()

    def _fit(self) -> None:
        """The item is as large as all that is drawn."""
        rect = QRectF()
        if len(self._boxes):
            x0, y0 = self._boxes[:, :2].min(axis=0).tolist()
            x1, y1 = self._boxes[:, 2:].max(axis=0).tolist()
            rect = self._with_margin((x0, y0, x1, y1))
        if self._roomy:
            rect |= self._frame_rect.adjusted(-self._margin, -self._margin, self._margin, self._margin)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect


def _exposed(painter: QPainter, around: QRectF) -> list[QRectF]:
    """What is to be painted, within `around`: two objects far apart are not all that lies between them."""
    region = painter.clipRegion() if painter.hasClipping() else None
    if region is None or not 0 < region.rectCount() <= _MOST_PARTS:
        return [around]
    rects = cast(Iterable[QRect], region)  # its type does not say that it can be gone through
    return [QRectF(rect).adjusted(-1, -1, 1, 1) & around for rect in rects]  # it counts whole pixels
