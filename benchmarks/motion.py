"""How smoothly a slow zoom moves: dots are tracked in the finished file."""

from __future__ import annotations

import subprocess

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.media import FFMPEG
from benchmarks.rendering import Bench

WIDTH, HEIGHT = 1920, 1080
SECONDS, FPS = 5, 30
RADIUS, GROUND, DOT = 9, 60, 235
STARTS = ((240, 180), (400, 300), (1680, 900), (1360, 780), (880, 420))


def jitter(bench: Bench) -> None:
    """A 6 % zoom over 5 s: the step from frame to frame less its smooth part, pixels."""
    _dots().save(bench.media / "dots.png")
    zoomed = {"type": "image", "src": "dots.png", "resize": "cover", "zoom": 0.6}
    scene = {"duration": SECONDS, "elements": [zoomed]}
    bench.render({"resolution": "full-hd", "fps": FPS, "scenes": [scene]}, "motion")
    frames = _grey(str(bench.work / "out.mp4"))
    steps = np.concatenate([_unsteady(_track(frames, start)) for start in STARTS])
    rms, most = float(np.sqrt((steps**2).mean())), float(abs(steps).max())
    bench.tell("slow zoom, frame to frame", f"{rms:.3f} px rms, {most:.2f} px at most")


def _dots() -> Image.Image:
    """Twice the size of the frame, so that the zoom has pixels to draw on."""
    picture = Image.new("L", (2 * WIDTH, 2 * HEIGHT), GROUND)
    draw = ImageDraw.Draw(picture)
    for x, y in STARTS:
        box = (2 * x - 2 * RADIUS, 2 * y - 2 * RADIUS, 2 * x + 2 * RADIUS, 2 * y + 2 * RADIUS)
        draw.ellipse(box, fill=DOT)
    return picture


def _grey(path: str) -> np.ndarray:
    argv = [FFMPEG, "-v", "error", "-i", path, "-pix_fmt", "gray", "-f", "rawvideo", "-"]
    raw = subprocess.run(argv, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH)


def _track(frames: np.ndarray, start: tuple[float, float]) -> np.ndarray:
    """The dot's centre in each frame: x and y, pixels."""
    (x, y), reach, found = start, 2 * RADIUS, []
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    for frame in frames:
        left, top = round(x), round(y)
        patch = frame[top - reach : top + reach + 1, left - reach : left + reach + 1]
        light = np.clip(patch.astype(float) - GROUND - 12, 0, None)
        x = left + (light * columns).sum() / light.sum()
        y = top + (light * rows).sum() / light.sum()
        found.append((x, y))
    return np.array(found)


def _unsteady(track: np.ndarray) -> np.ndarray:
    """The steps between frames, less the quadratic that a steady move would follow."""
    steps, time = np.diff(track, axis=0), np.arange(len(track) - 1)
    smooth = [np.polyval(np.polyfit(time, steps[:, axis], 2), time) for axis in (0, 1)]
    return steps - np.stack(smooth, axis=1)
