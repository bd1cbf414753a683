"""Giving up an image embedding that nobody waits for any more."""

from collections.abc import Iterator
from contextlib import contextmanager

from sam2_core.errors import Cancelled
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.cancel import Cancel, listener


@contextmanager
def interruptible(model: SAM2Base, cancel: Cancel | None) -> Iterator[None]:
    """Inside, the image encoder raises Cancelled before its next block once `cancel` was set; None: never.

    The model is this thread's alone meanwhile, so that nobody else's work is given up.
    """
    if cancel is None:
        yield
        return
    cancelled = listener(cancel)

    def check() -> None:
        if cancelled() and not model.graphs.recording:
            raise Cancelled

    trunk = model.image_encoder.trunk
    with model.compute_lock:
        before, trunk.before_block = trunk.before_block, check
        try:
            yield
        finally:
            trunk.before_block = before
