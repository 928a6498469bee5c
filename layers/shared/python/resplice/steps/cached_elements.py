"""What the cache holds of a movie's elements: looked up, never made.

Tasks come in rounds, since some need what others bring; what needs something that is not there is
not known of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, FactsOf
from resplice.core.sources import ElementTask, element_tasks
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
