"""What is written is read back; a file that differs is never kept."""

from pathlib import Path

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats import coco_document
from sam2_annotator.formats.coco import Layout
from sam2_annotator.formats.coco_document import Document
from support.datasets import CLIP, Recorder, tiny_clip


def document() -> Document:
    return Document(tiny_clip(), Layout(), media=[CLIP], names={1: "v1"})


def test_every_mask_is_compared(tmp_path: Path) -> None:
    recorder = Recorder()
    tally = document().write(tmp_path / "a.json", recorder)
    assert (tally.images, tally.annotations, tally.absent, tally.compared) == (3, 5, 1, 5)
    assert [(done, total) for done, total, _ in recorder.steps] == [(done, 6) for done in range(1, 7)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("733NN022g0", "X117"),
        lambda text: text.replace("733NN022g0", "~~~"),
        lambda text: text.replace('"segmentation"', '"segment"', 1),
        lambda text: text.replace('{"id":5,"image_id":3', '{"id":5,image_id":3'),
        lambda text: text[: text.index('{"id":5,"image_id":3')] + "\n]\n}\n",
    ],
)
def test_a_file_that_changed_on_the_disk_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: object
) -> None:
    real = coco_document.read_array
    assert callable(damage)

    def read(path: Path, key: str) -> object:
        path.write_text(damage(path.read_text()))
        return real(path, key)

    monkeypatch.setattr(coco_document, "read_array", read)
    with pytest.raises(FormatError, match=r"^a\.json does not read back as it was written; it was not kept\.$"):
        document().write(tmp_path / "a.json", Recorder())
