"""Accept: a document to a movie that can be rendered, with its key. Nothing is fetched.

All that is wrong with the document is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resplice.core.expand import expand
from resplice.core.keys import Tools, movie_key
from resplice.core.schema import Movie, validate
from resplice.core.sources import source_problems
from resplice.errors import DocumentError


@dataclass(frozen=True)
class Accepted:
    """A valid movie, expanded, and the key of the movie cache. bypass: do not look it up."""

    movie: Movie
    key: str
    bypass: bool


def accept(
    document: Mapping[str, Any],
    tools: Tools,
    *,
    variables: Mapping[str, Any] | None = None,
    files_allowed: bool = False,
) -> Accepted:
    """Expand, validate and fingerprint. Raises DocumentError."""
    return accept_expanded(expand(document, variables), tools, files_allowed=files_allowed)


def accept_expanded(
    document: Mapping[str, Any], tools: Tools, *, files_allowed: bool = False
) -> Accepted:
    """Validate and fingerprint a document without variables. Raises DocumentError."""
    movie = validate(document)
    if problems := source_problems(movie, files_allowed=files_allowed):
        raise DocumentError(problems)
    return Accepted(movie, movie_key(movie, tools), movie.known_fresh())
