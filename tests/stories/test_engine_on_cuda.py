"""The engine worker's life on a CUDA device: start, answers, cancel, shut-down."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch

from sam2_annotator.engine.messages import (
    Ended,
    EndReason,
    FrameMasks,
    KeyFrame,
    LoadModel,
    ModelReady,
    ObjectKeys,
    Propagate,
    Response,
)
from sam2_annotator.engine.scheduler import Scheduler
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import TicketBook
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import Box, PromptSet
from sam2_annotator.values.states import Direction
from support.drawn import frames_folder

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; this machine has none"),
]
FRAMES = 10


def test_worker_starts_cancels_and_ends_on_cuda(tmp_path: Path) -> None:
    """All of it on one thread beside the main one, as the window does it."""
    told: list[Response] = []
    before = torch.cuda.memory_allocated()

    def work() -> None:
        service = EngineService()
        scheduler = Scheduler(service)
        book = TicketBook()
        scheduler.push(LoadModel(book.issue("model"), "sam2-nano", "cuda"))
        ref = MediaRef(ItemId(1), MediaKind.FRAMES, frames_folder(tmp_path / "clip", FRAMES))
        keys = ObjectKeys(ObjectId(1), (KeyFrame(FrameIndex(0), PromptSet(box=Box(16, 18, 45, 47))),))
        last = FrameIndex(FRAMES - 1)
        run = Propagate(book.issue("run"), ref, FrameIndex(0), FrameIndex(0), last, Direction.FORWARD, (keys,))
        scheduler.push(run)
        while scheduler.busy:
            for answer in scheduler.step():
                told.append(answer)
                if isinstance(answer, FrameMasks):
                    scheduler.ack(answer.ticket)
                    if answer.frame == 3:
                        run.ticket.token.set()
        service.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(120)
    assert not worker.is_alive()
    (ready,) = (answer for answer in told if isinstance(answer, ModelReady))
    assert ready.device.startswith("cuda")
    assert ready.precision in ("bfloat16", "float16")
    assert [answer.frame for answer in told if isinstance(answer, FrameMasks)] == [0, 1, 2, 3]
    assert [answer.reason for answer in told if isinstance(answer, Ended)] == [EndReason.DONE, EndReason.CANCELLED]
    assert torch.cuda.memory_allocated() <= before + (1 << 20)
