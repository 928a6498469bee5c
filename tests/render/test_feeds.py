"""Moving pictures come over pipes: what goes wrong there is an error, never a wrong movie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest
from resplice.adapters.ffmpeg.command_line import FEED
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.ffmpeg.renderer import FfmpegRenderer
from resplice.core.filtergraph import FramePipe, Input, Invocation
from resplice.core.filtergraph.inputs import OUTPUT
from resplice.core.motion import Motion
from resplice.errors import RenderError

SIZE = (64, 36)
RAW = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", "64x36", "-framerate", "25")
DECODE = Invocation(
    (
        *("-f", "lavfi", "-i", "color=c=red:s=64x36:r=25:d=1", "-pix_fmt", "yuv420p"),
        *("-f", "rawvideo", OUTPUT),
    )
)
NOWHERE = Invocation(("-f", "rawvideo", OUTPUT), inputs=(Input("/nowhere.png", "png_pipe"),))
MOTION = Motion(1.0, 1.5, 0.5, 0.5, 0.5, 0.5, life_frames=25)
FEED_OF_A_SECOND = FramePipe(DECODE, SIZE, SIZE, "yuv420p", False, MOTION, age=0, frames=25)
WAIT_FOR_ALL = ("-i", FEED.format(0), "-c:v", "libx264", "-f", "mp4")


@pytest.fixture
def renderer() -> FfmpegRenderer:
    return FfmpegRenderer(Ffmpeg(Path(imageio_ffmpeg.get_ffmpeg_exe())))


def run(renderer: FfmpegRenderer, feed: FramePipe, into: Path, *more: str) -> int:
    return renderer.run(
        Invocation((*RAW, *WAIT_FOR_ALL[:2], *more, *WAIT_FOR_ALL[2:]), (feed,)), into
    )


def test_a_feed_gives_what_was_asked_for(renderer: FfmpegRenderer, tmp_path: Path) -> None:
    assert run(renderer, FEED_OF_A_SECOND, tmp_path / "out.mp4") == 25


def test_a_reader_that_has_enough_is_no_failure(renderer: FfmpegRenderer, tmp_path: Path) -> None:
    assert run(renderer, FEED_OF_A_SECOND, tmp_path / "out.mp4", "-frames:v", "3") == 3


@pytest.mark.parametrize(
    "feed",
    [
        replace(FEED_OF_A_SECOND, frames=30),
        replace(FEED_OF_A_SECOND, source=(66, 36)),
        replace(FEED_OF_A_SECOND, decode=NOWHERE),
    ],
    ids=["too few frames", "too few bytes", "no picture"],
)
def test_a_feed_that_ends_early_fails_the_task(
    renderer: FfmpegRenderer, tmp_path: Path, feed: FramePipe
) -> None:
    before = open_files()
    with pytest.raises(RenderError):
        run(renderer, feed, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []
    assert open_files() == before


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
