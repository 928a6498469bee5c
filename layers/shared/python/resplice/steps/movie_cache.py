"""The movie layer of the cache: a movie's key leads to the object that is its file."""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.report import MovieResult, Report
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.pointing import point


@dataclass(frozen=True)
class Outcome:
    """A stored movie, and what it was made from."""

    stored: StoredObject
    report: Report


def look_up(movie_key: str, ports: Ports, result: MovieResult = "hit") -> Outcome | None:
    """The movie as the cache has it."""
    pointer = ports.cache_index.pointer(movie_key)
    stored = ports.objects.head(pointer["object"]) if pointer else None
    if not stored:
        return None
    saved_ms = stored.facts.get("render_ms", 0)
    return Outcome(stored, Report(result, movie_key, saved_ms=saved_ms))


def publish(movie_key: str, stored: StoredObject, began_ms: int, ports: Ports) -> None:
    """From now on the movie's key leads to this object, unless to one of a run begun later."""
    point(movie_key, {"object": stored.key}, began_ms, ports)
