"""The few widgets panels and dialogs share: they keep the keyboard where it belongs (FOC-1 to FOC-4)."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QTextEdit,
    QToolButton,
    QTreeView,
    QWidget,
)

from sam2_annotator.ui.theme.style import Theme

_KEY = "defaultKey"
ICON_SIZE = QSize(18, 18)


def describe(widget: QWidget, object_name: str, name: str, *, key: str = "", what: str = "") -> None:
    """Give a widget its test name, its name for screen readers and the tooltip "Name (Key): what it does"."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(what)
    widget.setProperty(_KEY, key)
    if what:
        show_key(widget, key)


def default_key(widget: QWidget) -> str:
    """The key a widget was described with, by its portable name; "" for none."""
    return str(widget.property(_KEY) or "")


def show_key(widget: QWidget, key: str) -> None:
    """Name another key in the tooltip of a described widget; "" for none."""
    name, what = widget.accessibleName(), widget.accessibleDescription()
    title = f"{name} ({key})" if key else name
    widget.setToolTip(f"{title}: {what}")


def takes_text(widget: QWidget | None) -> bool:
    """True for a widget that letters are typed into."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


def is_typing(event: QKeyEvent) -> bool:
    """True for a key that puts a sign into a field, also with AltGr, which some systems tell as Ctrl + Alt."""
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier)
    alt_gr = held == Qt.KeyboardModifier.ControlModifier and Qt.KeyboardModifier.AltModifier in event.modifiers()
    return event.text().isprintable() and bool(event.text()) and (not held or alt_gr)


def set_role(widget: QWidget, role: str) -> None:
    """Choose the rule of the style sheet a widget is drawn by; may change while it is shown."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Let the style sheet look at the properties of a widget again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def text_label(text: str, role: str = "") -> QLabel:
    """A label drawn by the rule `role` of the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        set_role(label, role)
    return label


def icon_button(
    theme: Theme, icon: str, object_name: str, name: str, *, key: str = "", what: str, text: str = ""
) -> QToolButton:
    """A flat button that leaves the keyboard where it is when clicked, and is reached by Tab."""
    button = QToolButton()
    describe(button, object_name, name, key=key, what=what)
    theme.set_icon(button, icon)
    button.setIconSize(ICON_SIZE)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if text:
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(button, "text")
    return button


def row_layout(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 6) -> QHBoxLayout:
    """A horizontal layout with these margins (left, top, right, bottom)."""
    layout = QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def separator(*, upright: bool = False) -> QFrame:
    """A hair line."""
    line = QFrame()
    set_role(line, "upright" if upright else "line")
    return line


class ElidedLabel(QLabel):
    """One line that ends in … where it does not fit; `text()` stays whole and is the tooltip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            set_role(self, role)

    def minimumSizeHint(self) -> QSize:
        """As narrow as one likes."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text as far as it fits."""
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(self.text() if text != self.text() else "")
        painter = QPainter(self)
        self.style().drawItemText(painter, room, self.alignment(), self.palette(), True, text, self.foregroundRole())


class TextField(QLineEdit):
    """A text field that gives the keyboard back: Enter commits, Esc restores the old text; both send `released`.

    With `for_many` it takes one entry after another: Enter commits and clears it, and only Enter in the empty field
    or Esc gives the keyboard back.
    """

    committed = Signal(str)
    released = Signal()

    def __init__(self, parent: QWidget | None = None, *, for_many: bool = False) -> None:
        super().__init__(parent)
        self._before = ""
        self._for_many = for_many
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        """Keep Enter, Esc and letters for the field, whatever shortcuts the window has."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_typing(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusIn:
            self._before = self.text()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc end the typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text() == self._before:
                event.ignore()  # nothing to take back: a dialog closes
            self.setText(self._before)
            self.released.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        text = self.text()
        goes_on = self._for_many and bool(text.strip())
        if goes_on:
            self.clear()
        self._before = self.text()
        self.committed.emit(text)
        if not goes_on:
            self.released.emit()

    def _is_typing(self, event: QKeyEvent) -> bool:
        ends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier)
        return ends or (plain and bool(event.text()))


class FilterField(TextField):
    """A text field with a looking glass that filters a list while one types."""

    def __init__(self, theme: Theme, object_name: str, name: str, what: str, *, key: str = "") -> None:
        super().__init__()
        describe(self, object_name, name, key=key, what=what)
        set_role(self, "quiet")
        self.setPlaceholderText(name)
        self.setClearButtonEnabled(True)
        theme.set_icon(self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition), "search")


class RowView(QTreeView):
    """A flat list of many rows. Rows in `buttons` columns react to clicks without changing the selection."""

    def __init__(self, object_name: str, name: str, *, buttons: Collection[int] = ()) -> None:
        super().__init__()
        describe(self, object_name, name)
        self._buttons = frozenset(buttons)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setMinimumSectionSize(16)
        self.header().setStretchLastSection(False)

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands of the window, so lists have no type-to-search (FOC-3)."""

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """A click on an eye or a lock selects nothing."""
        if index.isValid() and index.column() in self._buttons:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    def text_width(self, text: str) -> int:
        """Pixels a column needs for this text."""
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 6
        return self.fontMetrics().horizontalAdvance(text) + 2 * margin
