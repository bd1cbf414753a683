"""How well what a person typed fits the name of a command."""

from __future__ import annotations

_START_OF_WORD = 8
_NEXT_LETTER = 5
_WHOLE_WORD = 20


def fit(typed: str, name: str) -> int | None:
    """A number, larger is better; None where the letters of `typed` do not all occur in `name` in their order.

    Case does not matter and spaces separate words that may come in any order.
    """
    total = 0
    for word in typed.casefold().split():
        found = _fit_word(word, name.casefold())
        if found is None:
            return None
        total += found
    return total - len(name) // 8


def _fit_word(word: str, name: str) -> int | None:
    """A part of the name as it is, at the start of a word if there is one, beats scattered letters."""
    place = next((i for i in _places(word, name) if _starts_word(name, i)), name.find(word))
    if place >= 0:
        return (
            _WHOLE_WORD + len(word) * _NEXT_LETTER + (_START_OF_WORD if _starts_word(name, place) else 0) - place // 4
        )
    score, at = 0, -1
    for letter in word:
        following = name.find(letter, at + 1)
        if following < 0:
            return None
        score += _START_OF_WORD if _starts_word(name, following) else _NEXT_LETTER if following == at + 1 else 1
        at = following
    return score


def _places(word: str, name: str) -> list[int]:
    return [i for i in range(len(name) - len(word) + 1) if name.startswith(word, i)]


def _starts_word(name: str, place: int) -> bool:
    return place == 0 or not name[place - 1].isalnum()
