"""What the cache holds of a movie's elements: looked up, never made.

Tasks come in rounds, since some need what others bring; what needs something that is not there is
not known of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from resplice.core.assumed import assumed
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.elements import TYPES
from resplice.core.facts import Facts, FactsOf
from resplice.core.keys import element_key
from resplice.core.schema.movie import Movie
from resplice.core.sources import ElementTask, element_tasks, medium_at, place_of
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.element_cache import find_all
from resplice.steps.pipeline.accept import Accepted

NO_RUN = ""


@frozen
class Cached:
    """facts: of what is there, by path. tasks: all that are known of; missing: those of them that
    are not there, by path.
    """

    facts: FactsOf
    tasks: tuple[ElementTask, ...]
    missing: Mapping[DocumentPath, ElementTask]


def cached_elements(
    accepted: Accepted,
    ports: Ports,
    otherwise: Callable[[ElementTask], Facts | None] = lambda task: None,
) -> Cached:
    """otherwise: the facts that are taken for those of what is missing. Raises StorageError."""
    facts: dict[DocumentPath, Facts] = {}
    known: dict[DocumentPath, ElementTask] = {}
    missing: dict[DocumentPath, ElementTask] = {}
    while wanted := [
        each
        for each in element_tasks(accepted.movie, facts, accepted.offers, dict(accepted.versions))
        if each.path not in known
    ]:
        unforced = [replace(each, forced=False) for each in wanted]
        for each, outcome in zip(wanted, find_all(unforced, ports, NO_RUN), strict=True):
            known[each.path] = each
            if outcome is None:
                missing[each.path] = each
            if there := outcome.facts if outcome else otherwise(each):
                facts[each.path] = there
    return Cached(facts, tuple(known.values()), missing)


def assumed_facts(movie: Movie, ports: Ports) -> Callable[[ElementTask], Facts]:
    """What is taken for the facts of an element that is not there: see core.assumed."""
    elements = dict(movie.each_element())

    def otherwise(wanted: ElementTask) -> Facts:
        path, digest = wanted.path, element_key(wanted.task, ports.tools).rpartition("/")[2]
        element = elements[path[: len(path) - len(place_of(path))]]
        seek_s = getattr(element, "seek", 0)
        return assumed(wanted.task, medium_at(path, wanted.type), digest, seek_s)

    return otherwise


def assumed_lengths(cached: Cached) -> tuple[str, ...]:
    """Of what is not in the cache, what decides lengths, in words, each with its path."""
    return tuple(
        f"{json_path(each.path)}: how long it is; {_seconds(cached.facts[each.path])} s are assumed"
        for each in cached.missing.values()
        if not place_of(each.path) and TYPES[each.type].has_length
    )


def _seconds(facts: Facts) -> str:
    lasts_us = getattr(facts, "duration_us", None) or 0
    return f"{lasts_us / 1e6:.3g}"
