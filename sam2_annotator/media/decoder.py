"""One video stream, decoded in display order from its start or from a key frame."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, count
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from sam2_annotator.errors import MediaError
from sam2_annotator.media.header import MAX_PIXELS

# Containers that hold their frames themselves: playlists, which name other files or addresses, are not read.
FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,gif,yuv4mpegpipe,mxf,nut,ivf"
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS}


def open_video(path: Path) -> tuple[InputContainer, VideoStream]:
    """The container and its main video stream, nothing decoded yet. Raises MediaError."""
    try:
        container = av.open(f"file:{path.absolute()}", options=OPTIONS)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    streams = [stream for stream in container.streams.video if "attached_pic" not in str(stream.disposition)]
    if not streams:
        container.close()
        raise MediaError(f"{path.name} holds no video.", hint="Open a file with moving pictures.")
    stream = streams[0]
    if stream.codec_context is None:
        container.close()
        raise MediaError(f"{path.name} is of a kind that cannot be decoded.", hint="Convert it to MP4 (H.264).")
    if stream.width * stream.height > MAX_PIXELS:
        container.close()
        raise MediaError(
            f"{path.name} has frames of {stream.width} x {stream.height} pixels.", hint="Scale it down first."
        )
    return container, stream


def _cannot_open(path: Path, error: Exception) -> MediaError:
    if isinstance(error, FileNotFoundError):
        return MediaError(f"{path.name} is not there.", hint="Was it moved or renamed? Open it again.")
    if isinstance(error, PermissionError):
        return MediaError(f"{path.name} may not be read.", hint="Change the file's permissions.")
    return MediaError(
        f"{path.name} is damaged or not a video.",
        hint="If it plays elsewhere, convert it to MP4 (H.264) and open that.",
        details=f"{type(error).__name__}: {error}",
    )


class Decoder:
    """Frames of a video file, one after the other. Packets that are cut off or cannot be decoded are passed over.

    With `counted`, a frame's time is its number from the start of the file, whatever the file says, and `seek` is out.
    """

    def __init__(self, path: Path, *, counted: bool = False) -> None:
        self._path = path
        self._is_counted = counted
        self._open()

    def _open(self) -> None:
        self._container, self.stream = open_video(self._path)
        self.stream.thread_type = "AUTO"
        rate = self.stream.average_rate
        self.time_base = (1 / rate if self._is_counted and rate else self.stream.time_base) or Fraction(1)
        self._counter = count()
        self._begin(self._container.demux(self.stream))

    def _begin(self, packets: Iterator[Packet[VideoStream]]) -> None:
        self._packets = packets
        self._ready: deque[VideoFrame] = deque()

    def rewind(self) -> None:
        """Start again with the first frame of the file."""
        self.close()
        self._open()

    def seek(self, time: int) -> int | None:
        """Go on at the key frame the container finds for `time` and return that key frame's time; None: there is none.

        It may well lie after `time`: containers search by decoding time, or by bytes.
        """
        try:
            self._container.seek(time, stream=self.stream)
            packets = self._container.demux(self.stream)
            key = next((packet for packet in packets if packet.is_keyframe and packet.pts is not None), None)
        except av.FFmpegError:
            return None
        if key is None or key.pts is None:
            return None
        self._begin(chain([key], packets))
        return key.pts

    def next(self) -> VideoFrame | None:
        """The next frame that has a time; None after the last one."""
        while not self._ready:
            try:
                packet = next((packet for packet in self._packets if not packet.is_corrupt), None)
            except (av.InvalidDataError, av.EOFError):
                packet = None
            except av.FFmpegError as error:
                raise MediaError(f"{self._path.name} cannot be read any more.", details=str(error)) from error
            for frame in self._decode(packet):
                if self._is_counted:
                    frame.pts = next(self._counter)
                if frame.pts is not None:
                    self._ready.append(frame)
            if packet is None and not self._ready:
                return None
        return self._ready.popleft()

    def put_back(self, frame: VideoFrame) -> None:
        """Make `frame` the next one again."""
        self._ready.appendleft(frame)

    def close(self) -> None:
        """Let go of the file."""
        self._ready.clear()
        self._container.close()

    def _decode(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        try:
            return self.stream.decode(packet)
        except av.FFmpegError:  # a damaged packet, or the decoder was drained before
            return []
