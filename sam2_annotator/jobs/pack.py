"""A project with copies of its media in one folder, which opens on another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import MediaError
from sam2_annotator.formats.staging import check_space, staged_folder
from sam2_annotator.jobs.open_paths import PROJECT_SUFFIX
from sam2_annotator.media.folder import list_pictures

_CHUNK = 1 << 20
_MEDIA = "media"

Report = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """The folder, the project in it, and the media that were not there to be packed."""

    folder: Path
    project: Path
    missing: tuple[Path, ...]


def run(project: Place, target: Path, report: Report, token: CancelToken) -> Packed:
    """Pack a project that is open in this program into the folder `target`, which must be new.

    `report(done, total)` counts bytes. Raises DocError, FormatError and Cancelled; nothing is left then.
    """
    with Project.open_again(project) as source:
        paths = [row.path for row in source.items()]
        there = [path for path in paths if path.exists()]
        places = layout(there)
        files = [file for path in there for file in _files(path, places[path])]
        sizes = [file.stat().st_size for file, _ in files]
        total = sum(sizes) + project.file.stat().st_size
        check_space(target, total)
        name = f"{target.name}{PROJECT_SUFFIX}"
        with staged_folder(target) as folder:
            done = 0
            for (file, place), size in zip(files, sizes, strict=True):
                for copied in _copy(file, folder / place):
                    token.check()
                    report(done + copied, total)
                done += size

            def tell(pages: int, of: int) -> None:
                token.check()
                report(done + round((total - done) * pages / max(1, of)), total)

            source.copy_to(folder / name, tell, {path: places[path] for path in there}, settled=target)
    missing = tuple(path for path in paths if path not in places)
    return Packed(target, target / name, missing)


def layout(paths: Sequence[Path]) -> dict[Path, PurePosixPath]:
    """Where each file goes: names stay, files of one folder stay together, folders of the same name are numbered."""
    folders: dict[Path, str] = {}
    taken: set[str] = set()
    for parent in dict.fromkeys(path.parent for path in paths):
        stem = parent.name or "root"
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        folders[parent] = name
    return {path: PurePosixPath(_MEDIA, folders[path.parent], path.name) for path in paths}


def _files(path: Path, place: PurePosixPath) -> Iterator[tuple[Path, PurePosixPath]]:
    """The files of an item and where they go; a clip may be a folder of pictures."""
    if not path.is_dir():
        yield path, place
        return
    try:
        pictures = list_pictures(path)
    except MediaError:
        pictures = ()
    for picture in pictures:
        yield picture, place / picture.name


def _copy(source: Path, target: Path) -> Iterator[int]:
    """Copy a file and say how many bytes are there, again and again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    done = 0
    with source.open("rb") as read, target.open("xb") as write:
        while chunk := read.read(_CHUNK):
            write.write(chunk)
            done += len(chunk)
            yield done
