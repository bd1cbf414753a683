"""Projects on network drives: worked on here, written there, and never lost or written over."""

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sam2_annotator.doc import Place, Project, transfer
from sam2_annotator.doc.beside import MediaNote
from sam2_annotator.doc.commands import AddItems, AddLabel, NewItem
from sam2_annotator.doc.lock import WriterLock
from sam2_annotator.doc.remote import Outcome, WorkingCopies
from sam2_annotator.errors import Cancelled, DamagedError, DocError, DriveError
from sam2_annotator.values.frame import MediaFacts, MediaKind
from support.far_drive import FarDrive
from support.far_drive import drive as drive

NAME = "work.sam2proj"
Run = Callable[..., WorkingCopies]


def ignore(done: int, total: int) -> None:
    """Progress nobody looks at."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where copies lie."""
    return tmp_path / "copies"


@pytest.fixture
def copies(run: Run) -> WorkingCopies:
    """Of the first run."""
    return run()


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    """Starts a run; all are ended."""
    made: list[WorkingCopies] = []

    def begin(where: Path = folder) -> WorkingCopies:
        made.append(WorkingCopies((where,)))
        return made[-1]

    yield begin
    for copies in made:
        copies.leave()


@pytest.fixture
def path(drive: FarDrive) -> Path:
    """A project on the drive with one label, made on another machine."""
    path = drive.folder / NAME
    with Project.open(Place(path, path)) as project:
        project.apply(AddLabel("dog"))
    return path


def labels(path: Path) -> list[str]:
    with Project.open_read_only(path) as project:
        return [row.name for row in project.labels()]


def write(copies: WorkingCopies) -> Outcome:
    (outcome,) = copies.write(ignore, kept=10)
    return outcome


def ended_hard(copies: WorkingCopies, project: Project) -> None:
    """The process goes without a word: its locks go with it, and what it had noted stays."""
    project._connection.close()
    assert project._lock is not None
    project._lock.release()
    copies.leave()


