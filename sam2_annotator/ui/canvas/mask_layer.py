"""All masks of the frame: tinted pixels and outlines along their edges, from back to front.

One item for all of them, because Qt then keeps their picture in device pixels: panning, pointer moves and prompts
repaint no mask, a changed object repaints its own rectangle.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.mask_cache import MaskArt, MaskCache
from sam2_annotator.ui.canvas.strokes import WIDTH, fill_opacity, outline_strokes, widest
from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.prompt import Box

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
        self._lifted: ObjectId | None = None
        self._zoom, self._ratio = 1.0, 1.0
        self._width, self._bold = WIDTH, False
        self._rect = QRectF()

    def set_masks(self, masks: tuple[CanvasMask, ...]) -> None:
        """Show these, from back to front; only what differs is made and painted anew."""
        for mask in set(self._masks) ^ set(masks):
            self.update(self._rect_of(mask))
        if [mask.object_id for mask in masks] != [mask.object_id for mask in self._masks]:
            self.update()
        self._masks = masks
        self._arts = {mask.object_id: self._cache.get(mask.mask, mask.rgb) for mask in masks}
        self._prepare()

    def set_lifted(self, object_id: ObjectId | None) -> None:
        """The object under the pointer, if any, gets a stronger outline."""
        if object_id != self._lifted:
            for mask in self._masks:
                if mask.object_id in (object_id, self._lifted):
                    self.update(self._rect_of(mask))
            self._lifted = object_id

    def set_zoom(self, zoom: float, ratio: float) -> None:
        """Get ready for this zoom (device pixels per image pixel) and ratio (device pixels per canvas pixel)."""
        self._zoom, self._ratio = zoom, ratio
        self._prepare()

    def set_outline(self, width: float, *, bold: bool) -> None:
        """Draw outlines this wide (canvas px, 0 is one device pixel), with wider casings if `bold`."""
        if (width, bold) != (self._width, self._bold):
            self._width, self._bold = width, bold
            self._prepare()
            self.update()

    def hit_test(self, x: float, y: float) -> tuple[ObjectId, ...]:
        """Objects whose mask covers the image point, topmost first."""
        return tuple(m.object_id for m in reversed(self._masks) if self._arts[m.object_id].covers(x, y))

    def objects_in(self, box: Box) -> tuple[ObjectId, ...]:
        """Objects with a mask pixel that the box touches, from back to front."""
        return tuple(mask.object_id for mask in self._masks if self._arts[mask.object_id].touches(box))

    def boundingRect(self) -> QRectF:
        """Around all masks and their outlines."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill and outline of every mask that touches the exposed part."""
        for mask in self._masks:
            if self._rect_of(mask).intersects(option.exposedRect):
                self._paint_mask(painter, mask, option.exposedRect)

    def _paint_mask(self, painter: QPainter, mask: CanvasMask, exposed: QRectF) -> None:
        art = self._arts[mask.object_id]
        x0, y0, x1, y1 = mask.mask.box
        painter.setOpacity(fill_opacity(mask))
        art.fill.draw(painter, QRectF(x0, y0, x1 - x0, y1 - y0), exposed, self._zoom)
        painter.setOpacity(1.0)
        # Edges of enlarged pixels are upright and level: hard lines are exact there and several times faster.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._zoom <= 1)
        outline = art.outline(self._zoom)
        lifted, width = mask.object_id == self._lifted, self._width or 1 / self._ratio
        for stroke in outline_strokes(mask, lifted=lifted, width=width, bold=self._bold):
            painter.setPen(stroke.pen(self._ratio))
            painter.drawPath(outline)

    def _rect_of(self, mask: CanvasMask) -> QRectF:
        x0, y0, x1, y1 = mask.mask.box
        margin = widest(self._width) * self._ratio / self._zoom
        return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-margin, -margin, margin, margin)

    def _prepare(self) -> None:
        rect = QRectF()
        for mask in self._masks:
            self._arts[mask.object_id].prepare(self._zoom)
            rect |= self._rect_of(mask)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
