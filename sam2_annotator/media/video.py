"""A video file as frames by number: exact whether reached by reading on, by a jump or backwards."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from sam2_annotator.errors import MediaError
from sam2_annotator.media import frame_index
from sam2_annotator.media.cache import FrameCache
from sam2_annotator.media.decoder import Decoder
from sam2_annotator.media.frame_index import FrameIndex
from sam2_annotator.media.source import Pixels, check_number
from sam2_annotator.values.frame import MediaFacts

CHECKED_FRAMES = 12  # decoded on opening and compared with the index; they are the first ones to be shown anyway
NEAR_FRAMES = 8  # reading on over so many frames is cheaper than a jump
BACKWARD_FRAMES = 16  # kept on the way to a frame when going backwards


class VideoSource:
    """Frames of a video file. A frame that cannot be decoded shows the last one before it that can."""

    def __init__(self, path: Path, *, cache_bytes: int) -> None:
        self._path = path
        self._cache = FrameCache(cache_bytes)
        self._decoder = Decoder(path)
        try:
            self._index = self._build_index()
            first = self._first_frame()
        except BaseException:
            self._decoder.close()
            raise
        self._stored_size = (first.width, first.height)
        self._quarter_turns = round(first.rotation / 90) % 4  # anticlockwise
        pixels = self._convert(first)
        self._cache.put(0, pixels)
        self._passed = (0, first)  # the decoded frame before the decoder's next one, with its number
        self._asked = 0
        rate = self._decoder.stream.average_rate
        self.facts = MediaFacts(
            width=pixels.shape[1], height=pixels.shape[0], frames=len(self._index), fps=float(rate) if rate else None
        )
        self.warning = self._warning()

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every frame, upright."""
        return self.facts.height, self.facts.width

    def __len__(self) -> int:
        return len(self._index)

    def frame(self, number: int) -> Pixels:
        """Frame `number` in display order, uint8 RGB (H, W, 3), read-only."""
        check_number(number, len(self))
        pixels = self._cache.get(number)
        if pixels is None:
            pixels = self._read(number)
        self._asked = number
        return pixels

    def time(self, number: int) -> float:
        """Seconds from the first frame to frame `number`."""
        check_number(number, len(self))
        return self._index.seconds(number)

    def close(self) -> None:
        """Let go of the file and of the decoded frames."""
        self._decoder.close()
        self._cache.clear()

    # ------------------------------------------------------------------------------------------- opening

    def _build_index(self) -> FrameIndex:
        """The index the packets tell, where the frames decoded first agree with it; else that of all decoded frames."""
        index = frame_index.by_demuxing(self._path)
        head: list[VideoFrame] = []
        while len(head) < CHECKED_FRAMES and (frame := self._decoder.next()) is not None:
            head.append(frame)
        times = [frame.pts for frame in head if frame.pts is not None]
        if index is not None and times:
            index = index.starting_at(times[0])
            if index.times[: len(times)].tolist() == times:
                for frame in reversed(head):
                    self._decoder.put_back(frame)
                return index
        self._decoder.rewind()
        index = frame_index.by_decoding(self._decoder)
        if not index:
            self._decoder.close()
            self._decoder = Decoder(self._path, counted=True)
            index = frame_index.by_counting(self._decoder)
        if not index:
            raise MediaError(
                f"{self._path.name} holds no frames that can be decoded.",
                hint="Convert it to MP4 (H.264) and open that.",
            )
        self._decoder.rewind()
        return index

    def _warning(self) -> str:
        if not self._index.is_whole:
            return f"{self._path.name} ends early; {len(self._index)} frames can be read."
        if not len(self._index.keys):
            return f"{self._path.name} does not tell where its frames are, so going back is slow; MP4 files do."
        return ""

    def _first_frame(self) -> VideoFrame:
        while (frame := self._decoder.next()) is not None:
            if frame.pts is not None and self._index.number(frame.pts) == 0:
                return frame
        raise MediaError(f"{self._path.name} gives different frames each time it is read.", hint="Convert it to MP4.")

    # ------------------------------------------------------------------------------------------- reading

    def _read(self, number: int) -> Pixels:
        is_backwards = number < self._asked
        kept = min(BACKWARD_FRAMES, self._cache.limit // (6 * self._stored_size[0] * self._stored_size[1]))
        if not self._is_ahead(number):
            self._jump_before(number)
        return self._read_on(number, keep_from=number - kept if is_backwards else number)

    def _is_ahead(self, number: int) -> bool:
        """True when reading on from here is the way to frame `number`."""
        passed = self._passed[0]
        if number <= passed:
            return False
        if number - passed <= NEAR_FRAMES:
            return True
        keys = self._index.keys_before(number)
        return len(keys) == 0 or bool(keys[-1] <= self._index.times[passed])

    def _jump_before(self, number: int) -> None:
        """Bring the decoder to a frame at or before `number`: its key frame, an earlier one, or the start."""
        time = int(self._index.times[number])
        keys = self._index.keys_before(number)
        back = 1
        while back <= len(keys):
            found = self._decoder.seek(int(keys[-back]))
            if found is not None and found <= time and self._stands_before(time):
                return
            back *= 2
        self._decoder.rewind()
        self._stands_before(time)

    def _stands_before(self, time: int) -> bool:
        """True when the decoder's next frame is one of ours, not after `time`; it counts as passed until then."""
        while (frame := self._decoder.next()) is not None:
            number = None if frame.pts is None else self._index.number(frame.pts)
            if number is None or frame.pts is None:
                continue
            self._decoder.put_back(frame)
            self._passed = (number - 1, frame)
            return frame.pts <= time
        return False

    def _read_on(self, number: int, *, keep_from: int) -> Pixels:
        """Decode up to frame `number`; frames from `keep_from` on go to the cache."""
        while (frame := self._decoder.next()) is not None:
            found = None if frame.pts is None else self._index.number(frame.pts)
            if found is None:
                continue
            if found > number:
                self._decoder.put_back(frame)
                break
            self._passed = (found, frame)
            if found == number:
                break
            if found >= keep_from:
                self._cache.put(found, self._convert(frame))
        pixels = self._convert(self._passed[1])
        self._cache.put(number, pixels)
        return pixels

    def _convert(self, frame: VideoFrame) -> Pixels:
        """Upright RGB of the clip's size."""
        width, height = self._stored_size
        try:
            pixels = frame.to_ndarray(format="rgb24", width=width, height=height).astype(np.uint8, copy=False)
        except (av.FFmpegError, ValueError, MemoryError) as error:
            raise MediaError(f"A frame of {self._path.name} cannot be shown.", details=str(error)) from error
        if self._quarter_turns:
            pixels = np.ascontiguousarray(np.rot90(pixels, self._quarter_turns))
        pixels.setflags(write=False)
        return pixels
