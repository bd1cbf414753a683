"""Files that went are found again, each for the item it belongs to."""

import shutil
from pathlib import Path

from PIL import Image

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, NewItem, Relocated, RelocateItems
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs.media_check import Fit, Match, check, find
from sam2_annotator.values.frame import MediaFacts, MediaKind


def picture(path: Path, shade: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 6), shade).save(path)
    return path


def opened(folder: Path, *pictures: Path) -> Project:
    """A project that knows these pictures and what is in them."""
    project = Project.open(folder / "work.s2p")
    facts = MediaFacts(8, 6, 1, None)
    project.apply(AddItems(tuple(NewItem(MediaKind.IMAGE, path, facts) for path in pictures)))
    project.note_media(check(project.items(), folder, CancelToken(), seconds=60).notes)
    return project


def places(matches: tuple[Match, ...], folder: Path) -> list[tuple[str, str, Fit]]:
    return [(match.item.path.parent.name, str(match.path.relative_to(folder)), match.fit) for match in matches]


def test_of_several_files_of_one_name_the_one_with_the_content_is_found(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    with opened(tmp_path / "project", picture(tmp_path / "old" / "a" / "1.png", 1)) as project:
        shutil.rmtree(tmp_path / "old")
        new = tmp_path / "new"
        picture(new / "a" / "1.png", 200)
        picture(new / "b" / "1.png", 1)
        found = find(project.items(), new, CancelToken())
        assert places(found, new) == [("a", str(Path("b", "1.png")), Fit.SAME)]


def test_one_file_is_not_found_for_two_items(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    old = [picture(tmp_path / "old" / name / "1.png", shade) for shade, name in enumerate("ab")]
    with opened(tmp_path / "project", *old) as project:
        shutil.rmtree(tmp_path / "old")
        new = tmp_path / "new"
        picture(new / "x" / "1.png", 1)
        found = find(project.items(), new, CancelToken())
        assert places(found, new) == [("b", str(Path("x", "1.png")), Fit.SAME)]
        assert project.apply(RelocateItems(tuple(Relocated(m.item.id, m.path, m.fingerprint) for m in found)))


def test_the_file_of_another_item_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    gone, there = picture(tmp_path / "old" / "1.png", 1), picture(tmp_path / "new" / "b" / "1.png", 1)
    with opened(tmp_path / "project", gone, there) as project:
        gone.unlink()
        assert find(project.items()[:1], tmp_path / "new", CancelToken(), taken={there}) == ()
        assert find(project.items()[:1], tmp_path / "new", CancelToken()) != ()
