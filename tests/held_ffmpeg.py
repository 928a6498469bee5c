"""An FFmpeg that begins when a test lets it: a movie is half made for as long as the test wants."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from studio import FFMPEG

PROGRAM = """#!/bin/sh
case "$*" in *-version*) ;; *) read one < '{places}' ;; esac
exec '{ffmpeg}' "$@"
"""
"""A line is a place for one run; to say its version takes none. FFmpeg is given no environment, so
the script says where.
"""
ANY = 1_000


@dataclass(frozen=True)
class HeldFfmpeg:
    """program: what to run in the place of FFmpeg."""

    program: Path
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
    places, program = folder / "places", folder / "ffmpeg"
    os.mkfifo(places)
    program.write_text(PROGRAM.format(places=places, ffmpeg=FFMPEG))
    program.chmod(0o755)
    descriptor = os.open(places, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield HeldFfmpeg(program, descriptor)
    finally:
        os.close(descriptor)
