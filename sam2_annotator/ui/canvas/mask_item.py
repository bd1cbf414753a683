"""One object's mask on the canvas: tinted pixels and an outline along their edges."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.mask_cache import MaskArt
from sam2_annotator.ui.canvas.strokes import WIDEST, fill_opacity, outline_strokes
from sam2_annotator.ui.canvas.values import CanvasMask


class MaskItem(QGraphicsItem):
    """Draws prepared pictures and paths; everything costly happens in the setters."""

    def __init__(self, mask: CanvasMask, art: MaskArt, zoom: float, ratio: float) -> None:
        super().__init__()
        self.mask = mask
        self.art = art
        self._lifted = False
        self._zoom = zoom
        self._ratio = ratio
        self._restyle()
        art.prepare(zoom)

    def set_mask(self, mask: CanvasMask, art: MaskArt) -> None:
        """Another mask or style for the same object."""
        if mask == self.mask:
            return
        self.prepareGeometryChange()
        self.mask, self.art = mask, art
        self._restyle()
        art.prepare(self._zoom)

    def set_zoom(self, zoom: float, ratio: float) -> None:
        """Get ready for this zoom (device pixels per image pixel) and ratio (device pixels per canvas pixel)."""
        self.prepareGeometryChange()
        self._zoom, self._ratio = zoom, ratio
        self._restyle()
        self.art.prepare(zoom)

    def set_lifted(self, lifted: bool) -> None:
        """Whether the pointer is over the object."""
        if lifted != self._lifted:
            self._lifted = lifted
            self._restyle()

    def _restyle(self) -> None:
        self._pens = [stroke.pen(self._ratio) for stroke in outline_strokes(self.mask, lifted=self._lifted)]
        self._opacity = fill_opacity(self.mask)
        self.update()

    def boundingRect(self) -> QRectF:
        """The mask's box and half the widest outline around it."""
        x0, y0, x1, y1 = self.art.box
        margin = WIDEST * self._ratio / self._zoom
        return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-margin, -margin, margin, margin)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill, then the passes of the outline."""
        x0, y0, x1, y1 = self.art.box
        painter.setOpacity(self._opacity)
        self.art.fill.draw(painter, QRectF(x0, y0, x1 - x0, y1 - y0), self._zoom)
        painter.setOpacity(1.0)
        # Edges of enlarged pixels are upright and level: hard lines are exact there and several times faster.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._zoom <= 1)
        outline = self.art.outline(self._zoom)
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawPath(outline)
