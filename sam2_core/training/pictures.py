"""Labelled pictures as training reads them: folders with an index, or the packed folders of `sam2_core.training.pack`.

`index.jsonl` has a line per picture: `image` and `mask` (8-bit or 16-bit PNG, 0 background, 1..N objects), `set` and
`split` ("train" or "val"). In a plain folder `image` and `mask` are paths; in a packed one they are [first byte, bytes]
of `pictures.bin`.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from sam2_core.errors import TrainingError

INDEX, BYTES = "index.jsonl", "pictures.bin"
Pixels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Labelled:
    """image uint8 (H, W, 3) RGB; labels uint16 (H, W), 0 background, the objects are the other values."""

    image: Pixels
    labels: Labels


class Pictures(Protocol):
    """What training draws from: `draw` gives a picture for a seed, the same one for the same seed."""

    def draw(self, rng: np.random.Generator) -> Labelled:
        """A picture at random."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, all of it by default."""

    path: Path
    start: int = 0
    length: int = -1

    def read(self) -> bytes:
        """The bytes.

        Raises:
            TrainingError: they cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                return file.read(self.length)
        except OSError as error:
            raise TrainingError(f"{self.path} cannot be read: {error.strerror or error}.") from error


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture of the index, not read yet; `facts` is its line of the index."""

    image: Span
    mask: Span
    kind: str
    split: str
    facts: dict[str, Any]

    def read(self) -> Labelled:
        """The picture and its labels.

        Raises:
            TrainingError: a file cannot be read, is no picture, or the two differ in size.
        """
        try:
            image = np.asarray(Image.open(io.BytesIO(self.image.read())).convert("RGB"))
            labels = np.asarray(Image.open(io.BytesIO(self.mask.read()))).astype(np.uint16)
        except (OSError, ValueError, SyntaxError) as error:
            raise TrainingError(f"{self.image.path} holds no picture with a mask that can be read.") from error
        if labels.shape != image.shape[:2]:
            raise TrainingError(f"The mask {self.mask.path} and its picture differ in size.")
        return Labelled(image, labels)


class PictureSet:
    """The pictures of one split of some folders, drawn set by set so that large sets do not drown small ones."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        kinds = sorted({entry.kind for entry in entries})
        self._of_kind = [[entry for entry in entries if entry.kind == kind] for kind in kinds]
        weights = np.sqrt([len(group) for group in self._of_kind])  # between by set and by picture
        self._share = weights / weights.sum()

    def __len__(self) -> int:
        return len(self.entries)

    def draw(self, rng: np.random.Generator) -> Labelled:
        """A picture at random."""
        group = self._of_kind[int(rng.choice(len(self._of_kind), p=self._share))]
        return group[int(rng.integers(len(group)))].read()


def read_index(folder: Path) -> list[Entry]:
    """The pictures of a plain or packed folder.

    Raises:
        TrainingError: there is no index, or a line of it cannot be used.
    """
    path = folder / INDEX
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{folder} is no folder of training pictures: {INDEX} is missing or unreadable.") from error
    entries = []
    for number, line in enumerate(lines, start=1):
        try:
            facts = json.loads(line)
            image, mask = _span(folder, facts["image"]), _span(folder, facts["mask"])
            entries.append(Entry(image, mask, str(facts.get("set", "")), str(facts.get("split", "train")), facts))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"Line {number} of {path} cannot be used; make the folder again.") from error
    return entries


def _span(folder: Path, place: Any) -> Span:
    if isinstance(place, str):
        return Span(folder / place)
    start, length = place
    return Span(folder / BYTES, int(start), int(length))


def read_sets(folders: Sequence[Path], split: str) -> PictureSet:
    """The pictures of a split. A folder that has no index itself stands for the packed folders in it.

    Raises:
        TrainingError: a folder is missing, or there is no such picture.
    """
    entries: list[Entry] = []
    for folder in folders:
        if not folder.is_dir():
            raise TrainingError(f"There is no folder {folder}; name one with training pictures.")
        inner = [] if (folder / INDEX).is_file() else sorted(p.parent for p in folder.glob(f"*/{INDEX}"))
        for part in inner or [folder]:
            entries += [entry for entry in read_index(part) if entry.split == split]
    if not entries:
        raise TrainingError(f"There are no {split} pictures in {', '.join(map(str, folders))}.")
    return PictureSet(entries)
