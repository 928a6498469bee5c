"""Where movies and the results of element tasks are stored: layer of the cache, kind, fingerprint.

Pieces of video and sound: core.piece_keys.

A key is salted with the tools that make the bytes, so that an upgrade never serves old pixels
and a rollback finds them again.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.fingerprint import (
    digest,
    fingerprint,
    fingerprint_of,
    said_of,
    without_inert,
)
from resplice.core.media import PREFIX, urls_in
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie
from resplice.core.sources import asked_by
from resplice.core.tasks import SpeakTask, Task, kind_of
from resplice.core.tools import Tools

MEDIA = f"/{PREFIX}".encode()
"""What stands in every URL of a file of our own."""


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
    if movie.content_credentials:
        salts.append("content credentials")
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
