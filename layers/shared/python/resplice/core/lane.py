"""The fast lane: which work of a movie one function does by itself, or with others that it calls,
and which the workflow fans out. The one rule, pure: it is told what is to be made, nothing else.

    here        in the lane's own process, one after the other
    called      side by side: one after the other in the lane, the others by calls of a function
    fanned out  by the workflow, which waits without being paid for it, and tries again for long

What the workflow asks for each task, the lane pays for each half second that it waits: it only
waits for what is short, and does a share of the work meanwhile. The numbers are from `make cost`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from resplice.core.estimate import USUAL_NS_PER_PIXEL
from resplice.core.pieces import SegmentTask, SoundTask, StillTask

FUNCTION = "lane"
MADE_HERE = frozenset({"element"})
"""Functions whose tasks the lane makes itself."""
PARTS = ("prepare", *sorted(MADE_HERE), "plan", "scene", "movie")
"""The functions whose work it does: it has what they have."""
CALLED = ("paint", "speak", "scene")
"""Functions that it may call: they answer in seconds. Who transcribes or generates is waited for by
the minute."""
MAX_BATCHES = 16
"""Of elements: as many as one function downloads at the same time."""
MAX_PIECES = 40
"""That are called at the same time; each is a thread that waits."""
MAX_HERE_SECONDS = 4.0
"""Longer than that, it is faster to start other functions, cold ones too."""
MAX_PIECE_SECONDS = 30.0
"""Of one that is waited for: as long as ten seconds of 1080p that are hard to encode take, and
twice that."""
CORES = 1.7
"""What the memory of a function that renders buys."""
PIECE_SECONDS = 0.15
"""What a piece takes that has hardly a picture: the start of FFmpeg, and the store."""

STILL_SECONDS = 0.5
"""What a still takes: that, and what is decoded for its frame."""


class Way(Enum):
    """How the pieces of a plan are made."""

    HERE = "here"
    CALLED = "called"
    FANNED_OUT = "fanned out"


def takes_elements(functions: Collection[str]) -> bool:
    """Whether the lane has a round's elements made. functions: of each batch."""
    return len(functions) <= MAX_BATCHES and {*functions} <= MADE_HERE | {*CALLED}


def way_of_pieces(seconds: Collection[float]) -> Way:
    """seconds: that each takes on a function that renders; not of the movie's sound, which takes
    little, and would be made here else.
    """
    if len(seconds) == 1 or sum(seconds) <= MAX_HERE_SECONDS:
        fits = max(seconds, default=0.0) <= MAX_PIECE_SECONDS
        return Way.HERE if fits else Way.FANNED_OUT
    if len(seconds) > MAX_PIECES or max(seconds) > MAX_PIECE_SECONDS:
        return Way.FANNED_OUT
    return Way.CALLED


def is_own(index: int, at_once: int) -> bool:
    """Whether the lane makes a piece itself that is one of those side by side, the longest first:
    it is one of the functions that may be at them at once.
    """
    return index % at_once == 0


def seconds_of(task: SegmentTask | StillTask | SoundTask) -> float:
    """What making the piece takes, about."""
    if isinstance(task, StillTask):
        return STILL_SECONDS
    if isinstance(task, SoundTask):
        return PIECE_SECONDS
    pixels = task.frames * task.canvas.width * task.canvas.height
    return PIECE_SECONDS + pixels * USUAL_NS_PER_PIXEL / 1e9 / CORES
