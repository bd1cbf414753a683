"""What came to, and went from, folders."""

from pathlib import Path

import pytest

from sam2_annotator.doc import Project, drives
from sam2_annotator.doc.commands import AddItems, NewItem, RemoveItems
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import Cancelled
from sam2_annotator.jobs.folder_scan import scan, scan_project
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import ItemId


def files(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")
    return [folder / name for name in names]


def test_new_files_of_followed_folders_and_missing_ones_are_told(tmp_path: Path) -> None:
    a1, a2, a10 = files(tmp_path / "a", "p1.png", "p2.png", "p10.png")
    files(tmp_path / "a", "notes.txt", "clip.mp4", ".hidden.png")
    (b1,) = files(tmp_path / "b", "q.png")
    files(tmp_path / "b", "r.png")  # nobody follows b
    items = ((ItemId(1), a1), (ItemId(2), b1), (ItemId(3), tmp_path / "a" / "gone.png"))
    found = scan(items, [tmp_path / "a"], {a2}, CancelToken())
    assert found.new == ((MediaKind.VIDEO, tmp_path / "a" / "clip.mp4"), (MediaKind.IMAGE, a10))
    assert found.missing == {ItemId(3)}


def test_a_folder_that_is_gone_takes_all_its_items_along(tmp_path: Path) -> None:
    items = tuple((ItemId(n), tmp_path / "gone" / f"{n}.png") for n in (1, 2))
    found = scan(items, [tmp_path / "gone"], (), CancelToken())
    assert found.new == ()
    assert found.missing == {ItemId(1), ItemId(2)}


def test_an_empty_followed_folder_is_no_failure(tmp_path: Path) -> None:
    assert scan((), [tmp_path], (), CancelToken()).new == ()


def test_a_project_is_read_where_the_scan_runs(tmp_path: Path) -> None:
    a, b, c = files(tmp_path / "a", "1.png", "2.png", "3.png")
    facts = MediaFacts(1, 1, 1, None)
    new = tuple(NewItem(MediaKind.IMAGE, path, facts) for path in (a, b, tmp_path / "b" / "lone.png"))
    with Project.open(tmp_path / "work.sam2proj") as project:
        created = project.apply(AddItems(new, (tmp_path / "a",))).created
        project.apply(RemoveItems((ItemId(created[1]),)))
        found = scan_project(project.place, CancelToken())
    assert found.new == ((MediaKind.IMAGE, c),)
    assert found.missing == {created[2]}
    assert found.folders == {tmp_path / "a", tmp_path / "b"}
    assert not found.is_far


def test_folders_on_a_network_drive_are_not_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = files(tmp_path / "near", "1.png")[0], files(tmp_path / "far", "2.png")[0]
    monkeypatch.setattr(drives, "is_remote", lambda path: path.is_relative_to(far.parent))
    facts = MediaFacts(1, 1, 1, None)
    with Project.open(tmp_path / "work.sam2proj") as project:
        project.apply(AddItems(tuple(NewItem(MediaKind.IMAGE, path, facts) for path in (near, far))))
        found = scan_project(project.place, CancelToken())
    assert found.folders == {near.parent}
    assert found.is_far


def test_a_cancelled_scan_ends(tmp_path: Path) -> None:
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        scan((), [tmp_path], (), token)
