"""Which device computes, in which precision; nothing here changes torch's global settings."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from sam2_core.errors import EngineError, OutOfMemory

S = TypeVar("S")
T = TypeVar("T")

_PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One kind of device: whether it can be used here, and why or why not."""

    name: str
    available: bool
    reason: str


def describe_devices() -> list[DeviceFacts]:
    """CUDA, MPS and CPU, in the order in which they are preferred."""
    return [_cuda_facts(), _mps_facts(), DeviceFacts("cpu", True, "always there")]


def _cuda_facts() -> DeviceFacts:
    if torch.version.cuda is None and torch.version.hip is None:
        return DeviceFacts("cuda", False, f"this PyTorch ({torch.__version__}) was built without CUDA")
    if not torch.cuda.is_available():
        return DeviceFacts("cuda", False, "no NVIDIA GPU with a working driver was found")
    try:
        return DeviceFacts("cuda", True, torch.cuda.get_device_name(0))
    except RuntimeError as error:  # a GPU that another program holds for itself, or that fell off the bus
        return DeviceFacts("cuda", False, f"the GPU does not answer ({str(error).splitlines()[0].rstrip('.')})")


def _mps_facts() -> DeviceFacts:
    if not torch.backends.mps.is_built():
        return DeviceFacts("mps", False, f"this PyTorch ({torch.__version__}) was built without Apple GPU support")
    if not torch.backends.mps.is_available():
        return DeviceFacts("mps", False, "no Apple GPU, or macOS is older than 12.3")
    return DeviceFacts("mps", True, "Apple GPU")


def pick_device(name: str | torch.device | None = None) -> torch.device:
    """Device of that name, or the best there is for None.

    Raises:
        EngineError: the named device is unknown or cannot be used on this machine.
    """
    facts = {f.name: f for f in describe_devices()}
    if name is None:
        return torch.device(next(f.name for f in facts.values() if f.available))
    try:
        device = torch.device(name)
        found = facts[device.type]
    except (RuntimeError, KeyError):  # torch knows further kinds, which the engine does not run on
        raise EngineError(f"There is no device named {str(name)!r}; use cuda, mps or cpu.") from None
    if not found.available:
        raise EngineError(f"The device {name} cannot be used: {found.reason}; use cpu instead.")
    if device.type == "cuda" and device.index is not None and device.index >= torch.cuda.device_count():
        raise EngineError(f"The device {name} does not exist: there are {torch.cuda.device_count()} CUDA devices.")
    return device


def precision_for(device: torch.device, precision: str = "auto") -> torch.dtype:
    """Compute dtype for "auto", "float32", "bfloat16" or "float16".

    "auto" is bfloat16 on CUDA from compute capability 8.0, float16 on older CUDA, float32 on CPU and MPS.
    """
    if precision != "auto":
        if precision not in _PRECISIONS:
            raise ValueError(f"precision must be auto, {', '.join(_PRECISIONS)}, not {precision!r}")
        return _PRECISIONS[precision]
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (8, 0) else torch.float16


def inference_precision(device: torch.device, precision: str = "auto") -> torch.dtype:
    """As `precision_for`, for a model that does not learn: "auto" is bfloat16 on a CPU with matrix units for it, too.

    Those units (AMX) are several times as fast as float32; without them bfloat16 is slower than float32 or no faster.
    """
    if precision == "auto" and device.type == "cpu":
        return torch.bfloat16 if _cpu_has_bfloat16_units() else torch.float32
    return precision_for(device, precision)


def _cpu_has_bfloat16_units() -> bool:
    if not hasattr(torch.cpu, "get_capabilities"):  # an older PyTorch
        return False
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


def autocast_for(device: torch.device, precision: str = "auto") -> contextlib.AbstractContextManager[object]:
    """Context in which a model that learns computes at that precision, its weights staying in float32.

    Autocast is a property of the thread; a caller's own autocast is left as it is.
    """
    dtype = precision_for(device, precision)
    if dtype is torch.float32 or torch.is_autocast_enabled(device.type):
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=dtype)


def with_spare_memory(device: torch.device, work: Callable[[], T], free: Callable[[], None]) -> T:
    """Result of `work`; where memory runs out, `free` is called and the work is done once more.

    Raises:
        OutOfMemory: it ran out again.
    """
    for _ in range(2):
        try:
            return work()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # here the failed call's tensors are gone, since its traceback is
        free()
        if device.type == "cuda":
            torch.cuda.empty_cache()
    raise OutOfMemory(f"The device {device} has too little memory; use a smaller model or close other programs.")


def in_batches(
    device: torch.device, items: Sequence[S], at_once: int, work: Callable[[Sequence[S]], Sequence[T]]
) -> list[T]:
    """Results of `work` on parts of at most `at_once` items; where memory runs out parts become half as large.

    With a single item the error passes.
    """
    results: list[T] = []
    while len(results) < len(items):
        part = items[len(results) : len(results) + at_once]
        try:
            results += work(part)
            continue
        except (RuntimeError, MemoryError) as error:
            if len(part) == 1 or not is_out_of_memory(error):
                raise
        # here the failed call's tensors are gone, since its traceback is
        at_once = len(part) // 2
        if device.type == "cuda":
            torch.cuda.empty_cache()
    return results


def is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    """Whether an error says that memory ran out: MPS, cuBLAS and the CPU's allocator do in plain RuntimeErrors."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(words in str(error) for words in ("out of memory", "can't allocate memory", "STATUS_ALLOC_FAILED"))
