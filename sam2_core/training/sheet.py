"""Contact sheets: the same objects as several methods found them, side by side at full size."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.training.scoring import Bools, border

SIDE = 256
_GAP, _HEAD = 4, 22
_STEP = SIDE + _GAP
_TINT = np.array((60, 150, 255), np.float32)  # RGB
_FONT = cv2.FONT_HERSHEY_SIMPLEX
Tile = npt.NDArray[np.uint8]
TRUTH = "truth"


class Sheet:
    """Rows of tiles; a row is an object, a column what one method found, the truth being the first."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Tile]] = {}

    def add(self, row: str, image: npt.NDArray[np.uint8], true: Bools, found: Mapping[str, Bools]) -> None:
        """Take in what methods found of an object in a picture (RGB)."""
        tiles = self._rows.setdefault(row, {TRUTH: tile(image, true, true)})
        tiles.update((method, tile(image, true, mask)) for method, mask in found.items())

    def write(self, path: Path) -> None:
        """Write a PNG.

        Raises:
            OSError: the file cannot be written.
        """
        columns = list(dict.fromkeys(method for tiles in self._rows.values() for method in tiles))
        head = np.full((_HEAD, _STEP * len(columns), 3), 255, np.uint8)
        for i, name in enumerate(columns):
            cv2.putText(head, name, (i * _STEP + 4, 15), _FONT, 0.42, (40, 40, 40), 1, cv2.LINE_AA)
        empty = np.full((_STEP, _STEP, 3), 255, np.uint8)
        lines = [np.concatenate([tiles.get(name, empty) for name in columns], axis=1) for tiles in self._rows.values()]
        done, content = cv2.imencode(".png", np.concatenate([head, *lines])[..., ::-1])
        assert done
        path.write_bytes(content.tobytes())


def tile(image: npt.NDArray[np.uint8], true: Bools, mask: Bools) -> Tile:
    """The surroundings of the true object with a mask, at full size where they fit: uint8 (260, 260, 3) RGB."""
    whole = np.full((_STEP, _STEP, 3), 255, np.uint8)
    y0, x0, side = _window(true)
    part = image[y0 : y0 + side, x0 : x0 + side].astype(np.float32)
    inside, edge = mask[y0 : y0 + side, x0 : x0 + side], border(mask)[y0 : y0 + side, x0 : x0 + side]
    part[inside] = 0.55 * part[inside] + 0.45 * _TINT
    part[edge] = 255
    shown = part.astype(np.uint8)
    if side > SIDE:
        size = max(1, shown.shape[1] * SIDE // side), max(1, shown.shape[0] * SIDE // side)
        shown = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    whole[: shown.shape[0], : shown.shape[1]] = shown
    return whole


def _window(mask: Bools) -> tuple[int, int, int]:
    """Top, left and side of a square around an object, inside the picture where it can be."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return 0, 0, max(mask.shape)
    side = max(SIDE, round(1.25 * max(rows[-1] - rows[0], columns[-1] - columns[0])))
    top, left = (rows[0] + rows[-1] - side) // 2, (columns[0] + columns[-1] - side) // 2
    return max(0, min(int(top), mask.shape[0] - side)), max(0, min(int(left), mask.shape[1] - side)), side
