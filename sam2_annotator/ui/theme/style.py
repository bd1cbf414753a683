"""Puts a theme onto the application: style, palette, style sheet and icons."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from sam2_annotator.ui.theme.icons import icon
from sam2_annotator.ui.theme.sheet import style_sheet
from sam2_annotator.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, ThemeChoice, Tokens

_ICON_PROPERTY = "themeIcon"


class Theme(QObject):
    """The theme in use; follows the system until another is chosen. `changed` asks painted widgets to repaint."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        app.styleHints().accessibility().contrastPreferenceChanged.connect(self._follow_system)
        self.tokens = _tokens_for(choice, app)
        self._apply()

    def choose(self, choice: ThemeChoice) -> None:
        """Switch to this theme at once."""
        self._choice = choice
        tokens = _tokens_for(choice, self._app)
        if tokens != self.tokens:
            self.tokens = tokens
            self._apply()

    def set_icon(self, target: QAbstractButton | QAction, name: str) -> None:
        """Give a button or action an icon that follows the theme."""
        target.setProperty(_ICON_PROPERTY, name)
        target.setIcon(icon(name, self.tokens))

    def icon(self, name: str, *, quiet: bool = False) -> QIcon:
        """An icon in the colours of now; `quiet` for marks that should not draw the eye."""
        return icon(name, self.tokens, quiet=quiet)

    def _follow_system(self) -> None:
        self.choose(self._choice)

    def _apply(self) -> None:
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        for widget in self._app.allWidgets():
            self._renew_icons(widget)
        self.changed.emit()

    def _renew_icons(self, widget: QWidget) -> None:
        if isinstance(widget, QAbstractButton) and widget.property(_ICON_PROPERTY):
            widget.setIcon(icon(widget.property(_ICON_PROPERTY), self.tokens))
        for action in widget.actions():
            if action.property(_ICON_PROPERTY):
                action.setIcon(icon(action.property(_ICON_PROPERTY), self.tokens))


def _tokens_for(choice: ThemeChoice, app: QApplication) -> Tokens:
    fixed = {ThemeChoice.LIGHT: LIGHT, ThemeChoice.DARK: DARK, ThemeChoice.HIGH_CONTRAST: HIGH_CONTRAST}
    if choice in fixed:
        return fixed[choice]
    return system_tokens(app)


def system_tokens(app: QApplication) -> Tokens:
    """The theme the desktop asks for; dark, which is kind to pictures, where it says nothing."""
    hints = app.styleHints()  # held on to: what it hands out goes with it
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return HIGH_CONTRAST
    return LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK


def palette(tokens: Tokens) -> QPalette:
    """The colours Qt's own drawing uses."""
    role = QPalette.ColorRole
    result = QPalette()
    for colour_role, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.field),
        (role.AlternateBase, tokens.panel),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.text_muted),
        (role.Button, tokens.raised),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.Highlight, tokens.selection),
        (role.HighlightedText, tokens.on_selection),
        (role.Accent, tokens.accent),
        (role.Link, tokens.link),
        (role.LinkVisited, tokens.link),
        (role.ToolTipBase, tokens.raised),
        (role.ToolTipText, tokens.text),
        (role.Light, tokens.hover),
        (role.Midlight, tokens.border),
        (role.Mid, tokens.border),
        (role.Dark, tokens.border),
        (role.Shadow, tokens.border),
    ):
        result.setColor(colour_role, QColor(colour))
    for text_role in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, text_role, QColor(tokens.text_disabled))
    return result
