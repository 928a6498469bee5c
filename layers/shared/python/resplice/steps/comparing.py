"""Comparing a movie with earlier renders of it: what computes for seconds when documents are large.

Plain values go in and come out, so that it can be done where nobody is held up by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from resplice.core.differences import equal_scenes
from resplice.core.document.expand import expanded
from resplice.core.document.strict_json import parse
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import checked
from resplice.core.why import Rendered, explained
from resplice.errors import DocumentError
from resplice.frozen import frozen
from resplice.steps.pipeline.accept import uncollected

T = TypeVar("T")
COMPARING_S = 1.0
"""For how long one more document is looked at: a few words can stand for ten thousand elements."""


class Away(Protocol):
    """Calls a function, maybe in another process: for who asks a thread of a server."""

    def __call__(self, function: Callable[..., T], *arguments: Any) -> T: ...


def here(function: Callable[..., T], *arguments: Any) -> T:
    """An Away that goes nowhere."""
    return function(*arguments)


@frozen
class Nearest:
    """index: of the document. scenes: that it has in common."""

    index: int
    scenes: int


def nearest(
    document: str, others: Sequence[str], now_s: Callable[[], float] = time.monotonic
) -> Nearest | None:
    """The first one with the most scenes in common; None when nothing has any."""
    until_s, found = now_s() + COMPARING_S, None
    with uncollected():
        movie = movie_of(document)
        for index, other in enumerate(others if movie else ()):
            then = movie_of(other) if now_s() < until_s else None
            equal = equal_scenes(then, movie) if then and movie else 0
            if equal > (found.scenes if found else 0):
                found = Nearest(index, equal)
    return found


def with_reasons(
    document: str,
    report: Mapping[str, Any],
    before: str | None = None,
    report_before: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """The report with the reason of every miss, as far as one can be told.

    before: the document of an earlier render, with its report.
    """
    with uncollected():
        movie = movie_of(document)
        then = movie_of(before) if before else None
        known = Rendered(then, report_before or {}) if then else None
        return explained(Rendered(movie, report), known) if movie else report


def movie_of(document: str) -> Movie | None:
    """None when it is none that we would take now."""
    try:
        whole, unresolved, _ = expanded(parse(document.encode()))
    except DocumentError:
        return None
    movie, problems = checked(whole)
    return None if problems or unresolved else movie
