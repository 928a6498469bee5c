"""The media that the benchmarks use: made by FFmpeg, the same on every machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RECIPES = {
    "photo.jpg": "-f lavfi -i mandelbrot=s=2880x1620:start_scale=2 -frames:v 1 -q:v 2",
    "still.jpg": "-f lavfi -i mandelbrot=s=1920x1080:start_scale=0.4 -frames:v 1 -q:v 2",
    "clip.mp4": (
        "-f lavfi -i mandelbrot=s=1920x1080:rate=30:start_scale=1.5:end_pts=120 -t 4 "
        "-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p"
    ),
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
