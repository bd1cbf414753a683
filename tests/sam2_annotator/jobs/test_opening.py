"""From paths to an open project."""

from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.errors import DocError
from sam2_annotator.jobs.opening import Listed, OpenNow, Refused, list_paths, open_first
from sam2_annotator.media.folder import NoMediaError
from support.drawn import picture_file


@pytest.fixture
def copies(tmp_path: Path) -> WorkingCopies:
    return WorkingCopies((tmp_path / "copies",))


def first(copies: WorkingCopies, *places: Path, create: bool = False, open_now: Path | None = None) -> object:
    return open_first(copies, places, create=create, open_now=open_now, progress=lambda done, total: None)


def test_the_first_that_is_there_is_opened(copies: WorkingCopies, tmp_path: Path) -> None:
    gone, there = tmp_path / "gone.sam2proj", tmp_path / "there.sam2proj"
    Project.open(there).close()
    opened = first(copies, gone, there)
    assert isinstance(opened, Project)
    assert opened.path == there
    opened.close()


def test_none_there_makes_the_first_with_its_folder_or_is_refused(copies: WorkingCopies, tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.sam2proj"
    refused = first(copies, path)
    assert isinstance(refused, Refused)
    assert refused.error.message == "There is no project a.sam2proj."
    assert not path.parent.exists()
    opened = first(copies, path, create=True)
    assert isinstance(opened, Project)
    opened.close()
    (tmp_path / "file").write_text("")
    with pytest.raises(DocError, match="cannot be made"):
        first(copies, tmp_path / "file" / "a.sam2proj", create=True)


def test_the_open_project_is_known_by_another_name(copies: WorkingCopies, tmp_path: Path) -> None:
    path, link = tmp_path / "a.sam2proj", tmp_path / "link.sam2proj"
    Project.open(path).close()
    link.symlink_to(path)
    assert isinstance(first(copies, link, open_now=path), OpenNow)


def test_paths_are_listed_with_the_project_that_belongs_to_them(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    picture = picture_file(tmp_path / "a.png")
    (tmp_path / "link.png").symlink_to(picture)
    listed = list_paths((tmp_path / "link.png",), as_clip=False, projects=tmp_path / "projects")
    assert isinstance(listed, Listed)
    assert listed.paths == (picture.resolve(),)
    assert listed.project.parent == tmp_path / "projects"
    assert isinstance(list_paths((tmp_path / "empty",), as_clip=False, projects=tmp_path), NoMediaError)
    with pytest.raises(NoMediaError):
        list_paths((tmp_path / "empty", picture), as_clip=False, projects=tmp_path)
