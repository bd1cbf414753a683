"""A folder with inputs for the command line, and what its outputs are checked with."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pycocotools import mask as coco_mask

from sam2_annotator.__main__ import main
from support.drawn import frames_folder, picture_file

WIDTH, HEIGHT = 96, 64
CLICK = {"points": [[30.5, 32.5, 1]]}


class Desk:
    """A folder with a picture and a clip, a model's file, and the commands on them."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.model = model
        self.photo = picture_file(folder / "photo.png")
        self.clip = frames_folder(folder / "clip", 5)
        self.out = folder / "out.json"
        self.tracked = folder / "tracked"
        self.prompts = folder / "prompts.json"

    def segment(self, *arguments: str) -> int:
        """Run `segment` on the picture."""
        common = ["--model", str(self.model), "--device", "cpu", "--out", str(self.out)]
        return main(["segment", str(self.photo), *common, *arguments])

    def everything(self, *arguments: str) -> int:
        """Run `everything` on the picture."""
        common = ["--model", str(self.model), "--device", "cpu", "--out", str(self.out)]
        return main(["everything", str(self.photo), *common, *arguments])

    def track(self, prompts: object, *arguments: str, video: Path | None = None) -> int:
        """Run `track` on the clip with these prompts (text, or values to write as JSON)."""
        self.prompts.write_text(prompts if isinstance(prompts, str) else json.dumps(prompts))
        common = ["--model", str(self.model), "--device", "cpu", "--out", str(self.tracked)]
        return main(["track", str(video or self.clip), "--prompts", str(self.prompts), *common, *arguments])

    def left_over(self) -> list[str]:
        """What lies in the folder beside the inputs."""
        known = {"photo.png", "clip", "prompts.json"}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in known)


def one(**prompt: object) -> dict[str, object]:
    """A prompts file with one object and one entry."""
    return {"objects": [{"id": 1, "label": "dog", "prompts": [{"frame": 0, **prompt}]}]}


def decode(segmentation: dict[str, object]) -> npt.NDArray[np.uint8]:
    """Pixels by pycocotools, (height, width)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of NumPy, about pycocotools
        pixels: npt.NDArray[np.uint8] = coco_mask.decode(segmentation)
    return pixels
