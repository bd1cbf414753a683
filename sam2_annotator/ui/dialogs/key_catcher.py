"""A button that takes the next key pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe

_BARE = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeyCatcher(QPushButton):
    """A button that, once pressed, takes the next key: `caught` carries it, Esc ends it without."""

    caught = Signal(str)
    _listening = False  # Qt sends events before the constructor is through

    def __init__(self, object_name: str, title: str, what: str) -> None:
        super().__init__(title)
        describe(self, object_name, title, what=what)
        self._title = title
        self.setAutoDefault(False)
        self.clicked.connect(self.listen)

    @property
    def listening(self) -> bool:
        """True while the next key is awaited."""
        return self._listening

    @Slot()
    def listen(self) -> None:
        """Wait for a key."""
        self._listening = True
        self.setText(tr("Press a key…"))
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """No key is a shortcut of the dialog meanwhile, nor does Tab move on."""
        if self.listening and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._catch(event)
                return True
            return True
        if self._listening and event.type() == QEvent.Type.FocusOut:
            self._rest()
        return super().event(event)

    def _catch(self, event: QKeyEvent) -> None:
        if event.key() in _BARE:
            return
        self._rest()
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        self.caught.emit(QKeySequence(QKeyCombination(held, Qt.Key(event.key()))).toString())

    def _rest(self) -> None:
        self._listening = False
        self.setText(self._title)
