"""The memory bank's tables: which frames and pointers are read, for recorded situations."""

import json
from pathlib import Path
from typing import Any

import pytest

from sam2_core.video.memory_bank import BankRules, closest_cond, select

TABLES: dict[str, list[Any]] = json.loads((Path(__file__).parent / "units.json").read_text())


@pytest.mark.parametrize("row", TABLES["memory_bank"], ids=lambda row: f"frame{row['frame']}-cond{row['cond']}")
def test_selection(row: dict[str, Any]) -> None:
    rules = BankRules(stride=row.get("stride", 1), max_cond=row.get("max_cond", -1))
    selection = select(
        row["frame"],
        cond=row["cond"],
        non_cond=row["non"],
        num_frames=row["num_frames"],
        reverse=row.get("reverse", False),
        rules=rules,
    )
    assert [list(pair) for pair in selection.spatial] == row["spatial"]
    assert [list(pair) for pair in selection.pointers] == row["pointers"]
    assert selection.pointer_norm == row["pointer_norm"]


@pytest.mark.parametrize("row", TABLES["closest_cond"], ids=str)
def test_closest_conditioning_frames(row: list[Any]) -> None:
    frame, cond, limit, selected, unselected = row
    assert closest_cond(frame, cond, limit) == (selected, unselected)
