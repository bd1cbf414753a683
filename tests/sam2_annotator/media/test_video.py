"""Videos: the same number always gives the same pixels, however a file was written and however it is reached."""

import os
import random
import time
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from sam2_annotator.errors import MediaError
from sam2_annotator.media import frame_index
from sam2_annotator.media.decoder import Decoder
from sam2_annotator.media.video import VideoSource
from support import clips

TWO_FRAMES = 2 * clips.WIDTH * clips.HEIGHT * 3  # too little to answer from memory

WHOLE = {
    "h264 mp4, B-frames": ("a.mp4", {"options": {"g": "20", "bf": "3", "x264-params": "b-pyramid=strict:scenecut=0"}}),
    "h264 mkv, open groups": ("a.mkv", {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}}),
    "h264 mp4, open groups": ("a.mp4", {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}}),
    "h264 ts": ("a.ts", {"options": {"g": "15", "bf": "2"}}),
    "h264 ts, open groups": ("a.ts", {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}}),
    "h264 mkv, intra refresh": ("a.mkv", {"options": {"g": "20", "bf": "0", "x264-params": "intra-refresh=1"}}),
    "h264 mp4, one key frame": ("a.mp4", {"options": {"g": "250", "bf": "2"}}),
    "h264 mov, key frames alone": ("a.mov", {"options": {"g": "1"}}),
    "h264 mp4, fragments": (
        "a.mp4",
        {"options": {"g": "20", "bf": "2"}, "muxer_options": {"movflags": "frag_keyframe"}},
    ),
    "mpeg4 avi, B-frames": ("a.avi", {"codec": "mpeg4", "options": {"g": "20", "bf": "2"}}),
    "mpeg4 mp4": ("a.mp4", {"codec": "mpeg4", "options": {"g": "20"}}),
    "mpeg2 mpg": ("a.mpg", {"codec": "mpeg2video", "options": {"g": "12", "bf": "2"}}),
    "vp8 webm": (
        "a.webm",
        {"codec": "libvpx", "options": {"g": "20", "auto-alt-ref": "1", "lag-in-frames": "16", "b": "300k"}},
    ),
    "vp9 webm": ("a.webm", {"codec": "libvpx-vp9", "options": {"g": "20", "cpu-used": "8", "b": "300k"}}),
    "motion jpeg avi": ("a.avi", {"codec": "mjpeg", "pixel_format": "yuvj420p"}),
}


def every_way(path):
    """Frames read one after the other, by jumps and backwards; asserts that they agree and returns the first."""
    with closing(VideoSource(path, cache_bytes=TWO_FRAMES)) as source:
        forward = [source.frame(number) for number in range(len(source))]
        numbers = list(range(len(source)))
        random.Random(1).shuffle(numbers)
        for number in [*numbers, *reversed(range(len(source)))]:
            assert np.array_equal(source.frame(number), forward[number]), number
    with closing(VideoSource(path, cache_bytes=64 * TWO_FRAMES)) as source:
        for number in reversed(range(len(forward))):
            assert np.array_equal(source.frame(number), forward[number]), number
    return forward


