"""A graphics view that owns zoom and position of a picture (INTERACTION CAN-1, CAN-2, CAN-5, CAN-8)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from sam2_annotator.ui.canvas.camera import Camera, fit, show_box
from sam2_annotator.ui.canvas.wheel import WheelMove, WheelPreset, WheelReader


class ZoomView(QGraphicsView):
    """Scene coordinates are image coordinates; what shows is decided by `camera` alone, without scroll bars."""

    zoom_changed = Signal(float)  # device pixels per image pixel

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.camera = Camera()
        self.ratio = self.devicePixelRatioF()
        self._picture: tuple[int, int] | None = None
        self._fitted = True
        self._held: tuple[tuple[int, int], Camera] | None = None
        self._wheel = WheelReader()

    @property
    def zoom(self) -> float:
        """Device pixels per image pixel; 1.0 is 100 %."""
        return self.camera.scale * self.ratio

    @property
    def is_fitted(self) -> bool:
        """True while the picture is kept as large as the canvas."""
        return self._fitted

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """(width, height) of the picture, None without one."""
        return self._picture

    def set_picture_size(self, size: tuple[int, int] | None, *, keep_view: bool) -> None:
        """Another picture, (width, height); zoom and position stay if `keep_view` and the size is the same."""
        same = size == self._picture
        self._picture = size
        held = None if size is None else self._held
        if held is not None:
            self._held = None
        if held is not None and held[0] == size:
            self._fitted = False
            self._set_camera(held[1])
        elif not (keep_view and same):
            self.fit()
        if size is None:
            self.viewport().update()  # Qt does not repaint where items were that have no size any more

    def hold_view(self) -> None:
        """Show the next picture as this one is shown, though there is none in between."""
        self._held = None if self._picture is None or self._fitted else (self._picture, self.camera)

    def set_wheel_preset(self, preset: WheelPreset) -> None:
        """What the wheel does."""
        self._wheel.preset = preset

    def set_zoom_step(self, step: float) -> None:
        """The factor of one notch or one key press."""
        self._wheel.zoom_step = step

    def zoom_by_steps(self, steps: int) -> None:
        """In (+) or out (-) around the middle of the canvas."""
        self.zoom_to(self.zoom * self._wheel.zoom_step**steps)

    def fit(self) -> None:
        """The whole picture with a margin, also after the canvas is resized."""
        self._fitted = True
        if self._picture is not None:
            self._set_camera(fit(self._picture, self.canvas_size(), self.ratio))

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """This zoom; the image point at `at` (canvas px, the middle if None) stays where it is."""
        if self._picture is None:
            return
        self._fitted = False
        place = QRectF(self.viewport().rect()).center() if at is None else at
        self._set_camera(self.camera.zoomed(zoom, at=(place.x(), place.y()), image=self._picture, ratio=self.ratio))

    def zoom_to_box(self, box: tuple[float, float, float, float], margin: float) -> None:
        """An image box (x0, y0, x1, y1) as large as it goes; margin as a share of the box on each side."""
        self._fitted = False
        width, height = (side * margin / (1 + 2 * margin) for side in self.canvas_size())
        self._set_camera(show_box(box, self.canvas_size(), self.ratio, margin=min(width, height)))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by canvas px."""
        if self._picture is not None:
            self._fitted = False
            self._set_camera(self.camera.panned(dx, dy, image=self._picture, viewport=self.canvas_size()))

    def canvas_size(self) -> tuple[float, float]:
        """(width, height) of the canvas in its px."""
        return float(self.viewport().width()), float(self.viewport().height())

    def on_camera(self) -> None:
        """The view changed; for those who draw by it."""

    def on_frame_wheel(self, frames: int) -> None:
        """The wheel asks to step frames."""

    def _set_camera(self, camera: Camera) -> None:
        before, self.camera = self.zoom, camera
        self.setTransform(QTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top))
        # A scene rectangle equal to what shows leaves Qt nothing to scroll or to align.
        self.setSceneRect(QRectF(QPointF(*camera.to_image(0, 0)), QPointF(*camera.to_image(*self.canvas_size()))))
        self.on_camera()
        if self.zoom != before:
            self.zoom_changed.emit(self.zoom)

    # ------------------------------------------------------------------------------------------------ events

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer, pan or step frames."""
        move: WheelMove = self._wheel.read(event)
        if move.factor != 1.0:
            self.zoom_to(self.zoom * move.factor, event.position())
        if move.dx or move.dy:
            self.pan_by(move.dx, move.dy)
        if move.frames:
            self.on_frame_wheel(move.frames)
        if Qt.KeyboardModifier.AltModifier in event.modifiers():
            _keep_menu_bar_out()
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinching zooms at the fingers."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self.zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """On a screen of another density the zoom in device pixels stays."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.devicePixelRatioF() != self.ratio:
            zoom, self.ratio = self.zoom, self.devicePixelRatioF()
            if self._fitted:
                self.fit()
            else:
                self.zoom_to(zoom)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted, or keep the middle in the middle."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        elif self._picture is not None:
            old, new = event.oldSize(), event.size()
            self._set_camera(self.camera.recentred((old.width(), old.height()), (new.width(), new.height())))


def _keep_menu_bar_out() -> None:
    """Letting go of Alt is not to open the menu bar now (FOC-9). It forgets Alt at certain events, of which the wheel
    is none; this one nobody else looks at."""
    QCoreApplication.sendEvent(QObject(), QEvent(QEvent.Type.ActivationChange))
