"""Zoom and position of the picture, as exact numbers without a widget (INTERACTION CAN-1, CAN-2, CAN-5).

All lengths on the canvas are device-independent pixels; `zoom` counts device pixels per image pixel, so 1.0 is
100 % on every screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_ZOOM = 0.02
MAX_ZOOM = 64.0
FIT_MARGIN = 16.0

Size = tuple[float, float]  # width, height


@dataclass(frozen=True, slots=True)
class Camera:
    """Image point (x, y) shows at (x * scale + left, y * scale + top); scale is canvas px per image px."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Image point of a place on the canvas."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Place on the canvas of an image point."""
        return x * self.scale + self.left, y * self.scale + self.top

    def zoomed(self, zoom: float, *, at: tuple[float, float], image: Size, ratio: float) -> Camera:
        """This zoom, with the image point under canvas point `at` staying where it is.

        Where `at` is beside the picture, its nearest point stays, so that the picture cannot be zoomed away.
        `ratio` is device pixels per canvas pixel.
        """
        scale = min(max(zoom, MIN_ZOOM), MAX_ZOOM) / ratio
        x, y = self.to_image(*at)
        x, y = min(max(x, 0.0), image[0]), min(max(y, 0.0), image[1])
        shown_x, shown_y = self.to_canvas(x, y)
        return Camera(scale, shown_x - x * scale, shown_y - y * scale)

    def panned(self, dx: float, dy: float, *, image: Size, viewport: Size) -> Camera:
        """Moved by (dx, dy) as far as half the viewport past each side; never moved back by more than asked."""
        return replace(
            self,
            left=_moved(self.left, dx, image[0] * self.scale, viewport[0]),
            top=_moved(self.top, dy, image[1] * self.scale, viewport[1]),
        )

    def recentred(self, old: Size, new: Size) -> Camera:
        """The centre of the old viewport in the centre of the new one."""
        return replace(self, left=self.left + (new[0] - old[0]) / 2, top=self.top + (new[1] - old[1]) / 2)


def fit(image: Size, viewport: Size, ratio: float) -> Camera:
    """The whole image in the middle, FIT_MARGIN around it."""
    return show_box((0.0, 0.0, *image), viewport, ratio, margin=FIT_MARGIN)


def show_box(box: tuple[float, float, float, float], viewport: Size, ratio: float, *, margin: float) -> Camera:
    """An image box (x0, y0, x1, y1) in the middle, as large as `margin` canvas px on each side allow."""
    x0, y0, x1, y1 = box
    width, height = max(x1 - x0, 1.0), max(y1 - y0, 1.0)
    room = max(viewport[0] - 2 * margin, 1.0), max(viewport[1] - 2 * margin, 1.0)
    scale = min(max(min(room[0] / width, room[1] / height) * ratio, MIN_ZOOM), MAX_ZOOM) / ratio
    return Camera(scale, viewport[0] / 2 - (x0 + x1) / 2 * scale, viewport[1] / 2 - (y0 + y1) / 2 * scale)


def _moved(offset: float, delta: float, shown: float, viewport: float) -> float:
    """One axis of a pan. A zoom may have left the limits; then they give way up to where the picture is."""
    low, high = min(viewport / 2 - shown, offset), max(viewport / 2, offset)
    return min(max(offset + delta, low), high)
