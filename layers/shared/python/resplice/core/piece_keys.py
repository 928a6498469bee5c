"""Where pieces of video and sound are stored: their kind, and the command line that makes them.

Imported only where something may be rendered: a movie that comes from the cache has no pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resplice.core.filtergraph import (
    Invocation,
    mix_invocation,
    poster_invocation,
    row_invocation,
    segment_invocation,
    sheet_invocation,
    sound_invocation,
    still_invocation,
)
from resplice.core.filtergraph.inputs import AS_NAMED, Paths
from resplice.core.fingerprint import fingerprint, fingerprint_of
from resplice.core.pieces import (
    MixTask,
    PosterTask,
    RowTask,
    SegmentTask,
    SheetTask,
    SoundTask,
    StillTask,
)
from resplice.core.tools import Tools
from resplice.frozen import frozen


@frozen
class PieceKind:
    """A row of PIECE_KINDS: a kind of piece, and what its key is made of.

    file        the name of what is made, whose ending says the format
    version     raise it when the same command line starts to mean other bytes
    invocation  (task, where its files lie) → the command line that makes it
    tools       names in Tools of what makes its bytes
    movers      the same, of what makes them only when a view in it travels
    """

    name: str
    file: str
    version: int
    invocation: Callable[[Any, Paths], Invocation]
    tools: tuple[str, ...] = ("ffmpeg",)
    movers: tuple[str, ...] = ()


PieceTask = SegmentTask | StillTask | SheetTask | SoundTask | RowTask | MixTask | PosterTask
PIECE_KINDS: dict[type[PieceTask], PieceKind] = {
    SegmentTask: PieceKind("segment", "segment.mp4", 1, segment_invocation, movers=("resampler",)),
    StillTask: PieceKind("still", "still.png", 1, still_invocation, movers=("resampler",)),
    SheetTask: PieceKind("sheet", "sheet.png", 1, sheet_invocation),
    SoundTask: PieceKind("sound", "sound.flac", 1, sound_invocation),
    RowTask: PieceKind("row", "row.flac", 1, row_invocation),
    MixTask: PieceKind("mix", "mix.m4a", 1, mix_invocation),
    PosterTask: PieceKind("poster", "poster.jpg", 1, poster_invocation),
}
"""A row for each kind of piece that is stored under its key. The stitch is stored as the movie."""


def piece_key(task: PieceTask, tools: Tools) -> str:
    """Where the piece is stored: `scenes/segment/…`, 64 hex digits at the end.

    What a task means is the command line that makes it, its files named by their digests: so a
    change of how we write command lines is another key, without anyone having to remember.
    """
    kind = PIECE_KINDS[type(task)]
    invocation = kind.invocation(task, AS_NAMED)
    salts = tools.named(*kind.tools, *(kind.movers if invocation.feeds else ()))
    said = fingerprint_of(invocation, *salts, kind=kind.name, version=kind.version)
    return f"scenes/{kind.name}/{said}"


def scene_fingerprint(keys: list[str]) -> str:
    """One name for a scene's cache entry: of the keys of its segments and its sound."""
    return fingerprint("scene", keys)
