"""The mode in which objects of a frame never overlap: the setting "no_overlap" of a project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import MaskRow, ObjectRow, SettingRow
from sam2_annotator.masks import rle
from sam2_annotator.masks.overlap import Layer, settle
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskState

NO_OVERLAP = "no_overlap"


@dataclass(frozen=True, slots=True)
class SetNoOverlap:
    """From now on a mask takes its pixels from objects below it, or no longer does; what overlaps already stays."""

    on: bool

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Keep objects apart" if self.on else "Let objects overlap"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        row = edit.get(SettingRow, NO_OVERLAP)
        if self.on:
            edit.put(SettingRow(NO_OVERLAP, True))
        elif row is not None:
            edit.delete(row)


def take_room(edit: Edit, row: ObjectRow, frame: FrameIndex, mask: Mask, *, by_person: bool = True) -> Mask:
    """What of a mask an object may get on a frame; objects that lie below are written without it.

    Nothing is done unless the project keeps objects apart. A draft takes nothing before it is accepted. Locked
    objects and confirmed masks give nothing away, and to the tracker (`by_person` False) no frame a person spoke about.
    """
    setting = edit.get(SettingRow, NO_OVERLAP)
    if not mask or row.draft or setting is None or setting.value is not True:
        return mask
    objects = {other.id: other for other in edit.find(ObjectRow, item=row.item)}
    rows, layers = [], []
    for other in edit.find(MaskRow, item=row.item, frame=frame):
        owner, pixels = objects[other.object], edit.mask(other.digest)
        if pixels is not None and owner.id != row.id and not owner.draft:
            fixed = owner.locked or other.state is MaskState.CONFIRMED or (other.state.is_human and not by_person)
            rows.append(other)
            layers.append(Layer(pixels, owner.z, fixed))
    mask, left = settle(mask, row.z, layers)
    for other, layer, rest in zip(rows, layers, left, strict=True):
        if rest != layer.mask:
            taken = rle.subtract(layer.mask, rest)
            edit.put(replace(other, digest=edit.keep(rest, near=other.digest, change=taken), area=rest.area))
    return mask
