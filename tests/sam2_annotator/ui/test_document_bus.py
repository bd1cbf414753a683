"""Writes of the window that fail are told and change nothing, whichever way they come."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, RenameLabel
from sam2_annotator.errors import DocError, StorageError
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
        raise StorageError("The project a.s2ap cannot be saved: the disk is full.")

    monkeypatch.setattr("sam2_annotator.doc.store.transaction", full)
    before = bus.project.revision
    assert write(bus) is None
    assert [type(outcome) for outcome in told] == [StorageError]
    assert bus.project.revision == before


def test_what_waits_is_written_before_the_next_change(bus: DocumentBus, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[frozenset[LabelId]] = []
    bus.changed.connect(lambda changes: seen.append(changes.labels))

    def full(*arguments: object) -> None:
        raise StorageError("The project a.s2ap cannot be saved: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("sam2_annotator.doc.store.transaction", full)
        assert bus.apply(AddLabel("cat")) is None
        assert bus.pending == 1
        assert not bus.try_again()
    assert bus.apply(AddLabel("sheep"))
    assert bus.pending == 0
    assert [label.name for label in bus.project.labels()] == ["dog", "cat", "sheep"]
    assert len(seen) == 2


def test_a_change_without_a_place_is_refused_and_not_taken_for_a_full_disk(bus: DocumentBus) -> None:
    refused: list[DocError] = []
    saved: list[object] = []
    bus.refused.connect(refused.append)
    bus.saved.connect(saved.append)
    assert bus.apply(RenameLabel(LabelId(99), "cat")) is None
    assert [error.message for error in refused] == ["There is no label 99 in this project any more."]
    assert saved == []
    assert bus.pending == 0
