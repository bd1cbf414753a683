"""Work that repeats is recorded once and replayed: CUDA graphs by hand, which need no compiler.

A replay reads and writes the memory of the recording. Inputs are copied there, results are copied out, so nobody holds
what the next replay overwrites. Weights and tables are read where they lie: changed in place they count at once, moved
or replaced they end all recordings.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

Tensors = tuple[Tensor, ...]
Work = Callable[..., Tensors]

USES_BEFORE = 3  # a shape is computed as usual so often before it is recorded
MOST = 8  # recordings kept; each holds its inputs, results and intermediate tensors
_COUNTED = 64  # shapes whose uses are counted


@dataclass(frozen=True, slots=True)
class Recording:
    """Work recorded: `replay` does it again on the same inputs, its results come to lie in `outputs`.

    kept: what else it reads, held so that its memory is nobody else's.
    """

    inputs: Tensors
    outputs: Tensors
    replay: Callable[[], None]
    kept: Sequence[Tensor] = ()


class Recorder(Protocol):
    """How work is recorded on a kind of device."""

    def record(self, work: Work, inputs: Tensors, lane: str) -> Recording:
        """Record work on inputs that stay where they are; recordings of different lanes may run side by side."""
        ...

    def turn(self, lane: str, device: torch.device) -> AbstractContextManager[None]:
        """Inside, nothing else of the lane runs on the device."""
        ...


class Rerun:
    """Stand-in without CUDA: a replay does the work again on the same buffers, by the same rules."""

    def record(self, work: Work, inputs: Tensors, lane: str) -> Recording:
        """Do it once."""
        outputs = tuple(out.clone() for out in work(*inputs))

        def replay() -> None:
            for out, new in zip(outputs, work(*inputs), strict=True):
                out.copy_(new)

        return Recording(inputs, outputs, replay)

    def turn(self, lane: str, device: torch.device) -> AbstractContextManager[None]:
        """Everything runs in turn."""
        return nullcontext()


class CudaRecorder:
    """CUDA graphs, with a pool of memory for each lane."""

    def __init__(self) -> None:
        self._cuda: Any = torch.cuda  # whose types are not told
        self._pools: dict[str, Any] = {}
        self._ends: dict[str, Any] = {}

    def record(self, work: Work, inputs: Tensors, lane: str) -> Recording:
        """Do it once more on a stream of its own, for what libraries set up at first, and then record it."""
        cuda, device = self._cuda, inputs[0].device
        with cuda.device(device), _uncached_casts():
            stream, reads = cuda.Stream(), dict[int, Tensor]()
            stream.wait_stream(cuda.current_stream())
            with cuda.stream(stream), _reading(reads):
                work(*inputs)
            cuda.current_stream().wait_stream(stream)
            graph = cuda.CUDAGraph()
            if lane not in self._pools:
                self._pools[lane] = cuda.graph_pool_handle()
            # other threads may go on using the device meanwhile
            with cuda.graph(graph, pool=self._pools[lane], stream=stream, capture_error_mode="thread_local"):
                outputs = work(*inputs)
        return Recording(inputs, outputs, graph.replay, tuple(reads.values()))

    @contextmanager
    def turn(self, lane: str, device: torch.device) -> Iterator[None]:
        """Wait on the device for the lane's last user, whichever stream that was."""
        stream = self._cuda.current_stream(device)
        if lane in self._ends:
            stream.wait_event(self._ends[lane])
        yield
        self._ends[lane] = self._cuda.Event()
        self._ends[lane].record(stream)


