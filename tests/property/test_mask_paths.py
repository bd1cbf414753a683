"""A mask is pixels: holes, many parts, one pixel and the full frame come through every way it can take unchanged."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.doc import Place, Project
from sam2_annotator.doc.commands import PaintStroke, Pasted, PasteMasks, ReplaceMask, SetMask, SetPrompts
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs import export
from sam2_annotator.jobs.spec import ExportSpec
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import MaskState
from support.desk import decode
from support.documents import HEIGHT, WIDTH, add_object, add_picture

Pixels = npt.NDArray[np.bool_]
SHAPE = (HEIGHT, WIDTH)
FRAME = FrameIndex(0)


def drawn(*rows: str) -> Pixels:
    """Pixels as text."""
    return np.array([[letter == "#" for letter in row] for row in rows])


def corner(y: int, x: int) -> Pixels:
    """One pixel."""
    pixels = np.zeros(SHAPE, dtype=bool)
    pixels[y, x] = True
    return pixels


ODD = (
    np.ones(SHAPE, dtype=bool),
    drawn("########", "#......#", "#.####.#", "#.#..#.#", "#......#", "########"),
    drawn("#.#.#.#.", ".#.#.#.#", "#.#.#.#.", ".#.#.#.#", "#.#.#.#.", ".#.#.#.#"),
    *(corner(y, x) for y in (0, HEIGHT - 1) for x in (0, WIDTH - 1)),
)
pictures = st.sampled_from(ODD) | hnp.arrays(bool, SHAPE).filter(np.any)


class Paths:
    """A project with one object, and the ways a mask can go into it and out again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "work.s2p"
        with Project.open(self.path) as project:
            self.item: ItemId = add_picture(project)
            self.object: ObjectId = add_object(project, self.item)

    def read(self, project: Project) -> Mask:
        row = project.mask_row(self.item, FRAME, self.object)
        assert row is not None
        assert row.digest is not None
        return project.mask(row.digest)

    def exported(self) -> Pixels:
        """What COCO's own library reads from an export."""
        target = self.path.with_name("out")
        spec = ExportSpec(Place.at(self.path), "coco", target, overwrite=True)
        export.run(spec, lambda *step: None, CancelToken())
        (file,) = (target / "annotations").glob("*.json")
        (entry,) = json.loads(file.read_text())["annotations"]
        return decode(entry["segmentation"]).astype(bool)


@settings(max_examples=25, deadline=None)
@given(first=pictures, second=pictures)
def test_through_the_document_its_history_and_another_start(first: Pixels, second: Pixels) -> None:
    one, two = rle.encode(first), rle.encode(second)
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        with Project.open(paths.path) as project:
            project.apply(SetMask(paths.item, FRAME, paths.object, one, MaskState.KEY))
            project.apply(SetPrompts(paths.item, FRAME, paths.object, PromptSet(mask=two)))
            assert paths.read(project) == one
            project.apply(ReplaceMask(paths.item, FRAME, paths.object, two))
            assert paths.read(project) == two
            project.apply(PaintStroke(paths.item, FRAME, paths.object, one, add=True))
            both = paths.read(project)
            assert np.array_equal(rle.decode(both), first | second)
        with Project.open(paths.path) as project:
            assert paths.read(project) == both
            prompts = project.prompts(paths.item, FRAME, paths.object)
            assert prompts is not None
            assert prompts.prompts.mask == two
            while paths.read(project) != one:
                assert project.undo() is not None
            while project.redo() is not None:
                pass
            assert paths.read(project) == both
            kept = project.save()
        assert kept is not None
        with Project.open_read_only(kept.path) as copy:
            assert paths.read(copy) == both


@settings(max_examples=15, deadline=None)
@given(pixels=pictures)
def test_through_a_stroke_that_takes_away_and_one_that_brings_back(pixels: Pixels) -> None:
    mask = rle.encode(pixels)
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        full = rle.encode(np.ones(SHAPE, dtype=bool))
        with Project.open(paths.path) as project:
            project.apply(PaintStroke(paths.item, FRAME, paths.object, full, add=True))
            project.apply(PaintStroke(paths.item, FRAME, paths.object, rle.subtract(full, mask), add=False))
            assert paths.read(project) == mask


@settings(max_examples=15, deadline=None)
@given(pixels=pictures)
def test_through_an_export_and_a_foreign_reader(pixels: Pixels) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        with Project.open(paths.path) as project:
            project.apply(SetMask(paths.item, FRAME, paths.object, rle.encode(pixels), MaskState.KEY))
        assert np.array_equal(paths.exported(), pixels)


@settings(max_examples=15, deadline=None)
@given(pixels=pictures)
def test_through_copying_to_another_picture(pixels: Pixels) -> None:
    mask = rle.encode(pixels)
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        with Project.open(paths.path) as project:
            other = add_picture(project, "other.png")
            pasted = project.apply(PasteMasks(other, range(1), (Pasted(mask),)))
            row = project.mask_row(other, FRAME, ObjectId(pasted.created[0]))
            assert row is not None
            assert row.digest is not None
            assert project.mask(row.digest) == mask
