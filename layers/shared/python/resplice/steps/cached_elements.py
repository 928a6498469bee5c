"""What the cache holds of a movie's elements: looked up, never made.

Tasks come in rounds, since some need what others bring; what needs something that is not there is
not known of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resplice.core.assumed import assumed
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.elements import TYPES
from resplice.core.facts import Facts, FactsOf
from resplice.core.keys import element_key
from resplice.core.sources import ElementTask, element_tasks, medium_at, place_of
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.element_cache import find
from resplice.steps.pipeline.accept import Accepted

NO_RUN = ""


@frozen
class Cached:
    """facts: of what is there, by path. tasks: all that are known of; missing: those of them that
    are not there.
    """

    facts: FactsOf
    tasks: tuple[ElementTask, ...]
    missing: tuple[ElementTask, ...]


def cached_elements(
    accepted: Accepted,
    ports: Ports,
    otherwise: Callable[[ElementTask], Facts | None] = lambda task: None,
) -> Cached:
    """otherwise: the facts that are taken for those of what is missing. Raises StorageError."""
    facts: dict[DocumentPath, Facts] = {}
    known: dict[DocumentPath, ElementTask] = {}
    missing: list[ElementTask] = []
    while wanted := [
        each
        for each in element_tasks(accepted.movie, facts, accepted.offers, dict(accepted.versions))
        if each.path not in known
    ]:
        for each in wanted:
            known[each.path] = each
            outcome = find(replace(each, forced=False), ports, NO_RUN)
            if outcome is None:
                missing.append(each)
            if there := outcome.facts if outcome else otherwise(each):
                facts[each.path] = there
    return Cached(facts, tuple(known.values()), tuple(missing))


def assumed_facts(ports: Ports) -> Callable[[ElementTask], Facts]:
    """What is taken for the facts of an element that is not there: see core.assumed."""

    def otherwise(wanted: ElementTask) -> Facts:
        digest = element_key(wanted.task, ports.tools).rpartition("/")[2]
        return assumed(wanted.task, medium_at(wanted.path, wanted.type), digest)

    return otherwise


def assumed_lengths(cached: Cached) -> tuple[str, ...]:
    """Of what is not in the cache, what decides lengths, in words, each with its path."""
    return tuple(
        f"{json_path(each.path)}: how long it is; {_seconds(cached.facts[each.path])} s are assumed"
        for each in cached.missing
        if not place_of(each.path) and TYPES[each.type].has_length
    )


def _seconds(facts: Facts) -> str:
    lasts_us = getattr(facts, "duration_us", None) or 0
    return f"{lasts_us / 1e6:.3g}"
