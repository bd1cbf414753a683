"""Python's cycle collector, on the GUI thread only: freeing a widget on another thread ends the process."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 100


class Collector(QObject):
    """Between `start` and `stop` collections happen here, when Python's own thresholds say so."""

    def __init__(self) -> None:
        super().__init__()
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give it back."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due."""
        due = [
            age
            for age, (count, limit) in enumerate(zip(gc.get_count(), self._thresholds, strict=True))
            if count > limit
        ]
        if due:
            gc.collect(due[-1])

    @Slot()
    def spare_what_is_there(self) -> None:
        """Leave all present objects out from now on: torch's hundred thousands would make each collection long."""
        gc.freeze()
