"""Order, filter and places of the files list, without Qt."""

import random
import time
from pathlib import Path

import pytest

from sam2_annotator.ui.panels.file_entries import (
    FileEntries,
    FileEntry,
    FileState,
    file_filter,
    is_to_do,
    wants_a_look,
)
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId


def entry(
    number: int, name: str, state: FileState = FileState.TODO, *, folder: str = "/a", **facts: object
) -> FileEntry:
    media = MediaRef(ItemId(number), MediaKind.IMAGE, Path(folder) / name)
    return FileEntry(media, state, **facts)  # type: ignore[arg-type]


FEW = (
    entry(1, "a.jpg", FileState.STARTED, objects=2, labels=("dog", "big cat")),
    entry(2, "b.jpg", FileState.UNREADABLE, note="b.jpg is no picture."),
    entry(3, "ab.png", FileState.CONFIRMED, objects=1, labels=("dog",), flags=1, flag="Edge blurred"),
    entry(4, "c.jpg", missing=True, flags=2),
)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", [1, 2, 3, 4]),
        ("a", [1, 3]),
        ("state:unread", [2]),
        ("state:missing", [4]),
        ("label:cat", [1]),
        ("label:dog png", [3]),
        ('label:"big cat"', [1]),
        ("flag:blurred", [3]),
        ("flag:", [3, 4]),
        ("zzz", []),
        ("http://x", []),
        ('label:"', [1, 3]),
    ],
)
def test_filter_terms(text: str, items: list[int]) -> None:
    assert [e.item for e in FEW if file_filter(text)(e)] == items


def test_what_is_to_do_and_what_wants_a_look() -> None:
    todo = entry(9, "z.jpg")
    assert [e.item for e in (*FEW, todo) if is_to_do(e)] == [9]
    assert [e.item for e in (*FEW, todo) if wants_a_look(e)] == [1, 3, 9]


def test_entries_stand_in_natural_order_however_they_come() -> None:
    wanted = [entry(n, f"IMG_{n}.jpg", folder=folder) for folder in ("/a2", "/a10") for n in (1, 2, 9, 10, 100)]
    wanted = [FileEntry(MediaRef(ItemId(i), MediaKind.IMAGE, e.media.path), e.state) for i, e in enumerate(wanted, 1)]
    mixed = random.Random(1).sample(wanted, len(wanted))
    one_by_one, merged = FileEntries(), FileEntries()
    for one in mixed:
        assert one_by_one[one_by_one.insert(one)] == one
    merged.merge(mixed[:4])
    merged.merge(mixed[4:])
    assert list(one_by_one) == list(merged) == wanted
    assert [merged.place(one.item) for one in wanted] == list(range(10))


def test_entries_leave_and_are_replaced_in_their_places() -> None:
    entries = FileEntries()
    entries.merge(FEW)
    assert entries.remove(ItemId(3)) == FEW[2]
    assert entries.place(ItemId(3)) is None
    assert entries.replace(entry(2, "b.jpg", FileState.TODO)) == 1
    assert [e.item for e in entries] == [1, 2, 4]
    assert entries.place_for(FEW[2].key) == 1
    entries.clear()
    assert len(entries) == 0
    assert ItemId(1) not in entries


def test_ten_thousand_come_in_a_moment() -> None:
    many = [entry(n, f"IMG_{n}.jpg") for n in range(1, 10_001)]
    entries = FileEntries()
    start = time.perf_counter()
    for first in range(0, len(many), 500):
        entries.append(many[first : first + 500])
    assert time.perf_counter() - start < 1
    start = time.perf_counter()
    assert sum(map(file_filter("9 state:to"), entries)) > 3000
    assert time.perf_counter() - start < 0.5
