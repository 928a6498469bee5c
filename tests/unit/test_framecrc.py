"""Packets and first frames, as FFmpeg tells of them; what a file says of itself is passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.core.framecrc import MOST_STEPS, Frame, Framecrc, Track, first_frame

LISTED = b"""#software: Lavf
#tb 0: 1/1000
#media_type 0: video
#codec_id 0: h264
#tb 1: 1/48000
#media_type 1: audio
#codec_id 1: aac
0,        -40,        -40,       40,     900, 0x1
0,          0,          0,       40,     900, 0x1
1,      -1024,      -1024,     1024,      10, 0x1
1,       -512,       -512,     1024,      10, 0x1
0,         40,         80,       40,     900, 0x1
0,         80,         40,       40,     900, 0x1
"""
NO_TIME = b"-9223372036854775808"


def read(text: bytes, step: int = 1 << 20) -> Framecrc:
    found = Framecrc()
    for begin in range(0, len(text), step):
        found.feed(text[begin : begin + step])
    return found


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_streams_are_summed_up_wherever_the_output_is_cut(step: int) -> None:
    found = read(LISTED, step)
    video, audio = found.track("video"), found.track("audio")
    assert video and (video.codec, video.packets, video.end_us) == ("h264", 3, 120_000)
    assert audio and (audio.codec, audio.packets) == ("aac", 1), "the run-up is before zero"
    assert audio.end_us == round(512 / 48_000 * 1e6)


def test_a_stream_without_a_packet_to_show_is_none() -> None:
    header = b"#tb 0: 1/25\n#media_type 0: video\n"
    assert read(header).track("video") is None
    assert read(header + b"0, -2, -2, 1, 9, 0x0\n").track("video") is None
    assert read(header + b"0, 3, " + NO_TIME + b", 1, 9, 0x0\n").track("video") is not None


def pictures(*packets: tuple[int, int, int]) -> Track:
    """The track of (decoded at, shown at, duration) each, in that order."""
    lines = [b"#tb 0: 1/25", b"#media_type 0: video"]
    lines += [b"0, %d, %d, %d, 9, 0x0" % packet for packet in packets]
    track = read(b"\n".join(lines) + b"\n").track("video")
    assert track
    return track


@pytest.mark.parametrize(
    ("packets", "end"),
    [
        # A gap after 1: in order of decoding, it lies after a picture that is shown for one step.
        ([(-1, 0, 1), (0, 2, 1), (1, 1, 49), (50, 52, 1), (51, 51, 1), (52, 50, 1)], 53),
        ([(-1, 0, 1), (0, 1, 50), (50, 52, 1), (51, 50, 1), (52, 51, 1)], 53),
        # It lies after the last one itself, which is decoded before others.
        ([(-2, 0, 1), (-1, 1, 1), (0, 51, 50), (50, 50, 1)], 52),
        # Of containers that tell how long each is shown, the last one's is true.
        ([(-2, 0, 1), (-1, 1, 1), (0, 51, 25), (50, 50, 1)], 76),
        # In the order of showing, an end before a gap too; and a picture that is held for long.
        ([(0, 0, 1), (1, 1, 1), (2, 2, 9)], 11),
        ([(0, 0, 1), (1, 1, 8), (2, 2, 1)], 3),
        # A container that tells no length of the last, or of any.
        ([(0, 0, 1), (1, 1, 1), (2, 2, 0)], 3),
        ([(0, 0, 0), (2, 2, 0), (6, 6, 0)], 9),
        ([(0, 0, 0)], 0),
    ],
)
def test_pictures_end_with_the_one_that_is_shown_last(
    packets: list[tuple[int, int, int]], end: int
) -> None:
    assert pictures(*packets).end == end


def test_of_packets_that_all_differ_not_all_lengths_are_kept() -> None:
    track = Track("video")
    for number in range(MOST_STEPS + 9):
        track.add(number * 10**6, number + 1, number * 10**6)
    assert len(track.steps) == MOST_STEPS


def test_sound_that_goes_on_after_its_end_is_cut_there() -> None:
    """FFmpeg tells of a last packet of -27 samples so."""
    header = b"#tb 0: 1/22050\n#media_type 0: audio\n"
    packets = b"0, 16000, 16000, 384, 96, 0x1\n0, 16384, 16384, 4294967269, 99, 0x1\n"
    track = read(header + packets).track("audio")
    assert track and track.end == 16384


@pytest.mark.parametrize(
    "line",
    [
        *(b"#tb 0: 1/0", b"#tb 0: 0", b"#tb 99999999999: 1/2", b"#media_type 0: \xff"),
        *(b"7, 0, 0, 1, 9, 0x0", b"0, one, 0, 1, 9, 0x0", b"", b"title, 1, 2, 3, 4"),
    ],
)
def test_a_line_that_is_no_framecrc_is_passed_over(line: bytes) -> None:
    assert read(LISTED + line + b"\n").tracks == read(LISTED).tracks


def test_alpha_beside_the_picture_is_seen() -> None:
    plain = b"0, 120, 120, 40, 900, 0x1"
    track = read(LISTED + plain + b", S=1, Matroska BlockAdditional, 9, 0x2\n").track("video")
    assert track and track.has_additions
    track = read(LISTED + plain + b"\n").track("video")
    assert track and not track.has_additions
    assert Track().end_us == 0


def graphs(**link: Any) -> bytes:
    sink = {"filter_name": "buffersink", "filter_inputs": [{"width": 64, "height": 48, **link}]}
    return json.dumps({"graphs": [{"filters": [{"filter_name": "null"}, sink]}]}).encode()


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        ({"format": "yuv420p"}, Frame(64, 48, has_alpha=False, untagged=True)),
        ({"format": "yuv420p", "color_space": 1}, Frame(64, 48, has_alpha=False, untagged=False)),
        ({"format": "rgba"}, Frame(64, 48, has_alpha=True, untagged=False)),
        ({"format": "yuva420p"}, Frame(64, 48, has_alpha=True, untagged=True)),
        ({"format": "gray", "sar": "2:1"}, Frame(128, 48, has_alpha=False, untagged=False)),
        ({"format": "gray", "sar": "1:9999"}, Frame(1, 48, has_alpha=False, untagged=False)),
        ({"format": "gray", "sar": "0:1"}, Frame(64, 48, has_alpha=False, untagged=False)),
        ({"format": "gray", "width": 0}, None),
        ({"format": "gray", "width": "64"}, None),
    ],
)
def test_the_first_frame_is_what_comes_out_of_the_graph(
    link: dict[str, Any], frame: Frame | None
) -> None:
    assert first_frame(graphs(**link)) == frame


def test_without_a_graph_there_is_no_frame() -> None:
    assert first_frame(b'{"graphs": []}') is None
    with pytest.raises(ValueError):
        first_frame(b"[swscaler] not JSON")
