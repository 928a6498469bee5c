"""The inputs of a command line: numbered in order, each read by one demuxer and no other."""

from __future__ import annotations

import pytest
from resplice.core.composition import Source
from resplice.core.filtergraph.inputs import (
    AS_NAMED,
    OUTPUT,
    FramePipe,
    Input,
    Inputs,
    Invocation,
    reading,
)
from resplice.core.motion import Motion

STILL = Source("still", "png_pipe", "image", 64, 48, has_alpha=True)
CLIP = Source("clip", "matroska", "video", 64, 48, has_alpha=True, decoder="libvpx-vp9")
PIPE = FramePipe(
    Invocation(("-f", "rawvideo", OUTPUT)),
    *((64, 48), (32, 24), "gbrap", True, Motion(1, 2, 0, 0, 0, 0, 9), 0, 9),
)


def test_a_source_is_read_as_what_it_was_found_to_be() -> None:
    paths = {"still": "/a/still", "clip": "/a/clip"}
    assert reading(STILL, paths) == Input("/a/still", "png_pipe", still=True)
    clip = Input("/a/clip", "matroska", ("-ss", "1"), "libvpx-vp9")
    assert reading(CLIP, paths, "-ss", "1") == clip
    with pytest.raises(KeyError):
        reading(STILL, {})


def test_inputs_are_numbered_as_they_come() -> None:
    inputs = Inputs(AS_NAMED)
    numbers = [inputs.file(STILL), inputs.feed(PIPE, 25), inputs.piece("scenes/a", "flac")]
    assert numbers == [0, 1, 2]
    assert [each.origin for each in inputs.inputs] == ["still", 0, "scenes/a"]
    assert inputs.feeds == [PIPE]


def test_a_feed_is_raw_frames_of_its_own_size_and_rate() -> None:
    inputs = Inputs(AS_NAMED)
    inputs.feed(PIPE, 30)
    (raw,) = inputs.inputs
    assert raw.format == "rawvideo"
    assert " ".join(raw.options) == "-pixel_format gbrap -video_size 32x24 -framerate 30"
