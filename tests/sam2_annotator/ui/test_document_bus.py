"""Writes of the window that fail are told and change nothing, whichever way they come."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.errors import DocError
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.values.ids import FrameIndex, LabelId, StepId
from support.documents import add_clip

WRITES: dict[str, Callable[[DocumentBus], object]] = {
    "apply": lambda bus: bus.apply(AddLabel("cat")),
    "undo": lambda bus: bus.undo(),
    "redo": lambda bus: bus.redo(),
    "end of a step": lambda bus: bus.end_step(StepId(1)),
    "view": lambda bus: bus.remember_view(bus.project.items()[0].id, FrameIndex(1)),
    "label": lambda bus: bus.set_current_label(LabelId(1)),
}


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[DocumentBus]:
    bus = DocumentBus()
    project = Project.open(tmp_path / "a.s2ap")
    add_clip(project)
    project.apply(AddLabel("dog"))
    project.apply(AddLabel("cow"))
    project.undo()
    bus.replace(project)
    yield bus
    bus.replace(None)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_that_fails_is_told_and_does_not_raise(
    bus: DocumentBus, write: Callable[[DocumentBus], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    bus.saved.connect(told.append)

    def full(*arguments: object) -> None:
        raise DocError("The project a.s2ap cannot be saved: the disk is full.")

    monkeypatch.setattr("sam2_annotator.doc.store.transaction", full)
    before = bus.project.revision
    assert write(bus) is None
    assert [type(outcome) for outcome in told] == [DocError]
    assert bus.project.revision == before
