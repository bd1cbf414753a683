"""The image features of the frame that comes next, computed beside the tracking of the present one."""

from collections.abc import Callable
from typing import Any, Protocol

import torch

from sam2_core.modeling.image_encoder import ImageFeatures


class Beside(Protocol):
    """Where work can run beside other work."""

    def start(self, make: Callable[[], ImageFeatures]) -> Callable[[], ImageFeatures]:
        """Start; the function returned gives what was made to those who come after it."""
        ...


class SecondStream:
    """A second stream of a CUDA device. The host waits for nothing: the streams wait for each other."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._cuda: Any = torch.cuda  # whose types are not told
        self._stream: Any = None

    def start(self, make: Callable[[], ImageFeatures]) -> Callable[[], ImageFeatures]:
        """See `Beside`."""
        cuda = self._cuda
        if self._stream is None:
            self._stream = cuda.Stream(self._device)
        self._stream.wait_stream(cuda.current_stream(self._device))
        with cuda.stream(self._stream):
            made = make()
            done = cuda.Event()
            done.record()

        def join() -> ImageFeatures:
            here = cuda.current_stream(self._device)
            here.wait_event(done)
            for tensor in (made.embedding, *made.high_res):
                tensor.record_stream(here)  # their memory is not given away before this stream has read them
            return made

        return join


class Ahead:
    """At most one frame that is on its way. `coming`: the frame that will be asked for next, None where none will."""

    def __init__(self, beside: Beside | None) -> None:
        self.coming: int | None = None
        self._beside = beside
        self._frame: int | None = None
        self._join: Callable[[], ImageFeatures] | None = None

    @property
    def active(self) -> bool:
        """Whether anything is computed ahead."""
        return self._beside is not None

    def begin(self, frame: int, make: Callable[[], ImageFeatures]) -> None:
        """Start on a frame, unless it is on its way; another one that was is given up."""
        if self._beside is not None and self._frame != frame:
            self.drop()
            self._join = self._beside.start(make)
            self._frame = frame

    def take(self, frame: int) -> ImageFeatures | None:
        """The features of a frame that is on its way, None if it is not."""
        join = self._join
        if join is None or self._frame != frame:
            return None
        self.drop()
        return join()

    def drop(self) -> None:
        """Give up what is on its way."""
        self._frame, self._join = None, None

    def stop(self) -> None:
        """Compute nothing ahead from now on."""
        self.drop()
        self._beside = None
