from pathlib import Path

import numpy as np

from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.ui.threads.decoder_worker import FrameFailed, FrameReady, FrameRequest
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId

CLIP = MediaRef(ItemId(1), MediaKind.VIDEO, Path("clip.mp4"))
OTHER = MediaRef(ItemId(2), MediaKind.VIDEO, Path("other.mp4"))
FRAME_BYTES = 10 * 10 * 3


class Recorded:
    """A client whose requests and shown frames are kept; `answer` plays the decoder."""

    def __init__(self, frames_kept: int = 100, ahead: int = 4) -> None:
        self.client = FrameClient(cache_bytes=frames_kept * FRAME_BYTES, ahead=ahead)
        self.requests: list[FrameRequest] = []
        self.shown: list[int] = []
        self.client.requested.connect(self.requests.append)
        self.client.shown.connect(lambda answer: self.shown.append(answer.frame))

    def show(self, frame: int, media: MediaRef = CLIP) -> None:
        self.client.show(media, FrameIndex(frame), frames=50)

    def answer(self) -> None:
        request = self.requests[-1]
        self.client.deliver(FrameReady(request.media, request.frame, np.zeros((10, 10, 3), np.uint8), None))

    @property
    def asked(self) -> list[int]:
        return [request.frame for request in self.requests]


def test_only_one_request_is_out_and_the_newest_wish_wins() -> None:
    recorded = Recorded(ahead=0)
    for frame in (3, 4, 5, 6):
        recorded.show(frame)
    assert recorded.asked == [3]
    recorded.answer()
    assert recorded.asked == [3, 6]
    recorded.answer()
    assert recorded.shown[-1] == 6


def test_neighbours_follow_in_the_direction_of_travel() -> None:
    recorded = Recorded(ahead=2)
    recorded.show(10)
    for _ in range(3):
        recorded.answer()
    assert recorded.asked == [10, 11, 12]
    recorded.show(9)
    for _ in range(3):
        recorded.answer()
    assert recorded.asked[3:] == [9, 8, 7]


def test_a_frame_at_hand_is_shown_at_once() -> None:
    recorded = Recorded(ahead=1)
    recorded.show(10)
    recorded.answer()
    recorded.answer()
    recorded.show(11)
    assert recorded.shown == [10, 11]
    assert 11 not in recorded.asked[2:]


def test_the_cache_stays_within_its_bytes() -> None:
    recorded = Recorded(frames_kept=3, ahead=4)
    for frame in range(20):
        recorded.show(frame)
        recorded.answer()
    assert recorded.client.cached_bytes <= 3 * FRAME_BYTES


def test_a_frame_of_another_item_is_not_shown() -> None:
    recorded = Recorded(ahead=0)
    recorded.show(3)
    recorded.show(0, OTHER)
    recorded.answer()
    assert recorded.shown == []
    recorded.answer()
    assert recorded.shown == [0]


def test_an_unreadable_frame_is_told_and_asked_once() -> None:
    recorded = Recorded()
    recorded.show(3)
    recorded.client.deliver(FrameFailed(CLIP, FrameIndex(3), ErrorReport("clip.mp4 cannot be read.")))
    assert recorded.shown == [3]
    assert recorded.asked == [3]
