"""The media that the benchmarks use: made by FFmpeg, the same on every machine."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RECIPES = {
    "photo.jpg": "-f lavfi -i mandelbrot=s=2880x1620:start_scale=2 -frames:v 1 -q:v 2",
    "still.jpg": "-f lavfi -i mandelbrot=s=1920x1080:start_scale=0.4 -frames:v 1 -q:v 2",
    "clip.mp4": (
        "-f lavfi -i mandelbrot=s=1920x1080:rate=30:start_scale=1.5:end_pts=120 -t 4 "
        "-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p"
    ),
    "heavy.mp4": (
        "-f lavfi -i gradients=s=1920x1080:r=30:c0=0x203040:c1=0xd0a060:n=2:speed=0.02,"
        "noise=alls=6:allf=t -t 4 -c:v libx264 -preset veryfast -b:v 27M -pix_fmt yuv420p "
        "-movflags +faststart"
    ),
    **{
        f"slide{i}.jpg": f"-f lavfi -i mandelbrot=s=1920x1080:start_scale={0.4 / (i + 1):.4f} "
        "-frames:v 1 -q:v 2"
        for i in range(10)
    },
    "music.mp3": "-f lavfi -i sine=220:duration=60 -c:a libmp3lame -b:a 128k",
    "other.mp3": "-f lavfi -i sine=330:duration=60 -c:a libmp3lame -b:a 128k",
}


def make(folder: Path) -> None:
    """Make what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, recipe in RECIPES.items():
        if not (folder / name).exists():
            ffmpeg(*recipe.split(), str(folder / name))


def ffmpeg(*argv: str) -> None:
    subprocess.run([FFMPEG, "-v", "error", "-nostdin", "-y", *argv], check=True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody is told."""


@contextmanager
def at(folder: Path) -> Iterator[str]:
    """The address at which the folder is served, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def host_of(base: str) -> str:
    """HOST:PORT, as `--allow-source` has it."""
    return urlsplit(base).netloc
