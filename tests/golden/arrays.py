"""How golden arrays are stored and compared.

A float array x is stored thinned: `name` holds x.ravel()[::step] (float32), `name.meta` [step, *shape] (int64) and
`name.stats` holds [mean, std, min, max] over the full array (float64). Boolean arrays are stored whole as packed bits:
`name.bits` (np.packbits of the C-order ravel) with `name.meta` = [0, *shape].

`SAM2_GOLDEN` may name another folder of arrays; without it the ones beside this file are used.
"""

import functools
import json
import os
from pathlib import Path

import numpy as np

FOLDER = Path(os.environ.get("SAM2_GOLDEN") or Path(__file__).parent)


class Golden:
    """The arrays `<stem>.npz` and the plain values `<stem>.json` of one case."""

    def __init__(self, stem, folder=FOLDER):
        self.stem = stem
        arrays, values = folder / f"{stem}.npz", folder / f"{stem}.json"
        self.arrays = np.load(arrays) if arrays.exists() else {}
        self.values = json.loads(values.read_text()) if values.exists() else {}
        self.names = sorted(k.removesuffix(".meta") for k in self.arrays if k.endswith(".meta"))

    def difference(self, name, value, *, leave_out=0.0):
        """Largest absolute difference over the stored samples, but for the share of them that differ most; for booleans
        the share of elements that differ.

        Raises:
            AssertionError: the shapes differ.
        """
        x = as_array(value)
        step, *shape = (int(v) for v in self.arrays[f"{name}.meta"])
        assert x.shape == tuple(shape), f"{name}: shape {x.shape}, golden {tuple(shape)}"
        if not x.size:
            return 0.0
        if step == 0:
            want = np.unpackbits(self.arrays[f"{name}.bits"])[: x.size].reshape(x.shape).astype(bool)
            return float((want != x.astype(bool)).mean())
        got = x.astype(np.float64).ravel()[::step]
        apart = np.sort(np.abs(got - self.arrays[name]))
        return float(apart[-1 - int(leave_out * len(apart))])


class Comparison:
    """Receives a case's results (`compare(name, value)`) and keeps the worst difference and what does not fit.

    Names ending in ".json" are plain values and must be equal; values without a stored counterpart are ignored.
    """

    def __init__(self, stem):
        self.golden = Golden(stem)
        self.stem, self.limit = stem, limit(stem)
        self.seen, self.worst, self.worst_name = 0, 0.0, ""
        self.wrong = []

    def __call__(self, name, value):
        self.seen += 1
        if name.endswith(".json"):
            want = self.golden.values.get(name.removesuffix(".json"))
            if want is not None and json.loads(json.dumps(value)) != want:
                self.wrong.append(f"{name}: {value} instead of {want}")
            return
        difference = self.golden.difference(name, value)
        if not difference <= self.worst:  # also takes NaN
            self.worst, self.worst_name = difference, name

    @property
    def agrees(self):
        return self.seen > 0 and not self.wrong and self.worst <= self.limit

    def __str__(self):
        verdict = "ok  " if self.agrees else "FAIL"
        line = f"{verdict} {self.stem}: {self.seen} results, largest difference {self.worst:.3g}"
        return "\n      ".join([f"{line} (limit {self.limit:g}) at {self.worst_name}", *self.wrong[:5]])


@functools.cache
def _limits():
    return json.loads((Path(__file__).parent / "tolerance.json").read_text())


def limit(stem):
    """The largest difference a case may have."""
    return _limits().get(stem, _limits()["default"])


def as_array(value):
    """Tensor or array-like as a NumPy array; half-precision tensors become float32."""
    if hasattr(value, "detach"):
        value = value.detach().float() if value.is_floating_point() else value.detach()
        value = value.cpu().numpy()
    return np.asarray(value)
