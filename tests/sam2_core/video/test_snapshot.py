"""Snapshots: a session goes on where another one was, and a bad file changes nothing."""

import io
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sam2_core.errors import EngineError
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import CacheLimits, VideoSession
from support.discs import iou
from support.sessions import MASKS, SIZE, clicked, logits, session_of
from support.tiny_model import tiny_video_predictor

START = len(b"SAM2 clip, format 1\n")


@pytest.fixture(scope="module")
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def written(session: VideoSession) -> bytes:
    file = io.BytesIO()
    session.snapshot(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def kept(model: SAM2VideoPredictor) -> bytes:
    """A click and a mask, tracked, then a correction that is not tracked yet."""
    session = clicked(model, 30, cache=CacheLimits(window=4))
    session.add_mask(0, 7, MASKS[3])
    list(session.propagate("forward", 0, 20))
    session.add_points(18, "disc", [[140, 120], [10, 10]], [1, 0])
    return written(session)


def test_everything_is_there_again(model: SAM2VideoPredictor, kept: bytes) -> None:
    session = clicked(model, 30, cache=CacheLimits(window=4))
    session.add_mask(0, 7, MASKS[3])
    list(session.propagate("forward", 0, 20))
    session.add_points(18, "disc", [[140, 120], [10, 10]], [1, 0])
    other = session_of(model, 30)
    other.add_points(5, "to be forgotten", [[1, 1]], [1])
    other.restore(io.BytesIO(kept))
    assert other.objects == session.objects == ("disc", 7)
    for obj in session.objects:
        for frame in range(30):
            a, b = session.result(frame, obj), other.result(frame, obj)
            assert (a is None) == (b is None), frame
            if a is not None and b is not None:
                assert np.array_equal(a.logits_low_res, b.logits_low_res)
                assert (a.record, a.revision, a.stale, a.prompted) == (b.record, b.revision, b.stale, b.prompted)
    mask = other.result(0, 7)
    assert mask is not None
    assert np.array_equal(mask.mask(*SIZE), MASKS[3])
    assert written(other) == kept


def test_a_run_goes_on(model: SAM2VideoPredictor) -> None:
    wanted = logits(clicked(model, 30).propagate())
    session = clicked(model, 30)
    list(session.propagate("forward", 0, 20))
    other = session_of(model, 30)
    other.restore(io.BytesIO(written(session)))
    rest = logits(other.propagate(resume=True))
    assert list(rest) == list(range(21, 30))
    for frame, plane in rest.items():  # memories were made again from half-precision logits
        assert iou(plane > 0, wanted[frame] > 0) > 0.99
    again = other.add_points(0, "disc", [[70, 90], [10, 10]], [1, 0])
    same = session.add_points(0, "disc", [[70, 90], [10, 10]], [1, 0])
    assert np.array_equal(again.logits_low_res, same.logits_low_res)


def changed(kept: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The snapshot with another header."""
    (length,) = struct.unpack_from("<Q", kept, START)
    header = json.loads(kept[START + 8 : START + 8 + length])
    change(header)
    content = json.dumps(header).encode()
    return kept[:START] + struct.pack("<Q", len(content)) + content + kept[START + 8 + length :]


def outputs(header: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = header["objects"][0]["outputs"]
    return found


BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda kept: b"",
    "other": lambda kept: b"%PDF-1.7" + kept,
    "cut in the header": lambda kept: kept[:200],
    "cut": lambda kept: kept[:-1],
    "huge header": lambda kept: kept[:START] + b"\xff" * 8 + kept[START + 8 :],
    "no header": lambda kept: kept[: START + 8] + b"x" + kept[START + 9 :],
    "flipped": lambda kept: kept[:-40] + bytes(b ^ 0xFF for b in kept[-40:]),
    "frame": lambda kept: changed(kept, lambda h: outputs(h)[0].update(frame=99)),
    "length": lambda kept: changed(kept, lambda h: outputs(h)[0].update(length=-1)),
    "longer": lambda kept: changed(kept, lambda h: outputs(h)[0].update(length=1 << 60)),
    "kind": lambda kept: changed(kept, lambda h: outputs(h)[0].update(kind="revision")),
    "keep": lambda kept: changed(kept, lambda h: outputs(h)[0].update(keep="for ever")),
    "infinite": lambda kept: changed(kept, lambda h: outputs(h)[0].update(score=float("inf"))),
    "record": lambda kept: changed(kept, lambda h: outputs(h)[0].update(record=[1, 2])),
    "points": lambda kept: changed(kept, lambda h: h["objects"][0].update(points=[[0, [[1, 2]], [1, 1]]])),
    "mask": lambda kept: changed(kept, lambda h: h["objects"][1]["masks"][0].__setitem__(1, 1 << 20)),
    "id": lambda kept: changed(kept, lambda h: h["objects"][0].update(id=[1])),
    "list": lambda kept: changed(kept, lambda h: h.update(objects=3)),
    "model": lambda kept: changed(kept, lambda h: h.update(model=["other", 128, 32])),
    "clip": lambda kept: changed(kept, lambda h: h.update(clip=[29, *SIZE])),
    "mode": lambda kept: changed(kept, lambda h: h.update(mode=["published", "published"])),
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_what_is_damaged_or_does_not_fit_changes_nothing(
    model: SAM2VideoPredictor, kept: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    session = session_of(model, 30)
    session.add_mask(5, "mine", MASKS[5])
    with pytest.raises(EngineError, match="track the clip again"):
        session.restore(io.BytesIO(spoil(kept)))
    assert session.objects == ("mine",)
    assert session.result(5, "mine") is not None


def test_ids_that_cannot_be_written(model: SAM2VideoPredictor) -> None:
    session = session_of(model)
    session.add_mask(0, (1, 2), MASKS[0])
    with pytest.raises(ValueError, match=r"not by \(1, 2\)"):
        session.snapshot(io.BytesIO())
