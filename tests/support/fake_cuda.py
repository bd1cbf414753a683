"""Streams, events and graphs that only note what is asked of them, in order; work runs at once on the CPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class FakeCuda:
    """Stands for `torch.cuda`. `log` has a line per call; streams are "main" and "side0", "side1" ..."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.current = FakeStream(self, "main")
        self._made = 0

    def Stream(self, device: object = None) -> "FakeStream":
        self._made += 1
        return FakeStream(self, f"side{self._made - 1}")

    def Event(self) -> "FakeEvent":
        return FakeEvent(self)

    def CUDAGraph(self) -> "FakeGraph":
        return FakeGraph(self)

    def graph_pool_handle(self) -> str:
        self._made += 1
        return f"pool{self._made - 1}"

    def current_stream(self, device: object = None) -> "FakeStream":
        return self.current

    @contextmanager
    def device(self, device: object) -> Iterator[None]:
        yield

    @contextmanager
    def stream(self, stream: "FakeStream") -> Iterator[None]:
        before, self.current = self.current, stream
        yield
        self.current = before

    @contextmanager
    def graph(self, graph: "FakeGraph", *, pool: str, stream: "FakeStream", capture_error_mode: str) -> Iterator[None]:
        self.log.append(f"capture on {stream.name} in {pool}, {capture_error_mode}")
        with self.stream(stream):
            yield
        self.log.append("captured")


class FakeStream:
    def __init__(self, cuda: FakeCuda, name: str) -> None:
        self._cuda = cuda
        self.name = name

    def wait_stream(self, other: "FakeStream") -> None:
        self._cuda.log.append(f"{self.name} waits for {other.name}")

    def wait_event(self, event: "FakeEvent") -> None:
        self._cuda.log.append(f"{self.name} waits for {event.name}")


class FakeEvent:
    def __init__(self, cuda: FakeCuda) -> None:
        self._cuda = cuda
        self.name = "an event never recorded"

    def record(self, stream: FakeStream | None = None) -> None:
        self.name = f"what {(stream or self._cuda.current).name} had to do"


class FakeGraph:
    def __init__(self, cuda: FakeCuda) -> None:
        self._cuda = cuda

    def replay(self) -> None:
        self._cuda.log.append(f"replay on {self._cuda.current.name}")


class FakeTensor:
    """Notes which streams use its memory."""

    def __init__(self, cuda: FakeCuda) -> None:
        self._cuda = cuda

    def record_stream(self, stream: Any) -> None:
        self._cuda.log.append(f"kept for {stream.name}")
