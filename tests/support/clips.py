"""Small clips whose frames carry their own number, in the ways cameras and programs write them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import PictureType

BITS = 8
CELL = 16
WIDTH, HEIGHT = BITS * CELL, 64


def numbered(number: int) -> np.ndarray:
    """RGB (64, 128, 3): the number in white and black cells above, a moving square on a slope of grey below."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = np.linspace(40, 200, WIDTH).astype(np.uint8)[None, :, None]
    for bit in range(BITS):
        picture[:CELL, bit * CELL : (bit + 1) * CELL] = 230 if number >> bit & 1 else 20
    left = number * 7 % (WIDTH - 20)
    picture[34:54, left : left + 20] = (220, 60, 30)
    return picture


def number_of(picture: np.ndarray) -> int:
    """The number a decoded frame carries."""
    cells = picture[4 : CELL - 4, :WIDTH].reshape(CELL - 8, BITS, CELL, 3)[:, :, 4:-4].mean(axis=(0, 2, 3))
    return sum(1 << bit for bit, value in enumerate(cells) if value > 125)


def write(
    path: Path,
    *,
    codec: str = "libx264",
    frames: int = 60,
    options: dict[str, str] | None = None,
    times: Sequence[int] | None = None,
    muxer_options: dict[str, str] | None = None,
    pixel_format: str = "yuv420p",
) -> Path:
    """A clip of numbered frames at 30 per second, or shown at these `times` in milliseconds."""
    with av.open(str(path), "w", options=muxer_options or {}) as container:
        stream = container.add_stream(codec, rate=30, options=options or {})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixel_format
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="rgb24")
            frame.pict_type = PictureType.NONE
            if times is not None:
                frame.pts, frame.time_base = times[number], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def without_packets(source: Path, target: Path, dropped: Iterable[int]) -> Path:
    """The same packets in a new file, but for those in these places."""
    gone = set(dropped)
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = reading.streams.video[0]
        copy = writing.add_stream_from_template(stream)
        for place, packet in enumerate(reading.demux(stream)):
            if packet.size and place not in gone:
                packet.stream = copy
                writing.mux(packet)
    return target


def cut(source: Path, target: Path, *, packet: int) -> Path:
    """The file up to the middle of one of its packets."""
    with av.open(str(source)) as container:
        places = [(found.pos or 0, found.size) for found in container.demux(video=0) if found.size]
    position, size = places[packet]
    target.write_bytes(source.read_bytes()[: position + size // 2])
    return target


def with_hidden_frame(source: Path, target: Path, place: int) -> Path:
    """A VP8 clip with one packet sent twice, the first time as a frame that is decoded and not shown."""
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = reading.streams.video[0]
        copy = writing.add_stream_from_template(stream)
        for number, packet in enumerate(reading.demux(stream)):
            if not packet.size:
                continue
            if number == place:
                content = bytearray(packet)
                content[0] &= ~0x10
                hidden = av.Packet(bytes(content))
                hidden.pts = hidden.dts = (packet.pts or 0) - 5
                hidden.time_base, hidden.stream = packet.time_base, copy
                writing.mux(hidden)
            packet.stream = copy
            writing.mux(packet)
    return target


def repeated(source: Path, target: Path, times: int) -> Path:
    """A long clip: the packets of a short one again and again."""
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = reading.streams.video[0]
        packets = [packet for packet in reading.demux(stream) if packet.size]
        step = max(packet.pts or 0 for packet in packets) + (packets[0].duration or 1)
        copy = writing.add_stream_from_template(stream)
        for packet in packets * times:
            packet.stream = copy
            again = av.Packet(bytes(packet))
            again.pts, again.dts, again.duration = packet.pts, packet.dts, packet.duration
            again.time_base, again.stream, again.is_keyframe = packet.time_base, copy, packet.is_keyframe
            writing.mux(again)
            packet.pts, packet.dts = (packet.pts or 0) + step, (packet.dts or 0) + step
    return target
