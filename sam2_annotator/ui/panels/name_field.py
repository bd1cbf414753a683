"""The field that names the first object in place (OBJ-4)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCompleter, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import TextField, describe
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SetLabel

_WIDTH = 180
_MARGIN = 8


class NameField(TextField):
    """Lies over its parent at the object; Enter emits SetLabel, Esc or a click elsewhere leaves it unlabelled."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        describe(self, "name_field", tr("Name of the object"))
        self.setPlaceholderText(tr("Name it, or Esc"))
        self.setFixedWidth(_WIDTH)
        self._host = parent
        self._object: ObjectId | None = None
        self.committed.connect(self._commit)
        self.released.connect(self._end)
        self.editingFinished.connect(self._end)
        self.hide()

    def set_labels(self, names: tuple[str, ...]) -> None:
        """Known names, offered while typing."""
        self.setCompleter(QCompleter(list(names), self))

    def ask(self, object_id: ObjectId, at: QPoint) -> None:
        """Ask for the name of an object; `at` is its place on the parent."""
        area = self._host.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN - self.width(), -_MARGIN - self.height())
        self.move(
            min(max(at.x(), area.left()), max(area.left(), area.right())),
            min(max(at.y(), area.top()), max(area.top(), area.bottom())),
        )
        self._object = object_id
        self.clear()
        self.show()
        self.raise_()
        self.setFocus()

    def _commit(self, text: str) -> None:
        if self._object is not None and text.strip():
            self.intent.emit(SetLabel(text.strip(), (self._object,)))

    def _end(self) -> None:
        if self.isVisible():
            self._object = None
            self.hide()
            self.focus_released.emit()