class Graphs:
    """The recordings of one model; `enabled` switches them off. A copy of a model begins with none.

    recording: true while work is done for nobody, only to be recorded.
    """

    def __init__(self, recorder: Recorder | None = None, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self.recording = False
        self._given = recorder
        self._cuda: CudaRecorder | None = None
        self._recordings: OrderedDict[Hashable, Recording] = OrderedDict()
        self._uses: OrderedDict[Hashable, int] = OrderedDict()
        self._weights: _Weights | None = None

    def __reduce__(self) -> tuple[Callable[[], "Graphs"], tuple[()]]:
        return partial(Graphs, enabled=self.enabled), ()

    def __len__(self) -> int:
        return len(self._recordings)

    def run(self, model: nn.Module, work: Work, inputs: Tensors, key: Hashable, *, lane: str = "main") -> Tensors:
        """Results of `work(*inputs)`; after the third use of the same key and shapes by a replay.

        `work` must compute with tensors on one device alone, without waiting for it, and always the same for the same
        key, which names the work and all numbers it depends on beside its inputs. model: whose weights it reads.
        """
        recorder = self._recorder_for(inputs[0].device)
        if recorder is None or not self.enabled or torch.is_grad_enabled():
            return work(*inputs)
        if self._weights is None or not self._weights.are_those_of(model):
            self.clear()
            self._weights = _Weights(model)
        full = (key, lane, tuple((t.shape, t.dtype, t.device) for t in inputs), _autocast(inputs[0].device))
        recording = self._recordings.get(full)
        if recording is None:
            if not self._often(full):
                return work(*inputs)
            recording = self._recorded(recorder, work, inputs, lane)
            if recording is None:
                return work(*inputs)
            self._recordings[full] = recording
            if len(self._recordings) > MOST:
                self._recordings.popitem(last=False)
        self._recordings.move_to_end(full)
        with recorder.turn(lane, inputs[0].device):
            for still, given in zip(recording.inputs, inputs, strict=True):
                still.copy_(given)
            recording.replay()
            return tuple(out.clone() for out in recording.outputs)

    def clear(self) -> None:
        """Forget all recordings and counts."""
        self._recordings.clear()
        self._uses.clear()
        self._weights = None

    def _recorder_for(self, device: torch.device) -> Recorder | None:
        if self._given is not None or device.type != "cuda":
            return self._given
        self._cuda = self._cuda or CudaRecorder()
        return self._cuda

    def _often(self, key: Hashable) -> bool:
        """Count a use; whether there were enough before."""
        uses = self._uses.pop(key, 0)
        self._uses[key] = uses + 1
        if len(self._uses) > _COUNTED:
            self._uses.popitem(last=False)
        return uses >= USES_BEFORE

    def _recorded(self, recorder: Recorder, work: Work, inputs: Tensors, lane: str) -> Recording | None:
        """None where it cannot be recorded; then nothing is any more, and everything is computed as usual."""
        self.recording = True
        try:
            with torch.inference_mode(False), torch.no_grad(), recorder.turn(lane, inputs[0].device):
                return recorder.record(work, tuple(t.clone() for t in inputs), lane)
        except RuntimeError as error:
            logging.getLogger(__name__).warning("not recorded reason=%s", str(error).split("\n", 1)[0])
        finally:
            self.recording = False
        self.enabled = False
        self.clear()
        return None


def flags_of(*modules: nn.Module) -> tuple[tuple[str, object], ...]:
    """Numbers and switches of modules that may be set at any time, for a key."""
    return tuple(item for m in modules for item in vars(m).items() if isinstance(item[1], bool | int | float))


class _Weights:
    """Where the weights of a model lay."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._held = [
            (holder, name, tensor, tensor.data_ptr())
            for module in model.modules()
            for holder in (module._parameters, module._buffers)
            for name, tensor in holder.items()
            if tensor is not None
        ]

    def are_those_of(self, model: nn.Module) -> bool:
        """Whether each is the same tensor in the same place still."""
        return model is self._model and all(
            holder.get(name) is tensor and tensor.data_ptr() == place for holder, name, tensor, place in self._held
        )


def _reading(found: dict[int, Tensor]) -> AbstractContextManager[object]:
    """Collects the tensors that are read inside and were there before: weights, and tables that a cache may drop."""
    made: set[int] = set()

    def look(
        _: object, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in _tensors((args, kwargs)):
            place = tensor.untyped_storage().data_ptr()
            if place not in made:
                found.setdefault(place, tensor)
        made.update(tensor.untyped_storage().data_ptr() for tensor in _tensors(result))
        return result

    mode: Any = TorchDispatchMode  # whose methods are not typed
    watch: AbstractContextManager[object] = type("Reading", (mode,), {"__torch_dispatch__": look})()
    return watch


def _tensors(tree: Any) -> Iterator[Tensor]:
    return (leaf for leaf in tree_leaves(tree) if isinstance(leaf, Tensor))


def _autocast(device: torch.device) -> torch.dtype | None:
    return torch.get_autocast_dtype(device.type) if torch.is_autocast_enabled(device.type) else None


@contextmanager
def _uncached_casts() -> Iterator[None]:
    """Autocast's cache of cast weights would leave a recording with memory that goes when the caller's context ends."""
    before = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(False)
    torch.clear_autocast_cache()
    try:
        yield
    finally:
        torch.set_autocast_cache_enabled(before)
