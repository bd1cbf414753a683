"""Which size of candidate a person keeps choosing (INTERACTION PRM-3)."""

from __future__ import annotations

from collections import deque

from sam2_annotator.values.ids import LabelId, ObjectId

_IN_A_ROW = 2


class SizeMemory:
    """Remembers for the last objects which candidate was kept; a label goes by its own objects once it has enough."""

    def __init__(self) -> None:
        self._kept: dict[LabelId | None, deque[tuple[ObjectId, int | None]]] = {}
        self._all: deque[tuple[ObjectId, int | None]] = deque(maxlen=_IN_A_ROW)

    def note(self, object_id: ObjectId, label: LabelId | None, index: int | None) -> None:
        """A person chose candidate `index` for an object, or left the best predicted one (None)."""
        for kept in (self._all, self._kept.setdefault(label, deque(maxlen=_IN_A_ROW))):
            if kept and kept[-1][0] == object_id:
                kept.pop()
            kept.append((object_id, index))

    def preferred(self, label: LabelId | None) -> int | None:
        """The size chosen for the last two objects, of this label if there were as many; None when they differ."""
        own = self._kept.get(label, ())
        kept = [index for _, index in (own if label is not None and len(own) == _IN_A_ROW else self._all)]
        return kept[0] if len(kept) == _IN_A_ROW and kept[0] == kept[1] else None