def test_edits_are_written_back_and_the_copy_goes(copies: WorkingCopies, path: Path, folder: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        assert project.path == path
        assert project.place.is_copy
        assert project.place.file.is_relative_to(folder)
        project.apply(AddLabel("cat"))
        assert labels(path) == ["dog"]
        outcome = write(copies)
        assert outcome.is_open
        assert outcome.error is None
        assert outcome.written is not None
        assert labels(path) == ["dog", "cat"]
        assert write(copies).written is None, "nothing more to do"
        project.apply(AddLabel("cow"))
    assert write(copies).written is not None
    assert labels(path) == ["dog", "cat", "cow"]
    assert not copies.open_or_owing
    assert list(folder.iterdir()) == []
    assert [found.name for found in path.parent.iterdir()] == [NAME]


def test_undo_comes_along(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
    write(copies)
    with copies.open(path, create=False, progress=ignore) as project:
        assert project.restored is None
        project.undo()
        assert [row.name for row in project.labels()] == ["dog"]


def test_a_new_project_comes_to_the_drive(copies: WorkingCopies, drive: FarDrive) -> None:
    path = drive.folder / "new.sam2proj"
    with pytest.raises(DocError, match=r"^There is no project new\.sam2proj\.$"):
        copies.open(path, create=False, progress=ignore)
    with copies.open(path, create=True, progress=ignore) as project:
        project.apply(AddLabel("cat"))
    assert not path.exists()
    write(copies)
    assert labels(path) == ["cat"]


def test_a_local_project_is_opened_where_it_is(copies: WorkingCopies, tmp_path: Path, drive: FarDrive) -> None:
    with copies.open(tmp_path / "here.sam2proj", create=True, progress=ignore) as project:
        assert not project.place.is_copy
    assert not copies.open_or_owing


def test_logs_on_the_drive_are_part_of_the_project(copies: WorkingCopies, path: Path, tmp_path: Path) -> None:
    """A machine for which the drive is its own disk ended hard: the last edits are still in the log."""
    elsewhere = tmp_path / NAME
    shutil.copy(path, elsewhere)
    with Project.open(elsewhere) as project:
        project.apply(AddLabel("cat"))
        for end in ("", "-wal"):
            shutil.copy(elsewhere.with_name(NAME + end), path.with_name(NAME + end))
    with copies.open(path, create=False, progress=ignore) as project:
        assert [row.name for row in project.labels()] == ["dog", "cat"]
        project.apply(AddLabel("cow"))
        assert write(copies).written is not None
    assert labels(path) == ["dog", "cat", "cow"]


def test_what_somebody_else_wrote_meanwhile_stays_and_the_work_goes_on_beside_it(
    copies: WorkingCopies, path: Path
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
        write(copies)
        with Project.open(Place(path, path)) as other:  # a program that does not ask for the lock
            assert other.read_only
        path.with_name(f"{NAME}.lock").unlink()
        with Project.open(Place(path, path)) as other:
            other.apply(AddLabel("theirs"))
        project.apply(AddLabel("ours"))
        outcome = write(copies)
        assert outcome.written is not None
        assert outcome.written.instead_of == path
        aside = outcome.written.place.path
        assert aside.parent == path.parent
        assert aside.name.startswith("work (changes by ")
        project.moved_to(aside)
        assert labels(path) == ["dog", "cat", "theirs"]
        assert labels(aside) == ["dog", "cat", "ours"]
        project.apply(AddLabel("more"))
        assert write(copies).written == outcome.written.__class__(project.place)
    write(copies)
    assert labels(aside) == ["dog", "cat", "ours", "more"]
    assert not copies.open_or_owing


def test_a_touched_file_with_the_same_content_is_nobodys_change(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        os.utime(path, (1, 1))
        project.apply(AddLabel("cat"))
        outcome = write(copies)
    assert outcome.written is not None
    assert outcome.written.instead_of is None
    assert labels(path) == ["dog", "cat"]


def test_without_the_drive_work_goes_on_and_is_written_when_it_is_back(
    copies: WorkingCopies, path: Path, drive: FarDrive
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        drive.go_away()
        project.apply(AddLabel("cat"))
        error = write(copies).error
        assert isinstance(error, DriveError)
        assert error.message == f"The drive of {NAME} cannot be reached."
        assert "safe on this computer" in error.hint
        assert not drive.folder.exists(), "nothing is written where the drive was"
        drive.come_back()
        assert write(copies).written is not None
    assert labels(path) == ["dog", "cat"]


def test_a_lock_lost_in_an_outage_is_taken_again(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        path.with_name(f"{NAME}.lock").unlink()
        project.apply(AddLabel("cat"))
        assert write(copies).written is not None
        assert isinstance(WriterLock.acquire(path), str), "ours again"
    assert labels(path) == ["dog", "cat"]


def test_somebody_who_took_the_lock_in_an_outage_is_not_written_over(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        path.with_name(f"{NAME}.lock").unlink()
        theirs = WriterLock.acquire(path)
        path.with_name(f"{NAME}.lock").write_text("bob on far (process 7)")
        project.apply(AddLabel("cat"))
        outcome = write(copies)
        assert outcome.written is not None
        assert outcome.written.instead_of == path
        assert labels(path) == ["dog"]
        assert isinstance(theirs, WriterLock)
        theirs.release()


@pytest.mark.parametrize("reopened", ["by opening", "by itself"])
def test_what_a_crash_kept_from_the_drive_is_written_by_the_next_run(
    run: Run, folder: Path, copies: WorkingCopies, path: Path, reopened: str
) -> None:
    project = copies.open(path, create=False, progress=ignore)
    project.apply(AddLabel("cat"))
    ended_hard(copies, project)
    again = run()
    assert again.is_there(path)
    if reopened == "by itself":
        again.take_up()
        assert again.open_or_owing
    else:
        with again.open(path, create=False, progress=ignore) as project:
            assert project.restored is not None
            assert [row.name for row in project.labels()] == ["dog", "cat"]
    assert write(again).written is not None
    assert labels(path) == ["dog", "cat"]
    assert list(folder.iterdir()) == []


def test_what_a_former_run_owes_can_be_worked_on_while_the_drive_is_away(
    run: Run, copies: WorkingCopies, path: Path, drive: FarDrive
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
    copies.leave()
    drive.go_away()
    again = run()
    with again.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cow"))
        assert isinstance(write(again).error, DriveError)
        drive.come_back()
        assert write(again).written is not None
    assert labels(path) == ["dog", "cat", "cow"]


def test_the_drives_newer_project_is_opened_and_what_a_former_run_owes_lies_beside_it(
    run: Run, copies: WorkingCopies, path: Path
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("ours"))
    copies.leave()
    with Project.open(Place(path, path)) as other:
        other.apply(AddLabel("theirs"))
    again = run()
    with again.open(path, create=False, progress=ignore) as project:
        assert [row.name for row in project.labels()] == ["dog", "theirs"]
        assert not project.read_only
        written = [outcome.written for outcome in again.write(ignore, kept=10) if outcome.written is not None]
        assert len(written) == 1
        assert labels(written[0].place.path) == ["dog", "ours"]
        assert labels(path) == ["dog", "theirs"]


def test_a_write_that_arrived_before_a_crash_is_known_again(
    run: Run, copies: WorkingCopies, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copies.open(path, create=False, progress=ignore)
    project.apply(AddLabel("cat"))
    real, calls = os.replace, []

    def die_after_the_rename(source: Path, target: Path) -> None:
        real(source, target)
        calls.append(Path(target))
        if Path(target) == path:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", die_after_the_rename)
    with pytest.raises(KeyboardInterrupt):
        write(copies)
    monkeypatch.undo()
    monkeypatch.setattr("sam2_annotator.doc.drives.is_remote", lambda found: found.is_relative_to(path.parent))
    assert calls[-1] == path
    assert labels(path) == ["dog", "cat"]
    ended_hard(copies, project)
    again = run()
    with again.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cow"))
        outcome = write(again)
    assert outcome.written is not None
    assert outcome.written.instead_of is None, "what lies there is our own"
    assert labels(path) == ["dog", "cat", "cow"]


def test_a_full_drive_is_said_and_leaves_what_was_there(copies: WorkingCopies, path: Path, drive: FarDrive) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
        drive.fill_up()
        error = write(copies).error
        assert isinstance(error, DriveError)
        assert error.message == f"{NAME} does not fit on its drive: the drive is full."
        assert labels(path) == ["dog"]
        assert [found.name for found in path.parent.iterdir() if "partial" in found.name] == []
        drive.failure = None
        assert write(copies).written is not None
    assert labels(path) == ["dog", "cat"]


def test_a_cancelled_write_leaves_all_as_it_was(run: Run, copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        copies.write(stop, kept=10)
    assert labels(path) == ["dog"]
    assert copies.open_or_owing
    copies.leave()
    again = run()
    again.take_up()
    assert write(again).written is not None
    assert labels(path) == ["dog", "cat"]


def test_a_read_only_drive_is_read(copies: WorkingCopies, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(project: Path) -> WriterLock:
        if project == path:
            raise OSError(errno.EROFS, "read-only")
        return acquire(project)

    acquire = WriterLock.acquire
    monkeypatch.setattr(WriterLock, "acquire", staticmethod(refuse))
    with copies.open(path, create=False, progress=ignore) as project:
        assert project.read_only
        assert project.holder is None
        assert [row.name for row in project.labels()] == ["dog"]
    write(copies)
    assert not copies.open_or_owing


def test_a_second_machine_reads_and_names_the_writer(
    run: Run, copies: WorkingCopies, path: Path, tmp_path: Path
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
        write(copies)
        other = run(tmp_path / "other")
        with other.open(path, create=False, progress=ignore) as reader:
            assert reader.read_only
            assert "process" in (reader.holder or "")
            assert [row.name for row in reader.labels()] == ["dog", "cat"]
        write(other)
        assert not other.open_or_owing
        project.apply(AddLabel("cow"))
    write(copies)
    assert labels(path) == ["dog", "cat", "cow"]


def test_restore_points_follow_to_the_drive(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        for number in range(3):
            project.apply(AddLabel(f"cat {number}"))
            project.save()
        copies.write(ignore, kept=2)
        points = sorted(path.with_name(f"{NAME}.restore").iterdir())
        assert [labels(point)[-1] for point in points] == ["cat 1", "cat 2"]
        assert not project.place.file.with_name(f"{NAME}.restore").exists() or not list(
            project.place.file.with_name(f"{NAME}.restore").iterdir()
        )


def test_reopening_while_the_drive_still_gets_the_last_edits(
    copies: WorkingCopies, path: Path, drive: FarDrive
) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        project.apply(AddLabel("cat"))
    drive.delay = 0.05
    writing = threading.Thread(target=write, args=(copies,))
    writing.start()
    with copies.open(path, create=False, progress=ignore) as project:
        writing.join()
        assert [row.name for row in project.labels()] == ["dog", "cat"]
        assert not project.read_only
        project.apply(AddLabel("cow"))
        assert write(copies).written is not None
    assert labels(path) == ["dog", "cat", "cow"]


def test_a_held_copy_stays_when_its_project_is_closed(copies: WorkingCopies, path: Path) -> None:
    project = copies.open(path, create=False, progress=ignore)
    place = project.place
    copies.hold(place)
    project.close()
    write(copies)
    assert place.file.exists()
    copies.free(place)
    write(copies)
    assert not place.file.exists()


@pytest.mark.parametrize("content", [b"no project at all", None])
def test_what_is_no_sound_project_is_refused_and_leaves_nothing_here(
    copies: WorkingCopies, path: Path, folder: Path, content: bytes | None
) -> None:
    if content is None:
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + bytes(4096) + whole[8192:])
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(DamagedError if content is None else DocError):
        copies.open(path, create=False, progress=ignore)
    assert path.read_bytes() == before
    assert list(folder.iterdir()) == []
    assert [found.name for found in path.parent.iterdir()] == [NAME]


def test_media_are_found_beside_the_project_on_the_drive(copies: WorkingCopies, path: Path) -> None:
    with copies.open(path, create=False, progress=ignore) as project:
        clip = NewItem(MediaKind.VIDEO, path.parent / "clip.mp4", MediaFacts(96, 64, 5, 10.0))
        project.apply(AddItems((clip,)))
        project.note_media((MediaNote(project.items()[0].id, clip.path, None),))
        (row,) = project.items()
        assert str(row.beside) == "clip.mp4"
        assert row.path == path.parent / "clip.mp4"
    write(copies)
    with Project.open_read_only(path) as there:
        assert there.items()[0].path == path.parent / "clip.mp4"


@pytest.mark.parametrize("marker", ["{", "[]", '{"version": 2}', json.dumps({"version": 1, "drive": 3})])
def test_a_folder_with_a_broken_marker_is_swept(folder: Path, copies: WorkingCopies, marker: str) -> None:
    left = folder / "left"
    left.mkdir(parents=True)
    (left / "copy.json").write_text(marker)
    copies.take_up()
    assert not copies.open_or_owing
    assert not left.exists()


def test_a_project_that_is_written_while_it_is_fetched_is_fetched_again(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, real = [], transfer.copy_bytes

    def meanwhile(source: Path, target: Path, progress: object) -> str:
        digest = real(source, target, ignore)
        if not times:
            path.write_bytes(path.read_bytes() + b"more")
        times.append(source)
        return digest

    monkeypatch.setattr(transfer, "copy_bytes", meanwhile)
    seen, digest = transfer.fetch(path, tmp_path / "here", ignore)
    assert len(times) == 2
    assert seen.size == path.stat().st_size
    assert digest == transfer.digest_of(path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "There is no room on this computer to work on work.sam2proj."),
        (errno.EHOSTDOWN, "The drive of work.sam2proj cannot be reached."),
        (errno.EACCES, "work.sam2proj cannot be read on its drive."),
    ],
)
def test_what_keeps_a_project_from_being_opened_is_said_and_leaves_nothing(
    copies: WorkingCopies, path: Path, drive: FarDrive, folder: Path, number: int, words: str
) -> None:
    drive.failure = number
    with pytest.raises(DocError) as caught:
        copies.open(path, create=False, progress=ignore)
    assert caught.value.message == words
    assert "safe" not in caught.value.hint, "there is no work yet"
    assert list(folder.iterdir()) == []
    assert [found.name for found in path.parent.iterdir()] == [NAME]
