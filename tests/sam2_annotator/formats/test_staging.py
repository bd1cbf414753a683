"""Outputs appear whole or not at all."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from sam2_annotator.errors import Cancelled, FormatError
from sam2_annotator.formats import staging
from sam2_annotator.formats.staging import check_space, staged_file, staged_folder


def write(target: Path, text: str = "new", *, overwrite: bool = False, error: Exception | None = None) -> None:
    with staged_file(target, overwrite=overwrite) as partial:
        assert partial.parent == target.parent
        partial.write_text(text)
        if error is not None:
            raise error


def make(target: Path, text: str = "new", *, overwrite: bool = False, error: Exception | None = None) -> None:
    with staged_folder(target, overwrite=overwrite) as partial:
        (partial / "deep").mkdir()
        (partial / "deep" / "file").write_text(text)
        if error is not None:
            raise error


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


def test_what_is_finished_is_moved_into_place(tmp_path: Path) -> None:
    write(tmp_path / "a.json")
    make(tmp_path / "out")
    assert names(tmp_path) == ["a.json", "out"]
    assert (tmp_path / "out" / "deep" / "file").read_text() == "new"


@pytest.mark.parametrize("error", [Cancelled(), RuntimeError("bug"), OSError(errno.ENOSPC, "no space")])
@pytest.mark.parametrize("there", [False, True])
def test_what_ends_early_leaves_all_as_it_was(tmp_path: Path, error: Exception, there: bool) -> None:
    file, folder = tmp_path / "a.json", tmp_path / "out"
    if there:
        write(file, "old")
        make(folder, "old")
    expected = FormatError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        write(file, overwrite=True, error=error)
    with pytest.raises(expected):
        make(folder, overwrite=True, error=error)
    assert names(tmp_path) == (["a.json", "out"] if there else [])
    if there:
        assert file.read_text() == (folder / "deep" / "file").read_text() == "old"


def test_an_existing_target_is_refused_or_replaced(tmp_path: Path) -> None:
    file, folder = tmp_path / "a.json", tmp_path / "out"
    write(file, "old")
    make(folder, "old")
    (folder / "other").touch()
    with pytest.raises(FormatError, match=r"a\.json exists already\.$"):
        write(file)
    with pytest.raises(FormatError, match=r"out exists already\.$"):
        make(folder)
    write(file, overwrite=True)
    make(folder, overwrite=True)
    assert file.read_text() == "new"
    assert names(folder) == ["deep"], "never merged with what was there"
    assert names(tmp_path) == ["a.json", "out"]


def test_an_empty_folder_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    make(tmp_path / "out")
    assert names(tmp_path / "out") == ["deep"]


def test_a_folder_over_a_file_and_the_other_way_round(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    make(tmp_path / "file", overwrite=True)
    assert names(tmp_path / "file") == ["deep"]
    with pytest.raises(FormatError, match="is not a file"):
        write(tmp_path / "folder", overwrite=True)
    with pytest.raises(FormatError, match="is not a file"):
        write(Path(os.devnull), overwrite=True)


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    make(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "real") == ["deep"]


def test_a_folder_with_the_pictures_in_it_is_never_replaced(tmp_path: Path) -> None:
    picture = tmp_path / "pictures" / "a.png"
    picture.parent.mkdir()
    picture.touch()
    with (
        pytest.raises(FormatError, match=r"cannot be replaced: a\.png, .* lies in it\.$"),
        staged_folder(picture.parent, overwrite=True, sources=[picture]),
    ):
        pass
    assert names(tmp_path / "pictures") == ["a.png"]


def test_a_missing_folder_above_is_named(tmp_path: Path) -> None:
    for attempt in (write, make):
        with pytest.raises(FormatError, match=r"^There is no folder .*gone\.$"):
            attempt(tmp_path / "gone" / "out")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "match"),
    [
        (errno.ENOSPC, r"^out was not written: the disk is full\.$"),
        (errno.EACCES, r"^out cannot be written: the folder .* is read-only\.$"),
        (errno.EROFS, r"^out cannot be written: the folder .* is read-only\.$"),
        (errno.EIO, r"^out cannot be written: Input/output error\.$"),
    ],
)
def test_failures_of_the_disk_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, match: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    for attempt in (write, make):
        with pytest.raises(FormatError, match=match):
            attempt(tmp_path / "out")
    assert names(tmp_path) == []


def test_the_old_folder_is_back_when_the_new_one_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "out", "old")
    real = staging._rename

    def fails_once(source: Path, target: Path) -> None:
        if ".partial-" in source.name:
            raise OSError(errno.EIO, "I/O error")
        real(source, target)

    monkeypatch.setattr(staging, "_rename", fails_once)
    with pytest.raises(FormatError):
        make(tmp_path / "out", overwrite=True)
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "deep" / "file").read_text() == "old"


def test_too_little_space_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 0, 11 * 10**6))
    check_space(tmp_path / "out", 9 * 10**6)
    with pytest.raises(FormatError, match=r"^The disk is too full to write out: about 10 MB are needed\.$"):
        check_space(tmp_path / "out", 10**7)
