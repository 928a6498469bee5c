"""An FFmpeg that begins when a test lets it: a movie is half made for as long as the test wants."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """
import os
from resplice.adapters.confined.launching import Launcher

start = Launcher.start

def held(launcher, wanted):
    if wanted.program.name == "FFmpeg" and "-version" not in wanted.argv:
        place = os.open({places!r}, os.O_RDONLY)
        os.read(place, 1)
        os.close(place)
    return start(launcher, wanted)

Launcher.start = held
"""
"""What each Python does first that finds it: a byte is a place for one run of FFmpeg. FFmpeg itself
reaches nothing from behind its walls.
"""
ANY = 1_000


@dataclass(frozen=True)
class HeldFfmpeg:
    """folder: is to come first on the path of Python's modules."""

    folder: Path
    _places: int

    def let(self, runs: int = ANY) -> None:
        """So many more runs may begin."""
        os.write(self._places, b"\n" * runs)

    def hold(self) -> None:
        """No more may begin, whatever was said before."""
        with suppress(BlockingIOError):
            os.read(self._places, 1 << 16)


@contextmanager
def held_ffmpeg(folder: Path) -> Iterator[HeldFfmpeg]:
    """None begins before it is let."""
    places = folder / "places"
    os.mkfifo(places)
    (folder / "sitecustomize.py").write_text(PROGRAM.format(places=str(places)))
    descriptor = os.open(places, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield HeldFfmpeg(folder, descriptor)
    finally:
        os.close(descriptor)
