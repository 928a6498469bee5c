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

_FONTS = Path(__file__).resolve().parents[1] / "layers/fonts/node_modules/@expo-google-fonts"
FONT = _FONTS / "noto-sans/700Bold/NotoSans_700Bold.ttf"
_LINES = "\n".join(
    f"{n:03d}  The quick brown fox jumps over the lazy dog, {n * n} times in a row"
    for n in range(40)
)
_SLIDE = "mandelbrot=s=1280x720:start_scale={},trim=end_frame=1,loop=-1:1,trim=end_frame=38"
_CLOCK = "settb=1/30,setpts=N,fps=30"
_WORDS = f"drawtext=fontfile={FONT}:fontcolor=white"
_CAPTION = "fontsize=64:x=80:y=560"
FILMS = {
    "grain": (
        "mandelbrot=s=1280x720:rate=30:start_scale=1.5:end_scale=0.9:end_pts=90,"
        "noise=alls=10:allf=t+u[v]"
    ),
    "slides": (
        f"{_SLIDE.format(0.4)},{_CLOCK},{_WORDS}:text='Only this weekend':{_CAPTION}[a];"
        f"{_SLIDE.format(0.02)},{_CLOCK},{_WORDS}:text='While stocks last':{_CAPTION}[b];"
        "[a][b]xfade=duration=0.5:offset=0.75[v]"
    ),
    "animation": (
        "color=0x123b5d:s=1280x720:r=30[ground];"
        "color=0xf2a541:s=420x200:r=30[a];color=0xe4572e:s=560x90:r=30[b];"
        "color=0x29a19c:s=90x500:r=30[c];color=0xa1c181:s=90x500:r=30[d];"
        "[ground][a]overlay=x='700*(1-exp(-3*t))-400':y=120[f];"
        "[f][b]overlay=x='1280-640*(1-exp(-2*t))':y=360[e];"
        "[e][c]overlay=x=120:y='720-150*t'[g];[g][d]overlay=x=240:y='720-50*t*t',"
        f"{_WORDS}:text='Grow with us':fontsize=110:x='w-(w-330)*(1-exp(-3*t))':y=160[v]"
    ),
    "dark": (
        "mandelbrot=s=1280x720:rate=30:start_scale=1.5:end_scale=0.9:end_pts=90,gblur=sigma=3,"
        "colorchannelmixer=.16:0:0:0:0:.16:0:0:0:0:.2,noise=alls=3:allf=t,"
        f"{_WORDS}:text='The night before':fontsize=60:x=(w-tw)/2:y=330,"
        "fade=in:0:25,fade=out:35:25[v]"
    ),
    "scroll": (
        "color=0xfafafa:s=1280x720:r=30,"
        f"drawtext=fontfile={FONT}:text='{_LINES}':fontsize=24:line_spacing=10:x=80:y='40-120*t'"
        ":fontcolor=0x202020,drawbox=w=1280:h=60:c=0x2f4858:t=fill[v]"
    ),
}
"""Two seconds each, 720p30, drawn as they are asked for: what encoders find hard or easy."""


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


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Who goes before the end has seen enough."""


@contextmanager
def at(folder: Path) -> Iterator[str]:
    """The address at which the folder is served, with a slash at its end."""
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def host_of(base: str) -> str:
    """HOST:PORT, as `--allow-source` has it."""
    return urlsplit(base).netloc
