"""Which items have no file any more, or another one than when they were annotated."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from sam2_annotator.values.ids import ItemId


class MediaHealth(QObject):
    """Filled by the background check (controllers/media.py); `changed` comes after each change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.missing: frozenset[ItemId] = frozenset()
        self.altered: frozenset[ItemId] = frozenset()

    def set(self, *, missing: frozenset[ItemId], altered: frozenset[ItemId]) -> None:
        """What is known now."""
        if (missing, altered) != (self.missing, self.altered):
            self.missing, self.altered = missing, altered
            self.changed.emit()
