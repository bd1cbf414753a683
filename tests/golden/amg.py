"""Records of the automatic mask generator, compared: the same masks in the same order."""

import numpy as np

from golden.arrays import Golden

PIXELS = 20  # pixels in which two masks may differ
IOU, STABILITY, BOX = 1e-3, 5e-3, 2.0


class RecordComparison:
    """What differs between records and the golden ones of that tag."""

    def __init__(self, tag, records):
        wanted = Golden("amg_tiny").values[tag]
        self.tag, self.count = tag, len(records)
        self.wrong = [] if len(records) == len(wanted) else [f"{len(records)} masks instead of {len(wanted)}"]
        for i, (record, want) in enumerate(zip(records, wanted, strict=False)):
            self.wrong += [f"mask {i}: {line}" for line in _differences(record, want)]

    @property
    def agrees(self):
        return not self.wrong

    def __str__(self):
        head = f"{'ok  ' if self.agrees else 'FAIL'} amg {self.tag}: {self.count} masks"
        return "\n      ".join([head, *self.wrong[:5]])


def _differences(record, want):
    pixels = int((decode(record["segmentation"]) != decode(want["segmentation"])).sum())
    if pixels > PIXELS:
        yield f"{pixels} pixels differ"
    for key, limit in (("predicted_iou", IOU), ("stability_score", STABILITY), ("bbox", BOX), ("point_coords", 1e-3)):
        if not np.allclose(record[key], want[key], rtol=0, atol=limit):
            yield f"{key} is {record[key]} instead of {want[key]}"
    if abs(record["area"] - want["area"]) > PIXELS or record["crop_box"] != want["crop_box"]:
        yield "area or crop box differ"


def decode(rle):
    """Uncompressed RLE (column-major, zeros first) to a boolean mask."""
    h, w = rle["size"]
    bits = np.arange(len(rle["counts"])) % 2 == 1
    return np.repeat(bits, rle["counts"]).reshape(w, h).T
