"""What a project open for reading refuses."""

import pytest

from sam2_annotator.ui.actions.action import WindowAction
from sam2_annotator.ui.actions.table import table
from sam2_annotator.ui.actions.writing import writes
from sam2_annotator.values.intents import AddPoint, DocumentAction, PromptAction, SelectObjects, StepItem
from sam2_annotator.values.object_intents import ClipboardAction


@pytest.mark.parametrize(
    "wish", [AddPoint(1, 1), PromptAction.ACCEPT, ClipboardAction.PASTE, WindowAction.TOGGLE_LOCK, DocumentAction.SAVE]
)
def test_these_change_the_project(wish: object) -> None:
    assert writes(wish)


@pytest.mark.parametrize(
    "wish",
    [SelectObjects(), StepItem(1), ClipboardAction.COPY, DocumentAction.EXPORT, DocumentAction.SAVE_AS],
)
def test_these_do_not(wish: object) -> None:
    assert not writes(wish)


def test_looking_and_opening_is_always_free() -> None:
    free = [entry for entry in table() if entry.id.startswith(("view.", "file.open", "help."))]
    assert len(free) > 10
    assert not [entry.id for entry in free if writes(entry.wish)]
