"""Entries of the files list: what one says, in which order they come, which pass the filter. No Qt."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from sam2_annotator.media.folder import natural_key
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import ItemId

Natural = tuple[list[tuple[int, int | str]], str]
Key = tuple[Natural, Natural, int]
_WORDS = re.compile(r'(?:(\w+):(?:"([^"]*)"?|(\S*)))|(\S+)')


class FileState(Enum):
    """How far an item is."""

    TODO = "todo"
    STARTED = "started"
    CONFIRMED = "confirmed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One row. `objects` counts the objects of the item, `labels` names theirs, `note` says why it is unreadable.

    `confirmed` and `flags` count frames of `frames`; `flag` is the reason of the first flagged one. `missing` tells
    that the file is not there now.
    """

    media: MediaRef
    state: FileState
    objects: int = 0
    labels: tuple[str, ...] = ()
    note: str = ""
    frames: int = 1
    confirmed: int = 0
    flags: int = 0
    flag: str = ""
    missing: bool = False
    name: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """The file's name is asked for so often that it is kept."""
        object.__setattr__(self, "name", self.media.path.name)

    @property
    def item(self) -> ItemId:
        """The item it stands for."""
        return self.media.item

    @property
    def is_readable(self) -> bool:
        """True when there is a picture to show, as far as is known."""
        return self.state is not FileState.UNREADABLE and not self.missing

    @property
    def key(self) -> Key:
        """Its place in the list: by folder, then by name, numbers by their value."""
        return _natural(str(self.media.path.parent)), natural_key(self.name), self.media.item


@lru_cache(maxsize=64)
def _natural(folder: str) -> Natural:
    return natural_key(folder)


class FileEntries:
    """Entries in natural order of their paths, found by item or by place; insertion costs what moving them costs."""

    def __init__(self) -> None:
        self._entries: list[FileEntry] = []
        self._keys: list[Key] = []
        self._key_of: dict[ItemId, Key] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[FileEntry]:
        return iter(self._entries)

    def __getitem__(self, place: int) -> FileEntry:
        return self._entries[place]

    def __contains__(self, item: ItemId) -> bool:
        return item in self._key_of

    def place(self, item: ItemId) -> int | None:
        """Where an item stands, None when it is not here."""
        key = self._key_of.get(item)
        return None if key is None else bisect_left(self._keys, key)

    def place_for(self, key: Key) -> int:
        """Where an entry with this key would stand."""
        return bisect_left(self._keys, key)

    def replace(self, entry: FileEntry) -> int:
        """Put an entry in place of the one of its item, whose path is the same; its place."""
        place = bisect_left(self._keys, self._key_of[entry.item])
        self._entries[place] = entry
        return place

    def insert(self, entry: FileEntry) -> int:
        """Let an entry of a new item in; its place."""
        key = entry.key
        place = bisect_left(self._keys, key)
        self._keys.insert(place, key)
        self._entries.insert(place, entry)
        self._key_of[entry.item] = key
        return place

    def append(self, entries: Iterable[FileEntry]) -> None:
        """Let many in that come after all others, in their order."""
        for entry in entries:
            key = entry.key
            self._keys.append(key)
            self._entries.append(entry)
            self._key_of[entry.item] = key

    def where(self, passes: Callable[[FileEntry], bool]) -> FileEntries:
        """Those that pass, in their order."""
        found = FileEntries()
        chosen = [(key, entry) for key, entry in zip(self._keys, self._entries, strict=True) if passes(entry)]
        found._keys = [key for key, _ in chosen]
        found._entries = [entry for _, entry in chosen]
        found._key_of = {entry.item: key for key, entry in chosen}
        return found

    def merge(self, entries: Iterable[FileEntry]) -> None:
        """Let many in, wherever they belong."""
        self.append(entries)
        self._entries.sort(key=lambda entry: self._key_of[entry.item])
        self._keys = [self._key_of[entry.item] for entry in self._entries]

    def remove(self, item: ItemId) -> FileEntry:
        """Take an item out."""
        place = bisect_left(self._keys, self._key_of.pop(item))
        del self._keys[place]
        return self._entries.pop(place)

    def clear(self) -> None:
        """Take all out."""
        self._entries, self._keys, self._key_of = [], [], {}


def file_filter(text: str) -> Callable[[FileEntry], bool]:
    """What passes the filter box; all words must hold.

    Parts of the name, `state:started` (or `state:missing`), `label:cat`, `flag:blurred` (`flag:` for any); a value with
    spaces in quotes: `label:"big cat"`.
    """
    tests = [_term(key, quoted or value or word) for key, quoted, value, word in _WORDS.findall(text.lower())]
    if len(tests) == 1:
        return tests[0]
    return lambda entry: all(test(entry) for test in tests)


def _term(key: str, value: str) -> Callable[[FileEntry], bool]:
    match key:
        case "state":
            return lambda e: e.state.value.startswith(value) or (e.missing and "missing".startswith(value))
        case "label":
            return lambda e: any(value in label.lower() for label in e.labels)
        case "flag":
            return lambda e: e.flags > 0 and value in e.flag.lower()
    word = f"{key}:{value}" if key else value
    return lambda e: word in e.name.lower()


def is_to_do(entry: FileEntry) -> bool:
    """True when nothing was done on an item that can be read."""
    return entry.state is FileState.TODO and entry.is_readable


def wants_a_look(entry: FileEntry) -> bool:
    """True when an item that can be read is not confirmed, or flagged."""
    return entry.is_readable and (entry.state is not FileState.CONFIRMED or entry.flags > 0)
