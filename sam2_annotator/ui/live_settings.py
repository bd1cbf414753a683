"""The settings in use: whoever needs one reads it here when it is needed, and hears when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from sam2_annotator import settings
from sam2_annotator.settings import KeyChanges, Settings, Value
from sam2_annotator.values.shaping import Avoid, CleanUp

_AVOID = {"off": Avoid.NOBODY, "locked": Avoid.LOCKED, "all": Avoid.ALL}


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """The names of the settings that have another value now."""

    names: frozenset[str]

    def concerns(self, *names: str) -> bool:
        """True when one of these changed."""
        return not self.names.isdisjoint(names)


class LiveSettings(QObject):
    """Holds one Settings; `changed` carries a SettingsChange after each change. Knows no file."""

    changed = Signal(object)

    def __init__(self, now: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    @property
    def now(self) -> Settings:
        """The settings at this moment."""
        return self._now

    @property
    def clean_up(self) -> CleanUp:
        """What is done to the model's masks."""
        now = self._now
        return CleanUp(now.fill_holes, now.drop_specks, now.keep_largest, now.grow, avoid=_AVOID[now.avoid_others])

    def set_clean_up(self, clean: CleanUp) -> None:
        """The same, to be remembered."""
        names = {avoid: name for name, avoid in _AVOID.items()}
        self.change(
            {
                "fill_holes": clean.fill_holes,
                "drop_specks": clean.drop_specks,
                "keep_largest": clean.keep_largest,
                "grow": clean.grow,
                "avoid_others": names[clean.avoid],
            }
        )

    def change(self, values: Mapping[str, Value | KeyChanges]) -> None:
        """Set these by name, at once. Raises ValueError for a value out of bounds and changes nothing then."""
        wanted = settings.changed(self._now, values)
        names = frozenset(name for name in values if getattr(wanted, name) != getattr(self._now, name))
        if names:
            self._now = wanted
            self.changed.emit(SettingsChange(names))
