"""Media made for tests, each file once and only when asked for; every method gives a file: URL.

Pictures have a colour in each quarter, clips carry the number of each frame as black and white
blocks, sounds are clicks and tones at known places: all can be read back from a render.
"""

from __future__ import annotations

import math
import subprocess
import wave
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RATE = 48_000
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
QUARTERS = (RED, GREEN, BLUE, WHITE)
"""Top left, top right, bottom left, bottom right."""

CLIP = (80, 60)
COLUMNS, ROWS = 5, 2
UNEVEN_MS = [40 * n + 11 * (n % 3) + 700 * (n > 20) + 130 * (n > 300) for n in range(330)]
STANDING = [*range(25), *range(76, 100)]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "12", "-pix_fmt", "yuv420p"]


def quarters(width: int = 80, height: int = 60) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    for index, colour in enumerate(QUARTERS):
        x, y = index % 2 * width // 2, index // 2 * height // 2
        picture.paste(colour, (x, y, x + width - width // 2, y + height - height // 2))
    return picture


def numbered(number: int) -> NDArray[np.uint8]:
    """A grey picture that says its number in binary, a bit a cell."""
    bits = [(number >> bit) & 1 for bit in range(COLUMNS * ROWS)]
    cells = np.array(bits, np.uint8).reshape(ROWS, COLUMNS) * 200 + 20
    return cells.repeat(CLIP[1] // ROWS, axis=0).repeat(CLIP[0] // COLUMNS, axis=1)


def number_of(picture: NDArray[np.int16]) -> int:
    """What `numbered` wrote, from a picture of the same size; -1 for an all black one."""
    return numbers_of(picture[None])[0]


def numbers_of(pictures: NDArray[np.int16]) -> list[int]:
    height, width = CLIP[1] // ROWS, CLIP[0] // COLUMNS
    cells = pictures[..., 1].reshape(-1, ROWS, height, COLUMNS, width)
    levels = cells[:, :, 5:-5, :, 5:-5].mean(axis=(2, 4)).reshape(len(pictures), -1)
    numbers = (levels > 120) @ (1 << np.arange(COLUMNS * ROWS))
    black = pictures.max(axis=(1, 2, 3)) < 10
    found: list[int] = np.where(black, -1, numbers).tolist()
    return found


def even(frames: int, rate: str) -> list[Fraction]:
    """When each frame of a clip of that rate is there, in seconds."""
    return [n / Fraction(rate) for n in range(frames)]


def shown(
    times_s: Sequence[Fraction], slots: Iterable[int], fps: int, seek_s: Fraction = Fraction(0)
) -> list[int]:
    """The number of the frame that each of these slots after the seek point shows: on a grid of the
    movie's frames, a source frame is there from the slot nearest to its time until the next one.
    """
    firsts = [math.floor((time - seek_s) * fps + Fraction(1, 2)) for time in times_s]
    return [max(0, bisect_right(firsts, slot) - 1) for slot in slots]


def same(seen: Sequence[int], wanted: Sequence[int]) -> None:
    """Tells the slots that differ, not the lists."""
    assert len(seen) == len(wanted)
    differ = [
        (i, *pair) for i, pair in enumerate(zip(seen, wanted, strict=True)) if pair[0] != pair[1]
    ]
    assert not differ, f"(slot, seen, wanted): {differ[:12]}, {len(differ)} in all"


def ffmpeg(*argv: str, data: bytes | None = None) -> None:
    command = [FFMPEG, "-v", "error", "-y", *argv]
    subprocess.run(command, check=True, input=data)


class Footage:
    """A folder of media."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _made(self, name: str, make: Callable[[Path], object]) -> str:
        path = self._folder / name
        if not path.exists():
            make(path)
        return path.as_uri()

    def colour(self, red: int, green: int, blue: int, size: tuple[int, int] = (40, 30)) -> str:
        name = f"{red}-{green}-{blue}-{size[0]}x{size[1]}.png"
        return self._made(name, Image.new("RGB", size, (red, green, blue)).save)

    def quarters(self, kind: str = "png", size: tuple[int, int] = (80, 60)) -> str:
        return self._made(f"quarters-{size[0]}x{size[1]}.{kind}", quarters(*size).save)

    def array(self, name: str, pixels: NDArray[np.uint8]) -> str:
        """A PNG of these pixels: grey, RGB or RGBA by the last axis."""
        return self._made(f"{name}.png", Image.fromarray(pixels).save)

    def turned(self, orientation: int) -> str:
        """The quarters as a camera stores them: shown right only by who honours EXIF."""
        undo = {
            1: None,
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }[orientation]

        def make(path: Path) -> None:
            picture = quarters()
            exif = Image.Exif()
            exif[0x0112] = orientation
            (picture.transpose(undo) if undo is not None else picture).save(
                path, quality=95, subsampling=0, exif=exif
            )

        return self._made(f"turned-{orientation}.jpg", make)

    def ring(self) -> str:
        """80x80: a white ring, opaque, on clear black; its edge is smooth."""
        rows, columns = np.mgrid[0:80, 0:80] + 0.5 - 40
        away = np.abs(np.hypot(rows, columns) - 26)
        alpha = np.clip(8.5 - away, 0, 1)
        pixels = np.zeros((80, 80, 4), np.uint8)
        pixels[..., :3] = (alpha[..., None] > 0) * 255
        pixels[..., 3] = np.round(alpha * 255)
        return self.array("ring", pixels)

    def flicker(self, kind: str) -> str:
        """An animation of red, green, blue, each 0.4 s long."""
        pictures = [Image.new("RGB", (80, 60), colour) for colour in QUARTERS[:3]]

        def make(path: Path) -> None:
            rest = pictures[1:]
            pictures[0].save(path, save_all=True, append_images=rest, duration=400, loop=0)

        return self._made(f"flicker.{kind}", make)

    def clip(self, frames: int, rate: str = "25", kind: str = "mp4", *options: str) -> str:
        """Numbered frames. options: FFmpeg's, for the output."""
        raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{CLIP[0]}x{CLIP[1]}", "-r", rate]
        told = "".join(c if c.isalnum() else "_" for c in f"{frames}-{rate}-{''.join(options)}")

        def make(path: Path) -> None:
            data = b"".join(numbered(index).tobytes() for index in range(frames))
            ffmpeg(*raw, "-i", "-", *H264, *options, str(path), data=data)

        return self._made(f"clip-{told}.{kind}", make)

    def uneven(self, kind: str) -> str:
        """Numbered frames at UNEVEN_MS: a clip of no fixed rate."""
        raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{CLIP[0]}x{CLIP[1]}", "-r", "1"]

        def make(path: Path) -> None:
            data = b"".join(numbered(index).tobytes() for index in range(len(UNEVEN_MS)))
            stamp = "settb=1/1000,setpts='40*N+11*mod(N,3)+700*gt(N,20)+130*gt(N,300)'"
            time_base = ["-fps_mode", "passthrough", "-enc_time_base", "1/1000"]
            ffmpeg(*raw, "-i", "-", "-vf", stamp, *time_base, *H264, str(path), data=data)

        return self._made(f"uneven.{kind}", make)

    def standing(self, kind: str) -> str:
        """The numbered frames of STANDING at 25 a second, the others left out."""
        clip = self.clip(STANDING[-1] + 1, "25").removeprefix("file://")
        left = f"select='lt(n,25)+gt(n,{STANDING[25] - 1})'"
        options = ["-vf", left, "-fps_mode", "vfr", *H264, "-g", "250"]
        return self._made(f"standing.{kind}", lambda path: ffmpeg("-i", clip, *options, str(path)))

    def filmed(self, name: str, source: str, *options: str) -> str:
        """A clip of a lavfi source."""
        return self._made(
            name, lambda path: ffmpeg("-f", "lavfi", "-i", source, *options, str(path))
        )

    def rewrapped(self, name: str, source: str, *options: str) -> str:
        """The same packets in a new file. options stand before the input."""
        old = source.removeprefix("file://")
        return self._made(name, lambda path: ffmpeg(*options, "-i", old, "-c", "copy", str(path)))

    def with_sound(self, frames: int, rate: str, sound: str, *options: str) -> str:
        """Numbered frames with this sound, as AAC unless options say otherwise."""
        inputs = [word for src in (self.clip(frames, rate), sound) for word in ("-i", src[7:])]
        told = "".join(c if c.isalnum() else "_" for c in f"{rate}-{sound[-40:]}{''.join(options)}")
        codecs = ["-c:v", "copy", *options]
        return self._made(
            f"spoken-{frames}-{told}.mp4", lambda path: ffmpeg(*inputs, *codecs, str(path))
        )

    def recoded(self, sound: str, kind: str) -> str:
        """The same sound in another format, named by its file's ending."""
        codec = {"ogg": ["-c:a", "libvorbis"]}.get(kind, [])
        name = f"{Path(sound).stem}.{kind}"
        return self._made(name, lambda path: ffmpeg("-i", sound[7:], *codec, str(path)))

    def tone(
        self, hertz: float, seconds: float, rate: int = RATE, channels: int = 1, peak: float = 0.25
    ) -> str:
        times = np.arange(round(seconds * rate)) / rate
        wave_form = np.sin(math.tau * hertz * times) * peak
        name = f"tone-{hertz}-{seconds}-{rate}-{channels}-{peak}.wav"
        return self.sound(name, np.repeat(wave_form[:, None], channels, axis=1), rate)

    def clicks(self, times_s: Sequence[float], seconds: float, rate: int = RATE) -> str:
        """Short bursts of 3 kHz at these times in silence, mono."""
        sound = np.zeros((round(seconds * rate), 1))
        burst = np.sin(math.tau * 3000 * np.arange(rate // 500) / rate) * 0.8
        for time_s in times_s:
            at = round(time_s * rate)
            sound[at : at + len(burst), 0] = burst[: len(sound) - at]
        return self.sound(f"clicks-{hash(tuple(times_s))}-{seconds}-{rate}.wav", sound, rate)

    def sound(self, name: str, samples: NDArray[np.float64], rate: int = RATE) -> str:
        def make(path: Path) -> None:
            with wave.open(str(path), "wb") as file:
                file.setparams((samples.shape[1], 2, rate, 0, "NONE", ""))
                file.writeframes((samples * 32767).round().astype("<i2").tobytes())

        return self._made(name, make)
