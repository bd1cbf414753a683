"""The menu of the selected objects, wherever it is opened (PRM-12)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.actions.object_table import CONTEXT_MENU, CONTEXT_MENU_IN_CLIPS
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.controllers.chosen import chosen
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.intents import SetLabel
from sam2_annotator.values.object_intents import ObjectMenu

_MOST_LABELS = 30


class MenusController(QObject):
    """Opens menus of commands from the table; `intent` carries the choice of a label, which is no command."""

    intent = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        actions: ActionSet,
        notices: Notices,
        *,
        canvas: CanvasView,
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._actions = actions
        self._notices = notices
        self._canvas = canvas
        self._parent_window = parent_window

    def open(self, wish: ObjectMenu) -> None:
        """At an image point of the canvas, or beside the first selected object."""
        x, y = self._place() if wish.at is None else wish.at
        left, top = self._canvas.camera.to_canvas(x, y)
        inside = self._canvas.viewport().rect()
        place = QPoint(min(max(round(left), 0), inside.right()), min(max(round(top), 0), inside.bottom()))
        self.open_at(self._canvas.viewport().mapToGlobal(place))

    @Slot(QPoint)
    def open_at(self, place: QPoint) -> None:
        """At a place of the screen."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        if found is None:
            return
        menu = QMenu(self._parent_window)
        menu.setObjectName("objectMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_labels(menu, found.project, found.rows)
        in_clip = found.shown.media.is_clip
        self._actions.fill_menu(menu, CONTEXT_MENU_IN_CLIPS if in_clip else CONTEXT_MENU)
        menu.popup(place)

    def _place(self) -> tuple[float, float]:
        """The middle of the first selected object, else of the picture."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        mask = None if found is None else found.mask(found.rows[0].id)
        if mask is None:
            centre = self._canvas.viewport().rect().center()
            return self._canvas.camera.to_image(centre.x(), centre.y())
        x0, y0, x1, y1 = mask.box
        return (x0 + x1) / 2, (y0 + y1) / 2

    def _add_labels(self, menu: QMenu, project: Project, rows: tuple[ObjectRow, ...]) -> None:
        inner = menu.addMenu(tr("Label"))
        inner.setObjectName("objectMenu.labels")
        group = QActionGroup(inner)
        objects = tuple(row.id for row in rows)
        for label in project.labels()[:_MOST_LABELS]:
            entry = inner.addAction(swatch(label.colour), label.name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(all(row.label == label.id for row in rows))
            entry.triggered.connect(partial(self._label, SetLabel(label.name, objects)))
            group.addAction(entry)
        inner.addSeparator()
        none = inner.addAction(tr("No label"))
        none.triggered.connect(partial(self._label, SetLabel(None, objects)))

    def _label(self, wish: SetLabel, checked: bool = False) -> None:
        self.intent.emit(wish)
