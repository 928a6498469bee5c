"""How smoothly a slow zoom moves: dots are tracked in the finished file; and what a frame costs.

As a program it resamples so many frames with Pillow, which is what our process is compared with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from resplice.adapters.ffmpeg import motion
from resplice.core.filtergraph import FramePipe, Invocation
from resplice.core.motion import Motion, view

from benchmarks.media import FFMPEG
from benchmarks.rendering import Bench

WIDTH, HEIGHT = 1920, 1080
SECONDS, FPS = 5, 30
RADIUS, GROUND, DOT = 9, 60, 235
SOURCE = (2304, 1296)
"""What the closest view of a zoom of 2 needs for this size."""
TRAVEL = Motion(1.0, 1.2, 0.5, 0.5, 0.5, 0.5, life_frames=100)
FEW, MANY = 10, 90
STARTS = ((240, 180), (400, 300), (1680, 900), (1360, 780), (880, 420))


def moving(bench: Bench) -> None:
    jitter(bench)
    cost(bench)


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


def cost(bench: Bench) -> None:
    """CPU of the process that moves a view, with its pipes; Pillow, for the resampling alone."""
    picture = bench.work / "picture.yuv"
    picture.write_bytes(np.random.default_rng(1).bytes(SOURCE[0] * SOURCE[1] * 3 // 2))

    def ours(frames: int) -> list[str]:
        size = (WIDTH, HEIGHT)
        return motion.command(
            FramePipe(Invocation(()), SOURCE, size, "yuv420p", True, TRAVEL, 0, frames)
        )

    def pillows(frames: int) -> list[str]:
        return [sys.executable, "-m", "benchmarks.motion", str(frames)]

    own_ms, pillows_ms = _frame_ms(ours, picture), _frame_ms(pillows, picture)
    once_ms = _cpu_ms(ours(FEW), picture) - FEW * own_ms
    bench.tell(
        "a frame of a moving view, 1080p",
        f"{own_ms:.1f} ms of CPU, {own_ms / pillows_ms:.2f} x Pillow; {once_ms:.0f} ms for a view",
    )


def _frame_ms(command: Callable[[int], list[str]], picture: Path) -> float:
    """Of what both numbers of frames take, less what a start takes."""
    return (_cpu_ms(command(MANY), picture) - _cpu_ms(command(FEW), picture)) / (MANY - FEW)


def _cpu_ms(command: list[str], picture: Path) -> float:
    with picture.open("rb") as frames:
        process = subprocess.Popen(
            command,
            stdin=frames,
            stdout=subprocess.PIPE,
            env={**os.environ, **motion.ENVIRONMENT},
        )
    assert process.stdout is not None
    with process.stdout as out:
        while out.read(1 << 20):
            pass
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return 1000 * (usage.ru_utime + usage.ru_stime)


def _by_pillow(frames: int) -> None:
    """The views of our process: bicubic for luma, bilinear for chroma."""
    half, small = (SOURCE[0] // 2, SOURCE[1] // 2), (WIDTH // 2, HEIGHT // 2)
    bicubic, bilinear = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR
    sizes = [(SOURCE, (WIDTH, HEIGHT), bicubic), (half, small, bilinear), (half, small, bilinear)]
    planes = [
        Image.frombytes("L", own, sys.stdin.buffer.read(own[0] * own[1])) for own, _, _ in sizes
    ]
    for age in range(frames):
        left, top, right, bottom = view(TRAVEL, age)
        for plane, ((wide, high), size, filtered) in zip(planes, sizes, strict=True):
            part = (left * wide, top * high, right * wide, bottom * high)
            plane.resize(size, filtered, box=part).tobytes()


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


if __name__ == "__main__":
    _by_pillow(int(sys.argv[1]))
