"""A folder of labelled toy pictures, and a model that learns them in seconds."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from support.tiny_model import tiny_config

SIDE = 48


def toy_picture(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A bright and a red rectangle on grey: RGB (48, 48, 3) and labels (48, 48)."""
    image = np.full((SIDE, SIDE, 3), 90, np.uint8)
    labels = np.zeros((SIDE, SIDE), np.uint8)
    for value, (left, colour) in enumerate(((2, (235, 235, 235)), (25, (200, 40, 40))), start=1):
        x, y = left + int(rng.integers(6)), int(rng.integers(4, 24))
        image[y : y + 18, x : x + 15] = colour
        labels[y : y + 18, x : x + 15] = value
    return image, labels


def toy_folder(folder: Path, *, pictures: int = 6) -> Path:
    """Write the folder; the last picture is held out."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    lines = []
    for i in range(pictures):
        image, labels = toy_picture(rng)
        cv2.imwrite(str(folder / f"{i}.jpg"), image[..., ::-1])
        cv2.imwrite(str(folder / f"{i}.png"), labels)
        split = "val" if i == pictures - 1 else "train"
        lines.append(json.dumps({"image": f"{i}.jpg", "mask": f"{i}.png", "set": f"set {i % 2}", "split": split}))
    (folder / "index.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def toy_model(seed: int = 0) -> SAM2VideoPredictor:
    """The tiny model at 64 pixels, untrained."""
    torch.manual_seed(seed)
    return SAM2VideoPredictor(replace(tiny_config(), image_size=64))
