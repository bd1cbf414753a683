"""Which times the frames of a video are shown at: frame number <-> time, exact for variable rates too.

A frame is known by its presentation time, in ticks of the stream's time base. The times come from the packets' headers,
which takes no decoding; `media.video` compares them with decoded frames and builds the index by decoding where a
container does not tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from sam2_annotator.media.decoder import Decoder, open_video

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """`times` of all frames and `keys`, those of the key frames among them: int64, ascending, each once.

    `is_whole` is False when the file breaks off before its end.
    """

    times: Times
    keys: Times
    time_base: Fraction
    is_whole: bool = True

    def __len__(self) -> int:
        return len(self.times)

    def number(self, time: int) -> int | None:
        """The frame shown at exactly this time, None when there is none."""
        place = int(np.searchsorted(self.times, time))
        return place if place < len(self.times) and self.times[place] == time else None

    def keys_before(self, number: int) -> Times:
        """Times of the key frames at or before frame `number`."""
        return self.keys[: np.searchsorted(self.keys, self.times[number], side="right")]

    def seconds(self, number: int) -> float:
        """Time of frame `number` after the first frame."""
        return float(int(self.times[number] - self.times[0]) * self.time_base)

    def starting_at(self, time: int) -> FrameIndex:
        """Without the frames before `time`, which no decoder gives."""
        return replace(self, times=self.times[self.times >= time], keys=self.keys[self.keys >= time])


def by_demuxing(path: Path) -> FrameIndex | None:
    """The index a file's packets tell; None when some packets carry no time. Raises MediaError."""
    times: list[int] = []
    keys: list[int] = []
    is_whole = True
    container, stream = open_video(path)
    with container:
        time_base = stream.time_base or Fraction(1)
        try:
            for packet in container.demux(stream):
                if packet.size == 0 or packet.is_discard or _is_hidden(packet):
                    continue
                if packet.is_corrupt:
                    is_whole = False
                    continue
                if packet.pts is None:
                    return None
                times.append(packet.pts)
                if packet.is_keyframe:
                    keys.append(packet.pts)
        except (av.InvalidDataError, av.EOFError):
            is_whole = False
        index = FrameIndex(_ascending(times), _ascending(keys), time_base)
        is_whole = is_whole and len(times) >= stream.frames and not _misses_its_end(container, stream, index)
    return replace(index, is_whole=is_whole)


def by_decoding(decoder: Decoder) -> FrameIndex | None:
    """The index that all frames from here on tell when decoded; None when their times go back and forth."""
    times: list[int] = []
    keys: list[int] = []
    while (frame := decoder.next()) is not None:
        if frame.pts is not None:
            times.append(frame.pts)
            if frame.key_frame:
                keys.append(frame.pts)
    is_ordered = all(earlier < later for earlier, later in pairwise(times))
    return FrameIndex(_ascending(times), _ascending(keys), decoder.time_base) if is_ordered else None


def by_counting(decoder: Decoder) -> FrameIndex:
    """The index of a file whose times are not to be trusted, from a counting `decoder`: no key frames to jump to."""
    index = by_decoding(decoder)
    assert index is not None, "counted frames are in order"
    return replace(index, keys=_ascending([]))


def _is_hidden(packet: Packet[VideoStream]) -> bool:
    """True for VP8 frames that are decoded but never shown (RFC 6386, section 9.1: show_frame)."""
    return packet.stream.codec_context.name == "vp8" and not memoryview(packet)[0] & 0x10


def _misses_its_end(container: InputContainer, stream: VideoStream, index: FrameIndex) -> bool:
    """True when a Matroska file says it goes on much longer than its frames do; others count their frames."""
    if "matroska" not in container.format.name or len(index) < 2:
        return False
    told = _seconds(stream.metadata.get("DURATION", ""))
    if told is None and len(container.streams) == 1 and container.duration:
        told = container.duration / av.time_base
    length = index.seconds(len(index) - 1)
    return told is not None and told - length > 4 * length / (len(index) - 1)


def _seconds(text: str) -> float | None:
    """Seconds of "hours:minutes:seconds"."""
    match = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", text.strip("\0 "))
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None


def _ascending(times: list[int]) -> Times:
    return np.unique(np.array(times, dtype=np.int64))
