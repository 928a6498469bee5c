"""Accept: a document to a movie that can be rendered, with its key. Nothing is fetched.

It reports all that is wrong with the document at once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from resplice.core.caching import bypasses
from resplice.core.components import ComponentFolder
from resplice.core.document.expand import expanded
from resplice.core.document.problems import joined
from resplice.core.exports.targets import connections_named, target_problems
from resplice.core.keys import key_and_media, pinned_key
from resplice.core.owners import FIRST_OWNER
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.quotas import KeyBounds
from resplice.core.schema.movie import Movie
from resplice.core.schema.unknown import unknown_in_exports
from resplice.core.schema.validation import checked
from resplice.core.sources import Asked, asked_by, lacks, source_problems
from resplice.core.tools import Tools
from resplice.core.wanted_stills import Stills
from resplice.errors import DocumentError
from resplice.frozen import frozen

NOTHING = Asked((), (), ())


@frozen
class Accepted:
    """A valid movie, expanded, and the key of the movie cache. bypass: do not look it up.

    offers: who speaks, transcribes and generates for it, and the components that it is made of,
    from here to its end; NO_OFFERS where it asks nobody. owner: whose cache it is made from
    media: URLs in it that may be of our own files. versions: those that are, each with the version
    of its file; the key is of them too
    elements_only, stills: as in ports.projects.Project
    bounded: as in ports.projects.Project
    said: warnings of how the document is written, which another with the same key need not share
    proves: whether its movie is made to be compared with the one in the cache: see core.proof
    """

    movie: Movie
    key: str
    bypass: bool
    offers: Offers = NO_OFFERS
    owner: str = FIRST_OWNER
    media: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    elements_only: bool = False
    said: tuple[str, ...] = ()
    bounded: KeyBounds | None = None
    stills: Stills | None = None
    proves: bool = False


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: documents have no cycles, and looking for some takes a quarter
    of the time of a large one. Who found it collecting lets it collect again, so threads may cross.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def accept(
    document: Mapping[str, Any],
    tools: Tools,
    offered: Callable[[], Offers] = lambda: NO_OFFERS,
    components: Callable[[], tuple[ComponentFolder, ...]] = tuple,
    *,
    variables: Mapping[str, Any] | None = None,
    files_allowed: bool = False,
    lacking_allowed: bool = False,
    located: Callable[[dict[str, Any]], dict[str, Any]] = lambda document: document,
) -> Accepted:
    """Expand, validate and fingerprint. Raises DocumentError.

    offered: asked only for a movie that asks somebody: reading connections takes a call on AWS.
    components: those that there are, likewise.
    lacking_allowed: whether elements may be without what they cannot be rendered without.
    located: makes URLs of the local files in the expanded document.
    """
    whole, unresolved, warnings = expanded(document, variables)
    whole = located(whole)
    movie, malformed = checked(whole)
    if movie and tools.credentials:
        movie = movie.model_copy(update={"content_credentials": True})
    asked = asked_by(movie) if movie else NOTHING
    offers = offered() if movie and _asks(movie, asked) else NO_OFFERS
    offers = replace(offers, components=components()) if asked.components else offers
    refused = source_problems(movie, offers, files_allowed=files_allowed) if movie else []
    lacking = lacks(movie) if movie else []
    if unresolved and not whole.get("scenes"):
        # A scene that could not be repeated is not one that was never there.
        malformed = [problem for problem in malformed if problem.path != "scenes"]
    unsendable = target_problems(movie.exports, offers.connections) if movie else []
    problems = joined(unresolved, malformed, refused, unsendable)
    if problems or movie is None or (lacking and not lacking_allowed):
        raise DocumentError(joined(problems, lacking))
    offers = offers.with_components(asked.components)
    key, media = key_and_media(movie, tools, offers)
    said = (*warnings, *unknown_in_exports(movie))
    return Accepted(movie, key, bypasses(movie), offers, tools.owner, media, said=said)


def with_versions(accepted: Accepted, versions: Mapping[str, str]) -> Accepted:
    """versions: of files of our own that it names, by URL."""
    key = pinned_key(accepted.key, versions)
    return replace(accepted, key=key, versions=tuple(sorted(versions.items())))


def _asks(movie: Movie, asked: Asked) -> bool:
    """Whether it matters to the movie what is offered."""
    return bool(asked.services or asked.connections or connections_named(movie.exports))
