"""The table of tools."""

import pytest

from sam2_annotator.tools import registry
from sam2_annotator.tools.point import PromptTool


def test_ids_and_keys_are_given_once() -> None:
    assert len({entry.id for entry in registry.TOOLS}) == len(registry.TOOLS)
    keys = [entry.shortcut for entry in registry.TOOLS if entry.shortcut]
    assert len(set(keys)) == len(keys)


def test_the_default_tool_is_the_prompt_tool() -> None:
    assert isinstance(registry.find(registry.DEFAULT_TOOL).tool, PromptTool)


def test_an_unknown_tool_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        registry.find("hammer")
