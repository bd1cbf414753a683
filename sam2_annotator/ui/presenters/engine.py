"""Keeps what the engine popover shows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.engine.messages import Activity, Embedded, FrameMasks, MaskReady, ModelReady, Response
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.engine_popover import EngineFacts, EnginePopover, device_words


class EnginePresenter(QObject):
    """Listens to the engine's answers; the popover opens over the `chip`."""

    def __init__(self, popover: EnginePopover, *, chip: QWidget) -> None:
        super().__init__()
        self._popover = popover
        self._chip = chip
        self._facts = EngineFacts()

    @Slot()
    def open(self) -> None:
        """The chip was pressed."""
        self._popover.open_at(self._chip)

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Take what an answer tells of the engine."""
        facts = self._told_by(response)
        if facts != self._facts:
            self._facts = facts
            self._popover.set_facts(facts)

    def _told_by(self, response: Response) -> EngineFacts:
        facts = self._facts
        match response:
            case ModelReady():  # times of another model say nothing
                return EngineFacts(
                    response.title,
                    device_words(response.device),
                    response.precision,
                    response.image_size,
                    note=response.note,
                    held=response.held,
                    quality=response.quality,
                )
            case Embedded():
                return replace(facts, analysis=response.seconds, held=response.held or facts.held)
            case MaskReady():
                return replace(facts, decoding=response.seconds)
            case FrameMasks():
                return replace(facts, rate=response.rate)
            case Activity():
                return replace(facts, activity=tr(response.text) if response.text else "")
            case _:
                return facts
