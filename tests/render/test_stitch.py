"""The stitch: a movie that is put together has the frames, samples and times of its pieces.

Held against FFmpeg's own joining of the same pieces, which copies them too.
"""

from __future__ import annotations

import base64
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.installed import find_chromium
from resplice.core.boxes import Read, boxes
from resplice.core.composition import Canvas
from resplice.core.filtergraph.segment import encoding
from resplice.core.mp4 import Piece, Run, layout, movie_of, track
from resplice.core.pieces import PROFILES
from resplice.errors import RenderError
from studio import FFMPEG

FPS = 25
CANVAS, SCALE = Canvas(160, 90, FPS), 512
LENGTHS = (130, 1, 2, 3, 40, 40, 130)
"""Of segments, in frames; one is there again at once, and one in the end."""


def ffmpeg(*argv: object) -> str:
    command = [FFMPEG, "-nostdin", "-v", "error", *map(str, argv)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def segment(into: Path, frames: int, canvas: Canvas = CANVAS, quality: str = "low") -> Path:
    size = f"{canvas.width}x{canvas.height}"
    source = f"testsrc2=s={size}:r={canvas.fps},noise=alls=20:allf=t"
    profile = encoding(PROFILES[quality], canvas)
    ffmpeg("-f", "lavfi", "-i", source, "-frames:v", frames, *profile, "-y", into)
    return into


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    for frames in LENGTHS:
        segment(folder / f"{frames}.mp4", frames)
    seconds = sum(LENGTHS) / FPS
    sound = ("-f", "lavfi", "-i", f"sine=f=330:r=48000:d={seconds}", "-ac", 2)
    coded = ("-c:a", "aac", "-b:a", 128_000, "-flags:a", "+bitexact", "-fflags", "+bitexact")
    ffmpeg(*sound, *coded, "-map_metadata", -1, "-f", "mp4", folder / "mix.m4a")
    return folder


def reading(file: Path) -> Read:
    content = file.read_bytes()
    return lambda offset, size: content[offset : offset + size]


def piece(file: Path) -> Piece:
    return Piece(str(file), "v", track(reading(file)))


def joined(into: Path, files: Sequence[Path], mix: Path | None, fps: int = FPS) -> Path:
    spans = movie_of([piece(each) for each in files], piece(mix) if mix else None, fps)
    with into.open("wb") as movie:
        for span in spans:
            if isinstance(span, Run):
                span = reading(Path(span.key))(span.offset, span.size_bytes)
            movie.write(span)
    return into


def joined_by_ffmpeg(into: Path, files: Sequence[Path], mix: Path) -> Path:
    lengths = [int(file.stem) for file in files]
    lines = [
        f"file 'file:{f}'\nduration {n * 40_000}us" for f, n in zip(files, lengths, strict=True)
    ]
    script = into.with_suffix(".ffconcat")
    script.write_text("\n".join(["ffconcat version 1.0", *lines]))
    copied = ("-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-map_metadata", -1)
    flags = ("-fflags", "+bitexact", "-movflags", "+faststart", "-video_track_timescale", 12_800)
    ffmpeg("-safe", 0, "-f", "concat", "-i", script, "-i", mix, *copied, *flags, into)
    return into


def frames(file: Path) -> list[tuple[int, str]]:
    """(time, hash) of each decoded frame; time in frames."""
    said = ffmpeg("-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-")
    rows = [line.split(",") for line in said.splitlines() if not line.startswith("#")]
    return [(int(row[2]), row[5]) for row in rows]


def samples(file: Path) -> str:
    return ffmpeg("-i", file, "-map", "0:a", "-c:a", "pcm_f32le", "-f", "framemd5", "-")


def packets(file: Path, stream: str) -> list[str]:
    """Times, sizes and checksums of what is coded."""
    said = ffmpeg("-i", file, "-map", stream, "-c", "copy", "-f", "framecrc", "-")
    return [line for line in said.splitlines() if not line.startswith("#")]


def test_it_has_the_frames_and_samples_of_ffmpegs_own_joining(pieces: Path, tmp_path: Path) -> None:
    files, mix = [pieces / f"{n}.mp4" for n in LENGTHS], pieces / "mix.m4a"
    ours = joined(tmp_path / "ours.mp4", files, mix)
    theirs = joined_by_ffmpeg(tmp_path / "theirs.mp4", files, mix)
    found = frames(ours)
    assert found == frames(theirs) and [at for at, _ in found] == list(range(sum(LENGTHS)))
    assert samples(ours) == samples(theirs)
    assert packets(ours, "0:a") == packets(theirs, "0:a") == packets(mix, "0:a")


def test_frames_are_those_of_the_pieces_at_even_times(pieces: Path, tmp_path: Path) -> None:
    files = [pieces / f"{n}.mp4" for n in LENGTHS]
    movie = joined(tmp_path / "movie.mp4", files, None)
    assert [each for _, each in frames(movie)] == [each for f in files for _, each in frames(f)]
    times = [[int(n) for n in row.split(",")[1:4]] for row in packets(movie, "0:v")]
    assert [row[0] for row in times] == [SCALE * (n - 2) for n in range(sum(LENGTHS))]
    assert {row[2] for row in times} == {SCALE} and all(pts >= dts for dts, pts, _ in times)


@pytest.mark.parametrize("frames_of_it", [1, 2, 3])
def test_short_movies(frames_of_it: int, pieces: Path, tmp_path: Path) -> None:
    movie = joined(tmp_path / "movie.mp4", [pieces / f"{frames_of_it}.mp4"], None)
    assert frames(movie) == frames(pieces / f"{frames_of_it}.mp4")


def test_it_plays_before_it_is_loaded(pieces: Path, tmp_path: Path) -> None:
    """What is said of the samples comes first, and sound comes just before its pictures."""
    files, mix = [pieces / f"{n}.mp4" for n in LENGTHS], pieces / "mix.m4a"
    movie = joined(tmp_path / "movie.mp4", files, mix).read_bytes()
    kinds = [kind for kind, _ in boxes(movie)]
    assert kinds == [b"ftyp", b"moov"], "and then samples, whose length has eight bytes"
    laid = list(layout.laid([piece(each) for each in files], piece(mix), FPS))
    seen = heard = 0
    for chunk in laid:
        if chunk.is_sound:
            heard += chunk.samples
        else:
            seen += chunk.samples
            assert heard * 1024 / 48_000 >= seen / FPS, "pictures without their sound"
            assert heard * 1024 / 48_000 <= seen / FPS + 0.1, "sound long before its pictures"
    assert heard == len(packets(mix, "0:a")) and seen == sum(LENGTHS)


def test_most_of_a_large_piece_lies_in_one_run(
    pieces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (pieces / "130.mp4").stat().st_size
    monkeypatch.setattr(layout, "BETWEEN_BYTES", size // 4)
    monkeypatch.setattr(layout, "LARGE_BYTES", size // 2)
    files, mix = [pieces / f"{n}.mp4" for n in LENGTHS], pieces / "mix.m4a"
    spans = movie_of([piece(each) for each in files], piece(mix), FPS)
    runs = [span.size_bytes for span in spans if isinstance(span, Run)]
    assert sum(each > size // 3 for each in runs) == 2
    movie = joined(tmp_path / "movie.mp4", files, mix)
    theirs = joined_by_ffmpeg(tmp_path / "theirs.mp4", files, mix)
    assert frames(movie) == frames(theirs) and samples(movie) == samples(theirs)


PLAYED = """new Promise(done => {
    const video = document.createElement('video');
    video.onerror = () => done(video.error.message);
    video.onended = () =>
        done([video.currentTime, video.videoWidth, video.webkitAudioDecodedByteCount]);
    video.src = 'data:video/mp4;base64,%s';
    video.muted = true;
    video.playbackRate = 8;
    video.play();
})"""


def test_a_browser_plays_it_to_its_end(pieces: Path, tmp_path: Path) -> None:
    files, mix = [pieces / f"{n}.mp4" for n in LENGTHS], pieces / "mix.m4a"
    movie = joined(tmp_path / "movie.mp4", files, mix).read_bytes()
    soon, process = time.monotonic() + 30, BrowserProcess(find_chromium())
    try:
        said = PLAYED % base64.b64encode(movie).decode()
        wanted = {"expression": said, "awaitPromise": True, "returnByValue": True}
        told = process.new_tab(soon).call("Runtime.evaluate", soon, **wanted)["result"]["value"]
    finally:
        process.stop()
    heard = sum(int(row.split(",")[4]) for row in packets(mix, "0:a"))
    assert told == [sum(LENGTHS) / FPS, CANVAS.width, heard]


def test_pieces_that_do_not_fit_are_refused(pieces: Path, tmp_path: Path) -> None:
    other = segment(tmp_path / "other.mp4", 3, Canvas(96, 64, FPS))
    with pytest.raises(RenderError, match="encoded in another way"):
        movie_of([piece(pieces / "3.mp4"), piece(other)], None, FPS)
    fast = segment(tmp_path / "fast.mp4", 3, Canvas(160, 90, 50))
    with pytest.raises(RenderError, match="the frames of a segment"):
        movie_of([piece(fast)], None, FPS)


@pytest.mark.parametrize("damage", ["no file", "no tables", "tables cut", "more samples"])
def test_what_is_no_piece_of_ours_is_refused(damage: str, pieces: Path) -> None:
    whole = (pieces / "3.mp4").read_bytes()
    begin = whole.index(b"moov") - 4
    content = {
        "no file": b"<html>" * 20,
        "no tables": whole[:begin],
        "tables cut": whole[: begin + 300],
        "more samples": grown(whole[:begin]) + b"x" + whole[begin:],
    }[damage]
    with pytest.raises(RenderError, match=r"a piece of the movie|the samples of a piece"):
        track(lambda offset, size: content[offset : offset + size])


def grown(file: bytes) -> bytes:
    """Its box of samples says that it has a byte more."""
    at = file.index(b"mdat") - 4
    return (
        file[:at]
        + (int.from_bytes(file[at : at + 4], "big") + 1).to_bytes(4, "big")
        + file[at + 4 :]
    )


def test_what_is_said_of_a_long_movie_is_little(pieces: Path) -> None:
    """An hour in segments of ten seconds."""
    long = piece(segment(pieces / "250.mp4", 250))
    spans = movie_of([long] * 360, None, FPS)
    (head,) = [span for span in spans if isinstance(span, bytes)]
    assert len(head) < 1_500_000
    assert re.match(rb"....ftyp", head, re.DOTALL)
