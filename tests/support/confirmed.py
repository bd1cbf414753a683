"""A project of toy pictures whose objects are confirmed, to learn from."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, AddLabel, NewItem, SetMask
from sam2_annotator.masks import rle
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId
from sam2_annotator.values.states import MaskState
from sam2_core.config import config_to_json
from support.documents import add_object
from support.toy_pictures import SIDE, toy_model, toy_picture


def confirmed_project(path: Path, pictures: int = 7) -> Path:
    """White and red things, one of each in every picture, the pictures beside the project; returns `path`."""
    rng = np.random.default_rng(0)
    with Project.open(path) as project:
        labels = [LabelId(project.apply(AddLabel(name)).created[0]) for name in ("white", "red")]
        for number in range(pictures):
            image, values = toy_picture(rng)
            file = path.with_name(f"{path.stem} {number}.png")
            Image.fromarray(image).save(file)
            new = NewItem(MediaKind.IMAGE, file, MediaFacts(SIDE, SIDE, 1, None))
            item = ItemId(project.apply(AddItems((new,))).created[0])
            for value, label in enumerate(labels, start=1):
                obj = add_object(project, item, label)
                project.apply(SetMask(item, FrameIndex(0), obj, rle.encode(values == value), MaskState.CONFIRMED))
    return path


def toy_checkpoint(path: Path, *, blank: bool = True) -> Path:
    """An untrained model; a `blank` one gives empty masks, so that whatever it learns is a gain. Returns `path`."""
    model = toy_model()
    with torch.no_grad():
        for mlp in model.sam_mask_decoder.output_hypernetworks_mlps if blank else ():
            for parameter in mlp.layers[-1].parameters():
                parameter.zero_()
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, path)
    path.with_suffix(".json").write_text(json.dumps(config_to_json(model.config)))
    return path
