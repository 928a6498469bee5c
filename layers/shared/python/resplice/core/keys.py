"""Where the result of a task is stored: its layer of the cache, its kind and its fingerprint.

A key is salted with the tools that make the bytes, so that an upgrade never serves old pixels
and a rollback finds them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from resplice.core.filtergraph import (
    Invocation,
    mix_invocation,
    row_invocation,
    segment_invocation,
    sheet_invocation,
    sound_invocation,
    still_invocation,
)
from resplice.core.filtergraph.inputs import AS_NAMED, Paths
from resplice.core.fingerprint import (
    digest,
    fingerprint,
    fingerprint_of,
    said_of,
    without_inert,
)
from resplice.core.media import PREFIX, urls_in
from resplice.core.owners import FIRST_OWNER
from resplice.core.pieces import MixTask, RowTask, SegmentTask, SheetTask, SoundTask, StillTask
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie
from resplice.core.sources import asked_by
from resplice.core.tasks import SpeakTask, Task, kind_of
from resplice.frozen import frozen

SHORT_CHARS = 16
MEDIA = f"/{PREFIX}".encode()
"""What stands in every URL of a file of our own."""


@frozen
class Tools:
    """What makes pictures and sound, each named by a digest or a version; core: this package's.

    owner: whose cache it is. What is stored under a key tells that somebody has asked for it, so
    each has keys of their own; bytes lie under their digests, which tell nothing.
    """

    ffmpeg: str
    resampler: str
    browser: str
    core: str
    owner: str = FIRST_OWNER

    def named(self, *names: str) -> list[str]:
        """The salts of a key: these tools, and the owner."""
        whose = [] if self.owner == FIRST_OWNER else [f"owner {self.owner}"]
        return [*(str(getattr(self, name)) for name in names), *whose]

    def short_name(self) -> str:
        """Of all of them, whoever the owner: tells an installation from the one after it."""
        return fingerprint_of(replace(self, owner=FIRST_OWNER), kind="tools")[:SHORT_CHARS]


def movie_key(movie: Movie, tools: Tools, offers: Offers = NO_OFFERS) -> str:
    """See key_and_media."""
    return key_and_media(movie, tools, offers)[0]


def key_and_media(
    movie: Movie, tools: Tools, offers: Offers = NO_OFFERS
) -> tuple[str, tuple[str, ...]]:
    """The movie's key, and the URLs in it that look like those of files of our own, sorted.

    The key is of the whole expanded document with its defaults, of every tool, and of our own core:
    how a document is read may change with it. What its scenes are made of is found all the same.

    Where providers do something for the movie, it is also of who does that here; and it is of the
    components that the movie is made of, which may be the user's own.
    """
    document = without_inert(movie.model_dump(mode="json", by_alias=True))
    salts = tools.named("core", "ffmpeg", "resampler", "browser")
    if movie.thumbnail_at is not None:
        salts.append(f"poster at {movie.thumbnail_at:g}")
    asked = asked_by(movie)
    if asked.services:
        salts.append(fingerprint_of(offers.of(asked.services, asked.connections)))
    used = offers.with_components(asked.components).components
    salts += [fingerprint_of(each) for each in used]
    said = said_of("movie", document, *salts)
    return f"movies/{digest(said)}", urls_in(said.decode()) if MEDIA in said else ()


def pinned_key(key: str, versions: Mapping[str, str]) -> str:
    """Of a movie, when files of our own are of these versions. versions: by URL."""
    return f"movies/{fingerprint('media', [key, dict(versions)])}" if versions else key


def element_key(task: Task, tools: Tools) -> str:
    """Made of the row of the task's kind. Raises TypeError for a task whose class has none."""
    kind = kind_of(task)
    salts = tools.named(*kind.salts)
    return f"elements/{kind.name}/{fingerprint_of(task, *salts, version=kind.version)}"


def said_key(part: SpeakTask, tools: Tools) -> str:
    """Of a part of a text as the provider said it: no tool of ours has had a hand in it."""
    return f"elements/said/{fingerprint_of(part, *tools.named(), version=1)}"


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


PieceTask = SegmentTask | StillTask | SheetTask | SoundTask | RowTask | MixTask
PIECE_KINDS: dict[type[PieceTask], PieceKind] = {
    SegmentTask: PieceKind("segment", "segment.mp4", 1, segment_invocation, movers=("resampler",)),
    StillTask: PieceKind("still", "still.png", 1, still_invocation, movers=("resampler",)),
    SheetTask: PieceKind("sheet", "sheet.png", 1, sheet_invocation),
    SoundTask: PieceKind("sound", "sound.flac", 1, sound_invocation),
    RowTask: PieceKind("row", "row.flac", 1, row_invocation),
    MixTask: PieceKind("mix", "mix.m4a", 1, mix_invocation),
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
