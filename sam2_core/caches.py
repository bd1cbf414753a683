"""A bounded cache: the engine's only kind of cache whose content can always be made again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ByteLRU(Generic[K, V]):
    """Least-recently-used cache bounded in bytes; the newest entry stays even when it alone is larger."""

    def __init__(self, limit: int, size_of: Callable[[V], int]) -> None:
        self.limit = limit
        self.bytes = 0
        self._size_of = size_of
        self._entries: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def get(self, key: K) -> V | None:
        """The entry, now the most recently used one; None when it is not (or no longer) here."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key]

    def put(self, key: K, value: V) -> None:
        """Keep `value`, dropping the longest unused entries beyond the limit."""
        self.discard(key)
        self._entries[key] = value
        self.bytes += self._size_of(value)
        self.shrink(self.limit)

    def shrink(self, limit: int) -> None:
        """Keep within another limit from now on."""
        self.limit = limit
        while self.bytes > self.limit and len(self._entries) > 1:
            _, oldest = self._entries.popitem(last=False)
            self.bytes -= self._size_of(oldest)

    def discard(self, key: K) -> None:
        """Forget one entry if it is here."""
        if key in self._entries:
            self.bytes -= self._size_of(self._entries.pop(key))

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.bytes = 0
