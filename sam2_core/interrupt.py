"""Giving up an image embedding that nobody waits for any more."""

from collections.abc import Iterator
from contextlib import contextmanager

from sam2_core.errors import Cancelled
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.cancel import Cancel, listener


@contextmanager
def interruptible(model: SAM2Base, cancel: Cancel | None) -> Iterator[None]:
    """Inside, the image encoder raises Cancelled before its next block once `cancel` was set; None: never."""
    cancelled = listener(cancel)

    def check(*_: object) -> None:
        if cancelled():
            raise Cancelled

    hooks = [] if cancel is None else [b.register_forward_pre_hook(check) for b in model.image_encoder.trunk.blocks]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
