"""Puts objects with given pixels into an open window's project, for stories that begin with masks."""

from __future__ import annotations

import numpy as np

from sam2_annotator.doc.commands import AddObject, SetMask
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskState
from support.window import Driver

HEIGHT, WIDTH = 64, 96
Rectangle = tuple[int, int, int, int]


def blocks(*rectangles: Rectangle, without: tuple[Rectangle, ...] = ()) -> Mask:
    """Filled rectangles (x0, y0, x1, y1) in a frame of 96 x 64, less others."""
    array = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for x0, y0, x1, y1 in rectangles:
        array[y0:y1, x0:x1] = True
    for x0, y0, x1, y1 in without:
        array[y0:y1, x0:x1] = False
    return rle.encode(array)


def draw(driver: Driver, *masks: Mask, frame: int = 0) -> tuple[ObjectId, ...]:
    """One object for each mask, drawn on a frame of the shown item."""
    bus = driver.app.state.bus
    made = []
    for mask in masks:
        changes = bus.apply(AddObject(driver.item))
        assert changes is not None
        made.append(ObjectId(changes.created[0]))
        bus.apply(SetMask(driver.item, FrameIndex(frame), made[-1], mask, MaskState.KEY))
    return tuple(made)
