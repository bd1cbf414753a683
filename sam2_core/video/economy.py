"""What a clip does where memory runs out: it makes itself smaller, step by step, goes on and says what it did."""

import logging
from collections.abc import Callable
from typing import TypeVar

import torch

from sam2_core.devices import is_out_of_memory
from sam2_core.errors import OutOfMemory
from sam2_core.graphs import Graphs
from sam2_core.video.state import VideoState

T = TypeVar("T")
HOST = torch.device("cpu")


def thriftily(state: VideoState, graphs: Graphs, work: Callable[[], T], *, objects: int = 1) -> T:
    """Result of `work`, done again after each economy where memory runs out; results there already are kept.

    `work` must leave nothing half done. graphs: recordings, which can be made again; objects: how many `work` takes at
    once at most.

    Raises:
        OutOfMemory: there is nothing left to save.
    """
    was_freed = False
    while True:
        try:
            return work()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # here the failed call's tensors are gone, since its traceback is
        done = economise(state, objects)
        if done is None and was_freed:
            break
        was_freed = True
        state.features.clear()
        state.ahead.drop()
        graphs.clear()
        if state.device.type == "cuda":
            torch.cuda.empty_cache()
    raise OutOfMemory(f"The device {state.device} has too little memory; use a smaller model or close other programs.")


def economise(state: VideoState, objects: int) -> str | None:
    """Take the next step down; the sentence that tells it, None where there is none left."""
    done = _next_step(state, objects)
    if done is not None:
        state.economies.append(done)
        logging.getLogger(__name__).warning("short of memory device=%s done=%s", state.device, done)
    return done


def _next_step(state: VideoState, objects: int) -> str | None:
    if state.ahead.active:
        state.ahead.stop()
        return "Frames are encoded one after the other now, none ahead."
    if state.storage != HOST:
        offload(state)
        return "Memories now rest in the computer's memory instead of the device's."
    if state.features.limit:
        state.features.shrink(0)
        return "The image features of one frame only are kept now."
    at_once = min(objects, state.batch)
    if at_once > 1:
        state.batch = at_once // 2
        many = f"At most {state.batch} objects are tracked at once now."
        return many if state.batch > 1 else "Objects are tracked one at a time now."
    return None


def offload(state: VideoState) -> None:
    """Let all memories rest on the host from now on; results do anyway."""
    state.storage = HOST
    for track in state.objects.values():
        for outputs in (track.cond, track.fresh_cond, track.fresh_non_cond):
            for output in outputs.values():
                output.move(HOST)
        track.non_cond.move(HOST)
