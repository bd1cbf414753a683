"""How a caller asks a run to stop."""

from collections.abc import Callable
from typing import Protocol


class CancelFlag(Protocol):
    """Anything with an `is_set` that is true once the end was asked for (a property, or a method as of an Event)."""

    @property
    def is_set(self) -> bool | Callable[[], bool]:
        """True, or a function that returns True, once the end was asked for."""
        ...


Cancel = CancelFlag | Callable[[], bool]


def listener(cancel: Cancel | None) -> Callable[[], bool]:
    """Function that tells whether the end was asked for; never, for None."""

    def is_set() -> bool:
        flag = getattr(cancel, "is_set", cancel)
        return bool(flag() if callable(flag) else flag)

    return is_set
