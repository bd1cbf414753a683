"""Cells of the objects list that are more than text: the label with its life bar, and the small picture."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QCompleter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.objects_model import COLOUR_ROLE, LIFE_ROLE
from sam2_annotator.ui.theme.widgets import TextField

PICTURE = QSize(36, 28)
ROW_HEIGHT = 34
_BAR, _BAR_MARGIN = 3, 4
_STRENGTHS = (0, 110, 180, 255)


class LabelDelegate(QStyledItemDelegate):
    """Edits a label in place and offers the known ones; `renamed(row, text)` leaves the change to the document.

    In clips a bar under the label shows where along the clip the object is: faint where tracked, strong at key frames.
    """

    renamed = Signal(int, str)
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.closeEditor.connect(self.ended)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A field over the label."""
        field = TextField(parent)
        field.setObjectName("objectLabelEditor")
        field.setAccessibleName(tr("Label"))
        field.setPlaceholderText(tr("unlabelled"))
        completer = QCompleter(self.names, field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        field.setCompleter(completer)
        field.committed.connect(lambda: self.commitData.emit(field))
        field.released.connect(lambda: self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint))
        return field

    def eventFilter(self, watched: object, event: object) -> bool:
        """The field knows Enter and Esc itself; losing the keyboard any other way changes nothing."""
        return False

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say what was typed."""
        if isinstance(editor, TextField):
            self.renamed.emit(index.row(), editor.text().strip())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The label, and the bar."""
        super().paint(painter, option, index)
        life = index.data(LIFE_ROLE)
        if isinstance(life, bytes) and life:
            self._paint_life(painter, option.rect, life, index.data(COLOUR_ROLE))

    def _paint_life(self, painter: QPainter, cell: QRect, life: bytes, colour: QColor) -> None:
        left, width = cell.left() + _BAR_MARGIN, cell.width() - 2 * _BAR_MARGIN
        top = cell.bottom() - _BAR - 1
        for place, strength in enumerate(life):
            if strength:
                start, end = place * width // len(life), (place + 1) * width // len(life)
                colour.setAlpha(_STRENGTHS[strength])
                painter.fillRect(left + start, top, max(1, end - start), _BAR, colour)


class PictureDelegate(QStyledItemDelegate):
    """The small picture in the middle of its cell, and the height of all rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for the picture."""
        return QSize(PICTURE.width() + 8, ROW_HEIGHT)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """As large as the picture is."""
        super().initStyleOption(option, index)
        option.decorationAlignment = Qt.AlignmentFlag.AlignCenter
        option.decorationSize = PICTURE
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):  # as it is, in selected rows too
            option.icon = QIcon(picture)
            option.icon.addPixmap(picture, QIcon.Mode.Selected)
