"""What is held is seen unchanged: by FFmpeg's decoder and by OpenH264, at every quality."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from resplice.adapters.ffmpeg.executable import ffmpeg_executable
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.ffmpeg.renderer import FfmpegRenderer
from resplice.core.composition import Canvas, Composite
from resplice.core.filtergraph import segment_invocation, together
from resplice.core.mp4 import Piece, held, movie_of, track
from resplice.core.pieces import PROFILES, SegmentTask

FPS = 25
FFMPEG = ffmpeg_executable()
ALONE = ("-v", "error", "-xerror", "-err_detect", "explode")


def task(colour: str, quality: str, size: tuple[int, int], *, stands: bool = True) -> SegmentTask:
    profile = replace(PROFILES[quality], stands=stands)
    frames = 1 if stands else 7
    return SegmentTask(Canvas(*size, FPS), profile, frames, Composite(colour, ()))


def encoded(tasks: list[SegmentTask], folder: Path) -> list[Path]:
    renderer, paths = FfmpegRenderer(Ffmpeg(FFMPEG)), []
    for number, each in enumerate(tasks):
        paths.append(folder / f"{number}.mp4")
        renderer.run(segment_invocation(each, {}), paths[-1])
    return paths


def film(files: list[tuple[Path, int]], into: Path) -> Path:
    """The files one after the other, each for so many frames."""
    pieces = []
    for path, frames in files:
        data = path.read_bytes()
        one = Piece(str(path), "v", track(partial(_read, data)))
        pieces.append(held(one, frames, FPS) if len(one.track.sizes) == 1 else one)
    spans = movie_of(pieces, None, FPS)
    into.write_bytes(
        b"".join(
            span
            if isinstance(span, bytes)
            else _read(Path(span.key).read_bytes(), span.offset, span.size_bytes)
            for span in spans
        )
    )
    return into


def _read(data: bytes, offset: int, size_bytes: int) -> bytes:
    return data[offset : offset + size_bytes]


def pictures(file: Path, *decoder: str) -> list[str]:
    """The digest of every frame that is shown."""
    argv = [str(FFMPEG), *ALONE, *decoder, "-i", str(file), "-map", "0:v", "-f", "framemd5", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True)
    assert not said.stderr
    return [line.split(",")[-1].strip() for line in said.stdout.splitlines() if line[0] != "#"]


@pytest.mark.parametrize(
    ("size", "frames"), [((1920, 1080), 21), ((50, 64), 201), ((640, 362), 201)], ids=str
)
@pytest.mark.parametrize("quality", PROFILES)
def test_every_decoder_shows_one_picture(
    quality: str, size: tuple[int, int], frames: int, tmp_path: Path
) -> None:
    """Before, between and after what moves."""
    tasks = [task("#336699", quality, size), task("#993322", quality, size, stands=False)]
    still, moving = encoded(tasks, tmp_path)
    made = film([(still, frames), (moving, 7), (still, 2)], tmp_path / "film.mp4")
    shown = pictures(made)
    assert len(shown) == frames + 9 and len({*shown[:frames], *shown[-2:]}) == 1
    assert shown[frames] != shown[0]
    assert pictures(made, "-c:v", "libopenh264") == shown


def test_several_in_one_run_are_the_same_bytes(tmp_path: Path) -> None:
    tasks = [task(colour, "high", (64, 50)) for colour in ("#102030", "#ffffff", "#00ff00")]
    alone = [path.read_bytes() for path in encoded(tasks, tmp_path)]
    into = [tmp_path / f"together-{number}.mp4" for number in range(len(tasks))]
    FfmpegRenderer(Ffmpeg(FFMPEG)).run_together(together(tasks, {}), into)
    assert [path.read_bytes() for path in into] == alone
