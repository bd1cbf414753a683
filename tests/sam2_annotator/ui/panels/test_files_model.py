"""The list as a Qt model: rows come and go where they belong, and stepping follows what is shown."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester

from sam2_annotator.ui.panels.file_entries import FileEntry, FileState, is_to_do
from sam2_annotator.ui.panels.files_model import FLAG, NAME, OBJECTS, STATE, FilesModel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId


def entry(number: int, state: FileState = FileState.TODO, *, name: str = "", **facts: object) -> FileEntry:
    media = MediaRef(ItemId(number), MediaKind.IMAGE, Path("/a") / (name or f"{number}.jpg"))
    return FileEntry(media, state, **facts)  # type: ignore[arg-type]


@pytest.fixture
def model(theme: Theme) -> FilesModel:
    model = FilesModel(theme)
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    model.tester = QAbstractItemModelTester(model, mode)  # type: ignore[attr-defined]
    return model


def items(model: FilesModel) -> list[int]:
    return [model.entry(row).item for row in range(model.rowCount())]


def signals(model: QAbstractItemModel) -> list[tuple[object, ...]]:
    told: list[tuple[object, ...]] = []
    model.rowsInserted.connect(lambda _, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: told.append(("out", first, last)))
    model.dataChanged.connect(lambda first, last: told.append(("new", first.row(), last.row())))
    model.modelReset.connect(lambda: told.append(("reset",)))
    return told


def test_slices_in_order_are_appended_and_late_ones_find_their_place(model: FilesModel) -> None:
    told = signals(model)
    model.put([entry(n) for n in (1, 2, 9)])
    model.put([entry(n) for n in (10, 11)])
    model.put([entry(50, name="3.jpg")])
    assert items(model) == [1, 2, 50, 9, 10, 11]
    assert told == [("in", 0, 2), ("in", 3, 4), ("in", 2, 2)]


def test_a_changed_entry_touches_its_row_and_an_equal_one_nothing(model: FilesModel) -> None:
    model.put([entry(n) for n in range(1, 100)])
    told = signals(model)
    model.put([entry(42, FileState.STARTED, objects=7), entry(43)])
    assert told == [("new", 41, 41)]
    assert model.index(41, OBJECTS).data() == "7"
    assert (model.count(FileState.TODO), model.count(FileState.STARTED)) == (98, 1)


def test_many_that_go_are_one_reset_and_few_are_rows(model: FilesModel) -> None:
    model.put([entry(n) for n in range(1, 201)])
    told = signals(model)
    model.remove([ItemId(5), ItemId(999)])
    model.remove([ItemId(n) for n in range(100, 200)])
    assert told == [("out", 4, 4), ("reset",)]
    assert model.total == model.rowCount() == model.count(FileState.TODO) == 99
    model.clear()
    assert model.total == model.count(FileState.TODO) == 0


def test_under_a_filter_rows_come_and_go_and_a_shown_one_stays(model: FilesModel) -> None:
    model.put([entry(n) for n in range(1, 21)])
    model.set_filter("1")
    shown = items(model)
    assert shown == [1, *range(10, 20)]
    model.put([entry(100), entry(200)])
    assert items(model) == [*shown, 100]
    model.set_filter("state:todo")
    model.put([entry(3, FileState.CONFIRMED)])
    assert 3 in items(model), "it does not jump away under the pointer"
    model.remove([ItemId(3), ItemId(4)])
    assert 4 not in items(model)
    model.set_filter("")
    assert model.rowCount() == model.total == 20


def test_a_moved_file_takes_its_new_place(model: FilesModel) -> None:
    model.put([entry(n) for n in (1, 2, 3)])
    model.put([entry(1, name="9.jpg")])
    assert items(model) == [2, 3, 1]
    assert model.total == 3


def test_stepping_follows_the_rows_shown(model: FilesModel) -> None:
    model.put([entry(n, FileState.CONFIRMED if n % 2 else FileState.TODO) for n in range(1, 8)])
    three = entry(3)
    assert [e.item for e in model.beyond(three, 2)] == [4, 5]
    assert [e.item for e in model.beyond(three, -9)] == [2, 1]
    assert model.beyond(entry(7), 1) == model.beyond(three, 0) == ()
    assert model.next_where(three, 1, is_to_do) == entry(4)
    assert model.next_where(entry(2), -1, is_to_do) is None
    model.set_filter("state:todo")
    assert [e.item for e in model.beyond(three, 2)] == [4, 6], "from where it would stand"
    assert [e.item for e in model.beyond(entry(99, name="5x.jpg"), -1)] == [4], "an item that is gone, too"


def test_cells_say_what_is_so(model: FilesModel) -> None:
    model.put(
        [
            entry(1, FileState.UNREADABLE, note="1.jpg is no picture."),
            entry(2, FileState.STARTED, frames=9, confirmed=4, flags=2),
            entry(3, FileState.CONFIRMED, flags=1, flag="blurred"),
            entry(4, missing=True, objects=1234),
        ]
    )

    def tip(row: int, column: int) -> object:
        return model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)

    assert tip(0, STATE) == "1.jpg is no picture."
    assert tip(1, STATE) == "4 of 9 frames confirmed"
    assert tip(1, FLAG) == "2 flagged frames"
    assert tip(2, STATE) == "Confirmed"
    assert tip(2, FLAG) == "Flagged: blurred"
    assert tip(3, STATE) == "The file is missing. What was made on it is kept."
    assert tip(3, NAME) == str(Path("/a/4.jpg"))
    assert model.index(3, OBJECTS).data() == "1,234"
    assert model.index(3, NAME).data(Qt.ItemDataRole.FontRole).strikeOut()


def test_a_small_picture_is_asked_for_when_its_row_is_painted(model: FilesModel) -> None:
    model.put([entry(1), entry(2, missing=True)])
    wanted: list[int] = []
    model.thumbnail_wanted.connect(lambda e: wanted.append(e.item))
    decoration = Qt.ItemDataRole.DecorationRole
    assert model.index(0, NAME).data(decoration) is None
    assert model.index(1, NAME).data(decoration) is None
    assert wanted == [1]
    model.set_thumbnail(ItemId(1), QPixmap(4, 3))
    assert model.index(0, NAME).data(decoration) is not None
    model.put([replace(entry(1), objects=1)])
    assert model.index(0, NAME).data(decoration) is not None
    model.drop_thumbnails([ItemId(1)])
    assert model.index(0, NAME).data(decoration) is None
    assert wanted == [1, 1]
