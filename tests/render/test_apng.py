"""Frames in one file: what FFmpeg reads is, frame by frame and to the pixel, what was put in."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from resplice.adapters.chromium import apng
from resplice.adapters.chromium.apng import Frames, TooLarge
from studio import FFMPEG

SIZE = (64, 36)


def dot(x: int, alpha: int = 255) -> Image.Image:
    frame = Image.new("RGBA", SIZE)
    frame.paste((250, 40 + x, 10, alpha), (x, 10, x + 5, 15))
    return frame


def read(path: Path, fps: int, count: int) -> np.ndarray:
    """The frames of a clock, as FFmpeg has them."""
    command = [FFMPEG, "-v", "error", "-f", "apng", "-i", str(path)]
    command += ["-vf", f"fps={fps}:start_time=0,tpad=stop_mode=clone:stop=-1"]
    command += ["-frames:v", str(count), "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(count, SIZE[1], SIZE[0], 4)


def packed(frames: list[Image.Image], fps: int) -> tuple[bytes, apng.Box]:
    taken = Frames()
    for frame in frames:
        taken.add(frame)
    return taken.apng(fps, for_ever=False)


@pytest.mark.parametrize("fps", [24, 25, 30, 60, 120])
def test_every_frame_comes_back_in_its_place(tmp_path: Path, fps: int) -> None:
    corners = Image.new("RGBA", SIZE)
    corners.putpixel((0, 0), (1, 2, 3, 4))
    corners.putpixel((63, 35), (5, 6, 7, 8))
    moves = [0, 0, 3, 9, 9, 9, 9, 20, 20, 21, *[21] * 300, 33, 40, 40]
    frames = [Image.alpha_composite(corners, dot(x, 255 - x)) for x in moves]
    content, box = packed(frames, fps)
    assert box == (0, 0, *SIZE)
    path = tmp_path / "moving.png"
    path.write_bytes(content)
    found = read(path, fps, len(frames))
    for number, frame in enumerate(frames):
        assert (found[number] == np.asarray(frame)).all(), number


def test_equal_frames_cost_nothing_and_only_what_changes_is_kept() -> None:
    once, _ = packed([dot(0), dot(30)], 25)
    often, _ = packed([dot(0)] * 50 + [dot(30)] * 50, 25)
    assert len(often) == len(once)
    boxes = [
        struct.unpack_from(">IIII", often, at + 8)
        for at in range(len(often))
        if often[at : at + 4] == b"fcTL"
    ]
    assert boxes == [(35, 5, 0, 0), (35, 5, 0, 0)]


def test_it_is_cropped_to_what_any_frame_shows() -> None:
    content, box = packed([Image.new("RGBA", SIZE), dot(20), dot(30)], 25)
    assert box == (20, 10, 35, 15)
    assert Image.open(io.BytesIO(content)).size == (15, 5)


def test_a_page_that_stands_still_does_not_move() -> None:
    taken = Frames()
    for _ in range(3):
        taken.add(dot(4))
    assert not taken.moves


def test_more_than_a_page_may_show_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apng, "MAX_BYTES", 100)
    taken = Frames()
    taken.add(dot(0))
    with pytest.raises(TooLarge, match="its pictures have more than"):
        for x in range(1, 9):
            taken.add(dot(x))