def decoded(path):
    """What decoding from start to end gives."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize(("name", "arguments"), WHOLE.values(), ids=WHOLE)
def test_every_frame_by_its_number(tmp_path, name, arguments):
    path = clips.write(tmp_path / name, **arguments)
    frames = every_way(path)
    assert [clips.number_of(frame) for frame in frames] == list(range(60))
    assert np.array_equal(frames, decoded(path))


def test_frames_that_are_never_shown_do_not_count(tmp_path):
    plain = clips.write(tmp_path / "plain.webm", codec="libvpx", options={"g": "20", "b": "300k"})
    path = clips.with_hidden_frame(plain, tmp_path / "hidden.webm", 33)
    frames = every_way(path)
    assert len(frames) == 60
    assert np.array_equal(frames, decoded(path))


def test_an_index_that_the_first_frames_contradict_is_made_by_decoding(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_index, "_is_hidden", lambda packet: False)
    plain = clips.write(tmp_path / "plain.webm", codec="libvpx", options={"g": "20", "b": "300k"})
    path = clips.with_hidden_frame(plain, tmp_path / "hidden.webm", 5)
    frames = every_way(path)
    assert len(frames) == 60
    assert np.array_equal(frames, decoded(path))


def test_a_container_without_times_is_indexed_by_decoding(tmp_path, monkeypatch):
    path = clips.write(tmp_path / "a.mp4", options={"g": "20", "bf": "2"})
    monkeypatch.setattr(frame_index, "by_demuxing", lambda path: None)
    assert [clips.number_of(frame) for frame in every_way(path)] == list(range(60))


def test_times_that_go_back_and_forth_are_not_trusted(tmp_path):
    path = clips.write(tmp_path / "a.avi", options={"g": "20", "bf": "3"})  # AVI has no place for H.264's order
    frames = every_way(path)
    assert [clips.number_of(frame) for frame in frames] == list(range(60))
    with closing(VideoSource(path, cache_bytes=1)) as source:
        assert "going back is slow" in source.warning
        assert source.time(30) == pytest.approx(1)


def test_going_backwards_decodes_in_stretches(tmp_path, monkeypatch):
    path = clips.write(tmp_path / "a.mp4", options={"g": "250"})
    seeks = []
    plain_seek = Decoder.seek
    monkeypatch.setattr(Decoder, "seek", lambda self, time: seeks.append(time) or plain_seek(self, time))
    with closing(VideoSource(path, cache_bytes=64 * TWO_FRAMES)) as source:
        source.frame(50)
        for number in range(49, 18, -1):
            source.frame(number)
    assert len(seeks) == 2


def test_reading_on_never_seeks(tmp_path, monkeypatch):
    path = clips.write(tmp_path / "a.mp4", options={"g": "5"})
    monkeypatch.delattr(Decoder, "seek")
    monkeypatch.delattr(Decoder, "rewind")
    with closing(VideoSource(path, cache_bytes=TWO_FRAMES)) as source:
        assert [clips.number_of(source.frame(number)) for number in range(0, 60, 3)] == list(range(0, 60, 3))


def test_gif(tmp_path):
    path = clips.write(tmp_path / "a.gif", codec="gif", pixel_format="rgb8", frames=12)
    assert [clips.number_of(frame) for frame in every_way(path)] == list(range(12))


def test_facts_and_read_only_frames(tmp_path):
    with closing(VideoSource(clips.write(tmp_path / "ÄÖ 視頻.mp4"), cache_bytes=1)) as source:
        assert (source.facts.width, source.facts.height, source.facts.frames) == (clips.WIDTH, clips.HEIGHT, 60)
        assert source.facts.fps == pytest.approx(30)
        assert source.size == source.frame(3).shape[:2]
        assert source.warning == ""
        assert source.time(30) == pytest.approx(1.0)
        assert source.frame(7).dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            source.frame(7)[0, 0, 0] = 1
        for number in (-1, 60):
            with pytest.raises(IndexError, match="frames go from 0 to 59"):
                source.frame(number)


def test_variable_rate(tmp_path):
    times = np.cumsum(np.random.default_rng(3).integers(5, 400, 60)).tolist()
    path = clips.write(tmp_path / "a.mp4", times=times, options={"g": "17", "bf": "3"})
    assert [clips.number_of(frame) for frame in every_way(path)] == list(range(60))
    with closing(VideoSource(path, cache_bytes=1)) as source:
        assert [source.time(number) for number in range(60)] == pytest.approx([(t - times[0]) / 1000 for t in times])


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".mp4"])
def test_a_file_whose_first_frames_lean_on_what_is_not_there(tmp_path, suffix, monkeypatch):
    whole = clips.write(tmp_path / "whole.mkv", options={"g": "20", "bf": "2", "x264-params": "scenecut=0"})
    path = clips.without_packets(whole, tmp_path / f"cut{suffix}", range(7))
    monkeypatch.delattr(frame_index, "by_decoding")  # the packets must be enough
    frames = every_way(path)
    assert np.array_equal(frames, decoded(path))
    numbers = [clips.number_of(frame) for frame in frames]
    assert numbers[numbers.index(20) :] == list(range(20, 60))


def test_a_gap_in_the_middle_shows_the_frame_before(tmp_path):
    whole = clips.write(tmp_path / "whole.mkv", options={"g": "20", "bf": "0", "x264-params": "scenecut=0"})
    content = bytearray(whole.read_bytes())
    with av.open(str(whole)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    position, size = places[20]
    content[position + 8 : position + size] = bytes(size - 8)
    path = tmp_path / "hole.mkv"
    path.write_bytes(content)
    assert len(every_way(path)) == 60


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_of_the_camera_is_applied(tmp_path, degrees):
    """The track header's matrix says how far a player turns the picture clockwise."""
    path = clips.write(tmp_path / "a.mp4", frames=3)
    content = bytearray(path.read_bytes())
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = content.index(b"tkhd") + 4 + 40
    for place, value in zip((0, 4, 12, 16), (cos, sin, -sin, cos), strict=True):
        content[matrix + place : matrix + place + 4] = (value << 16).to_bytes(4, "big", signed=True)
    turned = tmp_path / "turned.mp4"
    turned.write_bytes(content)
    expected = [np.rot90(frame, -degrees // 90) for frame in every_way(path)]
    frames = every_way(turned)
    assert np.array_equal(frames, expected)
    with closing(VideoSource(turned, cache_bytes=1)) as source:
        assert source.size == expected[0].shape[:2]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi"])
@pytest.mark.parametrize("packet", [22, 41, 57])
def test_a_truncated_video_gives_its_whole_frames(tmp_path, name, packet):
    codec = "mpeg4" if name == "a.avi" else "libx264"
    muxer_options = {"movflags": "faststart"} if name == "a.mp4" else {}
    whole = clips.write(tmp_path / name, codec=codec, options={"g": "20", "bf": "2"}, muxer_options=muxer_options)
    path = clips.cut(whole, tmp_path / f"cut-{name}", packet=packet)
    frames = every_way(path)
    numbers = [clips.number_of(frame) for frame in frames]
    assert packet - 3 <= len(numbers) <= packet
    assert numbers == sorted(set(numbers))
    assert numbers[:-3] == list(range(len(numbers) - 3))
    with closing(VideoSource(path, cache_bytes=1)) as source:
        assert source.facts.frames == len(frames)
        if name in ("a.mp4", "a.avi") or (name == "a.mkv" and packet < 50):  # others do not say how long they are
            assert source.warning == f"{path.name} ends early; {len(frames)} frames can be read."


def test_a_clip_without_its_table_is_refused(tmp_path):
    path = clips.cut(clips.write(tmp_path / "a.mp4"), tmp_path / "b.mp4", packet=40)
    with pytest.raises(MediaError, match=r"b\.mp4 is damaged or not a video") as caught:
        VideoSource(path, cache_bytes=1)
    assert caught.value.hint


def refuse(path):
    start = time.perf_counter()
    with pytest.raises(MediaError) as caught:
        VideoSource(path, cache_bytes=1)
    assert time.perf_counter() - start < 5
    assert caught.value.message.startswith(path.name)
    assert "\n" not in caught.value.message
    return caught.value


def test_what_is_no_video_is_refused_in_one_sentence(tmp_path):
    text = tmp_path / "text.mp4"
    text.write_text("Not a video at all.\n" * 100)
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(np.random.default_rng(0).bytes(100_000))
    for path in (text, empty, noise, tmp_path / "absent.mp4"):
        assert refuse(path).hint


def test_a_playlist_is_not_followed(tmp_path):
    clips.write(tmp_path / "real.ts")
    for name, content in {
        "list.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nreal.ts\n#EXT-X-ENDLIST\n",
        "concat.mp4": "ffconcat version 1.0\nfile real.ts\n",
    }.items():
        (tmp_path / name).write_text(content)
        refuse(tmp_path / name)


def test_a_clip_of_no_frames_is_refused(tmp_path):
    path = tmp_path / "none.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()
    refuse(path)


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for _ in range(10):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 44100
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    refuse(path)


def test_a_long_clip_opens_within_a_second(tmp_path):
    short = clips.write(tmp_path / "short.mp4", frames=250, codec="mpeg4", options={"g": "250"})
    path = clips.repeated(short, tmp_path / "long.mp4", 80)
    start = time.perf_counter()
    with closing(VideoSource(path, cache_bytes=1)) as source:
        source.frame(0)
        assert time.perf_counter() - start < 3
        assert len(source) == 20_000


MEDIA = os.environ.get("SAM2_MEDIA")


@pytest.mark.skipif(not MEDIA, reason="SAM2_MEDIA does not name the folder of test media")
@pytest.mark.parametrize("name", ["01_dog.mp4", "05_default_juggle.mp4", "bedroom.mp4"])
def test_frame_137_of_real_clips(name):
    path = Path(MEDIA or "") / "videos" / name
    with av.open(str(path)) as container:
        plain = [frame for number, frame in zip(range(138), container.decode(video=0), strict=False)][137]
    expected = plain.to_ndarray(format="rgb24")
    for route in ([137], [*range(138)], [199, *range(160, 136, -1)], [0, 150, 137]):
        with closing(VideoSource(path, cache_bytes=30 << 20)) as source:
            shown = [source.frame(number) for number in route]
        assert np.array_equal(shown[-1], expected)
