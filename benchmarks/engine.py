"""Latency of the engine as the application drives it: first click, next click, and milliseconds per tracked frame."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import torch
from machine import facts, media_folder, write_csv

from sam2_annotator import media
from sam2_annotator.engine.messages import (
    FrameMasks,
    KeyFrame,
    LoadModel,
    ModelReady,
    ObjectKeys,
    PredictMask,
    Propagate,
    Request,
    Response,
)
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import TicketBook
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import Direction

FIRST = FrameIndex(0)
BOOK = TicketBook()


def timed(service: EngineService, request: Request) -> tuple[float, list[Response]]:
    """Seconds until the last answer, and the answers."""
    began = time.perf_counter()
    answers = list(service.handle(request))
    return time.perf_counter() - began, answers


def size_of(ref: MediaRef) -> MediaFacts:
    """Size and length of an item."""
    source = media.open_source(ref)
    source.close()
    return source.facts


def clicks(service: EngineService, ref: MediaRef, count: int) -> tuple[float, float]:
    """Milliseconds of the first click on an item, and the median of `count` further ones elsewhere on it."""
    size = size_of(ref)
    seconds = []
    for number in range(count + 1):
        place = Point(size.width * (0.3 + 0.4 * number / count), size.height / 2)
        request = PredictMask(BOOK.issue("click"), ref, FIRST, ObjectId(1 + number), PromptSet((place,)))
        seconds.append(timed(service, request)[0])
    return 1000 * seconds[0], 1000 * statistics.median(seconds[1:])


def tracking(service: EngineService, ref: MediaRef, frames: int) -> float:
    """Milliseconds per frame of one object through the first frames of a clip, decoding included."""
    size = size_of(ref)
    last = FrameIndex(min(frames, size.frames) - 1)
    key = KeyFrame(FIRST, PromptSet((Point(size.width / 2, size.height / 2),)))
    objects = (ObjectKeys(ObjectId(1), (key,)),)
    request = Propagate(BOOK.issue("run"), ref, FIRST, FIRST, last, Direction.FORWARD, objects)
    seconds, answers = timed(service, request)
    return 1000 * seconds / sum(isinstance(answer, FrameMasks) for answer in answers)


def main() -> int:
    """Measure and print; 2 when there is nothing to measure on."""
    folder = media_folder()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, default=None if folder is None else folder / "images" / "truck.jpg")
    parser.add_argument("--clip", type=Path, default=None if folder is None else folder / "videos" / "bedroom.mp4")
    parser.add_argument("--model", default="sam2-nano")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--clicks", type=int, default=9)
    parser.add_argument("--csv", type=Path, default=Path("build/engine.csv"))
    options = parser.parse_args()
    if options.picture is None or options.clip is None:
        sys.stderr.write("Nothing to measure on: give --picture and --clip, or test media with SAM2_MEDIA.\n")
        return 2
    service = EngineService()
    load, answers = timed(service, LoadModel(BOOK.issue("model"), options.model, options.device))
    device = next(answer.device for answer in answers if isinstance(answer, ModelReady))
    first, following = clicks(service, MediaRef(ItemId(1), MediaKind.IMAGE, options.picture), options.clicks)
    per_frame = tracking(service, MediaRef(ItemId(2), MediaKind.VIDEO, options.clip), options.frames)
    figures = {"load": 1000 * load, "first click": first, "next click": following, "tracked frame": per_frame}
    for name, milliseconds in figures.items():
        print(f"{name:14} {milliseconds:8.1f} ms")
    common = {"model": options.model, **facts(torch.device(device))}
    write_csv(options.csv, [{"what": name, "ms": f"{value:.2f}", **common} for name, value in figures.items()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
