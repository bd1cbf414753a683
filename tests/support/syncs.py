"""Where code makes the host wait for a device, seen without one: tensors on "meta" stand for those on a GPU."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

_ENGINE = str(Path(__file__).parents[2] / "sam2_core")
aten = torch.ops.aten


class Waits(TorchDispatchMode):
    """Counts reads of a device tensor by the host inside the block: `.item()`, `if tensor`, `torch.equal`, `nonzero`,
    boolean indices, copies to the host. `seen` has a line per read: operation and place. Reads give zeros.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        read = _READS.get(func.overloadpacket)
        if read is None or not any(t.is_meta for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor)):
            return func(*args, **kwargs)
        given = read(*args, **kwargs)
        if given is None:
            return func(*args, **kwargs)
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_stack() if _ENGINE in f.filename]
        self.seen.append(f"{func} at {' < '.join(reversed(places[-2:]))}")
        return given


def _scalar(x: Tensor) -> float | int | bool:
    return (x.dtype.is_floating_point and 0.0) or torch.zeros((), dtype=x.dtype, device="cpu").item()


def _rows(x: Tensor, *_: Any, **__: Any) -> Tensor:
    return torch.zeros(0, x.dim(), dtype=torch.long, device="meta")


def _by_flags(x: Tensor, indices: Sequence[Tensor | None], *_: Any) -> Tensor | None:
    if any(i is not None and i.dtype in (torch.bool, torch.uint8) for i in indices):
        return x.new_zeros(0, *x.shape[1:])
    return None


def _copied(x: Tensor, *_: Any, **options: Any) -> Tensor | None:
    if options.get("device") is None or torch.device(options["device"]).type != "cpu":
        return None
    return torch.zeros(x.shape, dtype=options.get("dtype") or x.dtype, device="cpu")


def _filled(x: Tensor, source: Tensor, *_: Any) -> Tensor | None:
    return x if source.is_meta and not x.is_meta else None


_READS: dict[Any, Callable[..., Any]] = {
    aten._local_scalar_dense: _scalar,
    aten.is_nonzero: lambda x: False,
    aten.equal: lambda a, b: True,
    aten.nonzero: _rows,
    aten.masked_select: lambda x, *_: x.new_zeros(0),
    aten.index: _by_flags,
    aten._to_copy: _copied,
    aten.copy_: _filled,
}
