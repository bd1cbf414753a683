"""Attributes of a label, or of all: what is asked of its objects. Part of the label set editor."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.doc.commands import AddAttribute, ChangeAttribute, DeleteAttribute, MoveAttribute
from sam2_annotator.doc.commands.attributes import spec_of
from sam2_annotator.doc.rows import AttributeRow
from sam2_annotator.ui.dialogs.attribute_form import AttributeForm, kind_titles
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import TextField, describe, text_label
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.ids import AttributeId, LabelId

_ROW = Qt.ItemDataRole.UserRole


class AttributesPage(QWidget):
    """The attributes of one label and a form for the selected one; `wish` carries commands."""

    wish = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label: LabelId | None = None
        self._rows: tuple[AttributeRow, ...] = ()
        self._wanted: str | None = None
        self._list = QListWidget()
        describe(self._list, "attributesList", tr("Attributes"), what=tr("Alt+Up and Alt+Down move, Del deletes"))
        self._list.installEventFilter(self)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._open_menu)
        self._field = TextField(for_many=True)
        describe(self._field, "attributeField", tr("New attribute"))
        self._field.setPlaceholderText(tr("New attribute: type a name, then Enter"))
        self._form = AttributeForm(theme)
        self._form.delete_requested.connect(self._delete)
        self._hint = text_label("", "muted")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._field)
        layout.addWidget(self._hint)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._form)
        layout.addStretch()
        self._field.committed.connect(self._add)
        self._list.currentRowChanged.connect(self._show_form)
        self._form.changed.connect(self._change)

    def set_rows(self, label: LabelId | None, rows: tuple[AttributeRow, ...]) -> None:
        """Show the attributes of a label, of all labels for None; the selected one stays so."""
        selected = self.selected
        kept = None if selected is None or label != self._label else selected.id
        self._label, self._rows = label, rows
        with QSignalBlocker(self._list):
            self._list.clear()
            for row in rows:
                item = QListWidgetItem(_summary(row))
                item.setData(_ROW, row.id)
                self._list.addItem(item)
        names = [row.name for row in rows]
        place = next((n for n, row in enumerate(rows) if row.id == kept), 0)
        if self._wanted in names:
            place, self._wanted = names.index(self._wanted), None
        self._list.setCurrentRow(place if rows else -1)
        self._show_form(self._list.currentRow())
        self._hint.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._hint.setText(
            tr("Nothing is asked of objects of every label yet.")
            if label is None
            else tr("Nothing more is asked of objects of this label yet.")
        )

    @property
    def selected(self) -> AttributeRow | None:
        """The selected attribute."""
        item = self._list.currentItem()
        wanted: AttributeId | None = None if item is None else item.data(_ROW)
        return next((row for row in self._rows if row.id == wanted), None)

    def commit(self) -> None:
        """Take over what is being typed."""
        self._form.commit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Del deletes, Alt with Up and Down moves the selected attribute, F2 renames it."""
        selected = self.selected
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or selected is None:
            return False
        place = self._rows.index(selected)
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Delete:
                self._delete()
            case Qt.Key.Key_F2:
                self._form.focus_name()
            case Qt.Key.Key_Up if alt and place > 0:
                self._move(selected, place - 1)
            case Qt.Key.Key_Down if alt and place < len(self._rows) - 1:
                self._move(selected, place + 1)
            case _:
                return False
        return True

    def menu(self) -> QMenu | None:
        """The context menu of the selected attribute; None without one."""
        selected = self.selected
        if selected is None:
            return None
        place = self._rows.index(selected)
        menu = QMenu(self)
        menu.setObjectName("attributeMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Rename…") + "\tF2", self._form.focus_name)
        up = menu.addAction(tr("Move up") + "\tAlt+Up", partial(self._move, selected, place - 1))
        down = menu.addAction(tr("Move down") + "\tAlt+Down", partial(self._move, selected, place + 1))
        up.setEnabled(place > 0)
        down.setEnabled(place < len(self._rows) - 1)
        menu.addSeparator()
        menu.addAction(tr("Delete") + "\tDel", self._delete)
        return menu

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(self._list.viewport().mapToGlobal(place))

    def _move(self, row: AttributeRow, place: int) -> None:
        self.wish.emit(MoveAttribute(row.id, place))

    def _delete(self) -> None:
        selected = self.selected
        if selected is not None:
            self.wish.emit(DeleteAttribute(selected.id))

    def _show_form(self, place: int) -> None:
        self._form.setVisible(place >= 0)
        if place >= 0:
            self._form.show_spec(spec_of(self._rows[place]))

    def _add(self, text: str) -> None:
        if text.strip():
            self._wanted = " ".join(text.split())
            self.wish.emit(AddAttribute(self._label, AttributeSpec(text, AttributeKind.FLAG)))

    def _change(self, spec: AttributeSpec) -> None:
        selected = self.selected
        if selected is not None and spec != spec_of(selected):
            self.wish.emit(ChangeAttribute(selected.id, spec))
            self._show_form(self._list.currentRow())


def _summary(row: AttributeRow) -> str:
    kind = kind_titles()[row.kind]
    said = f"{kind} {', '.join(row.choices)}".strip() if row.kind is AttributeKind.CHOICE else kind
    return (
        tr("{name}: {kind}, changing", name=row.name, kind=said)
        if row.per_frame
        else tr("{name}: {kind}", name=row.name, kind=said)
    )
