"""Prepare: make every element of a movie, wave by wave, until nothing is unknown.

All that fails is told at once, each with its path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.problems import joined
from resplice.core.facts import Facts, FactsOf
from resplice.core.report import ElementReport
from resplice.core.schema.movie import Movie
from resplice.core.schema.unknown import unknown_keys
from resplice.core.sources import ElementTask, element_tasks, kind_problems
from resplice.errors import MakeError, Problem
from resplice.ports import Ports
from resplice.steps.element import TaskOutcome, TaskResult, answered, make_all


@dataclass(frozen=True)
class Prepared:
    """Facts of all elements by path, and what each came from."""

    made: tuple[tuple[DocumentPath, Facts], ...]
    reports: tuple[ElementReport, ...]
    warnings: tuple[str, ...]

    @property
    def facts(self) -> FactsOf:
        return dict(self.made)


class Gathering:
    """What is known of a movie's elements so far."""

    def __init__(self, movie: Movie) -> None:
        self._movie = movie
        self._facts: dict[DocumentPath, Facts] = {}
        self._failed: dict[DocumentPath, Problem] = {}
        self._reports: list[ElementReport] = []
        self._warnings = dict.fromkeys(unknown_keys(movie))

    def wave(self) -> list[ElementTask]:
        """What can be made next; nothing when all is made, or has failed."""
        return [w for w in element_tasks(self._movie, self._facts) if w.path not in self._failed]

    def take(self, answer: TaskResult) -> None:
        """What came of a want."""
        if answer.problem:
            self._failed[answer.path] = answer.problem
        elif made := answer.made:
            self._facts[answer.path] = made.facts
            told = ElementReport(json_path(answer.path), answer.type, made.result, made.key)
            self._reports.append(told)
            self._warnings |= dict.fromkeys(made.warnings)

    def prepared(self) -> Prepared:
        """Raises MakeError when something could not be made, or used."""
        problems = joined(self._failed.values(), kind_problems(self._movie, self._facts))
        if problems:
            raise MakeError(problems)
        made = tuple(self._facts.items())
        return Prepared(made, tuple(self._reports), tuple(self._warnings))


def prepare(
    movie: Movie, ports: Ports, run: str, *, on_made: Callable[[], None] = lambda: None
) -> Prepared:
    """Make what the movie needs. Raises MakeError, StorageError."""
    gathering = Gathering(movie)
    while wave := gathering.wave():
        for want, made in make_all(wave, ports, revalidate=not movie.cache, run=run):
            gathering.take(answered(want, made))
            if isinstance(made, TaskOutcome):
                on_made()
    return gathering.prepared()
