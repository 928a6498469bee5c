"""Problems of a document: with the name of the scene and element that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from resplice.core.document.paths import Location, element_name, json_path
from resplice.errors import Problem


def joined(*stages: Iterable[Problem]) -> list[Problem]:
    """What several checks found, in document order; of a path only what the first said of it."""
    found: list[Problem] = []
    for stage in stages:
        told = {problem.path for problem in found}
        found += [problem for problem in stage if problem.path not in told]
    return sorted(found, key=_place)


def _place(problem: Problem) -> tuple[int, list[int]]:
    """Where it comes: the movie's own fields, its scenes, its elements."""
    parts = {"scenes": 1, "elements": 2}
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", problem.path)]
    return parts.get(problem.path.partition("[")[0], 0), numbers


def problem_at(path: Location, message: str) -> Problem:
    """A Problem whose message opens with the name of the scene and element."""
    name = element_name(path)
    return Problem(json_path(path), f"{name}: {message}" if name else message)
