"""Run lengths of masks as COCO defines them: column by column, beginning with a run of zeros."""

import cv2
import numpy as np
import numpy.typing as npt


def encode(mask: npt.NDArray[np.bool_]) -> list[int]:
    """Run lengths of a bool mask (H, W), rows in one piece."""
    columns = cv2.transpose(mask.view(np.uint8)).reshape(-1)
    changes = np.flatnonzero(columns[1:] != columns[:-1]) + 1
    runs: list[int] = np.diff(changes, prepend=0, append=mask.size).tolist()
    return [0, *runs] if columns[0] else runs


def decode(runs: list[int], size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Bool mask (H, W) of run lengths."""
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(size[1], size[0]).T


def to_string(runs: list[int]) -> str:
    """COCO's compressed form: from the fourth run on the difference to the run two before, in groups of five bits."""
    characters = []
    for i, run in enumerate(runs):
        value = run - runs[i - 2] if i > 2 else run
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != (-1 if group & 0x10 else 0)
            characters.append(chr((group | 0x20 if more else group) + 48))
    return "".join(characters)


def from_string(text: str) -> list[int]:
    """Run lengths of COCO's compressed form.

    Raises:
        ValueError: the text breaks off or holds other characters.
    """
    runs: list[int] = []
    value, shift = 0, 0
    for character in text:
        group = ord(character) - 48
        if not 0 <= group < 64:
            raise ValueError(f"{character!r} is no character of a compressed mask")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
        value, shift = 0, 0
    if shift:
        raise ValueError("the compressed mask breaks off")
    return runs
