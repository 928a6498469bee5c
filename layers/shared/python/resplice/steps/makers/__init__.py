"""Who makes each kind of element work: MAKERS, the one table, and a file for each maker.

A new kind is a value in core/tasks, its row there, a file here, and a row below: the workflow's
branches and the functions' ports follow.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.tasks import Task, kind_of
from resplice.steps.makers import fetch, paint
from resplice.steps.makers.maker import Job, Maker

__all__ = ["MAKERS", "Job", "Maker", "functions", "maker_of", "ports_of"]

MAKERS: Mapping[str, Maker] = {
    "fetch": Maker(fetch.make, ("web", "prober"), "element", revalidates=True),
    "paint": Maker(paint.make, ("browser",), "paint", max_batch=12),
}

STORING = ("objects", "cache_index", "checkpoints")
"""The ports that every function which makes elements needs."""


def maker_of(task: Task) -> Maker:
    return MAKERS[kind_of(task).name]


def functions() -> tuple[str, ...]:
    """Every function that makes elements, each once."""
    return tuple(dict.fromkeys(maker.function for maker in MAKERS.values()))


def ports_of(function: str) -> tuple[str, ...]:
    """The ports that a function needs for all that it makes."""
    own = [port for maker in MAKERS.values() if maker.function == function for port in maker.ports]
    return tuple(dict.fromkeys([*STORING, *own]))
