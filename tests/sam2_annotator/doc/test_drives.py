"""Network drives are told from local ones, and a file opened there does without the shared log."""

from pathlib import Path

import pytest

from sam2_annotator.doc import Project, drives
from sam2_annotator.doc.commands import AddLabel

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /mnt/team rw,relatime shared:20 - nfs4 server:/export rw,vers=4.2
41 22 0:36 / /mnt/my\\040share rw - cifs //server/share rw
42 40 8:2 / /mnt/team/local rw - xfs /dev/sdb1 rw
a line of nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ann/a.sam2proj", "ext4"),
        ("/mnt/team/a.sam2proj", "nfs4"),
        ("/mnt/teams/a.sam2proj", "ext4"),
        ("/mnt/team/local/a.sam2proj", "xfs"),
        ("/mnt/my share/a.sam2proj", "cifs"),
    ],
)
def test_the_nearest_mount_counts(path: str, kind: str) -> None:
    assert drives.file_system(Path(path), MOUNTS) == kind


def test_a_project_file_opened_on_a_network_drive_needs_no_shared_log(path: Path, tmp_path: Path, monkeypatch) -> None:
    assert not drives.is_remote(path)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / {tmp_path.resolve()} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr(drives, "_MOUNTS", mounts)
    with Project.open(path) as project:
        assert drives.is_remote(path)
        project.apply(AddLabel("dog"))
        assert not path.with_name("work.s2p-wal").exists()
        with Project.open_helper(project.place, project.newest_step) as helper:
            helper.undo()
        assert project.labels() == ()
        project.redo()
    monkeypatch.undo()
    with Project.open(path) as project:
        assert not drives.is_remote(path)
        assert [row.name for row in project.labels()] == ["dog"]
        project.apply(AddLabel("cat"))
        assert path.with_name("work.s2p-wal").exists(), "at home again"


def test_a_path_that_names_a_drive_is_not_followed_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is away would never answer."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(drives, "_MOUNTS", mounts)
    monkeypatch.setattr(Path, "resolve", lambda path: pytest.fail(f"{path} was followed"))
    assert drives.is_remote(Path("/mnt/team/a.sam2proj"))


def test_a_link_to_a_drive_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "link").symlink_to(share)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / {share.resolve()} rw - cifs //server/x rw\n")
    monkeypatch.setattr(drives, "_MOUNTS", mounts)
    assert drives.is_remote(tmp_path / "link" / "a.sam2proj")
    assert not drives.is_remote(tmp_path / "a.sam2proj")
