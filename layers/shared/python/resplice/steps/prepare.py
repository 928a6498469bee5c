"""Prepare: make every element of a movie, wave by wave, until nothing is unknown.

All that fails is told at once, each with its path.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from resplice.core.facts import MediaFacts
from resplice.core.report import ElementReport
from resplice.core.schema import Movie
from resplice.core.schema.problems import json_path, problem_at
from resplice.core.sources import FetchTask, PaintTask, Wanted, kind_problems, wanted
from resplice.core.timeline import FactsOf, Path
from resplice.errors import MakeError, PaintError, SourceError
from resplice.ports import Ports
from resplice.steps.element import Made, make


@dataclass(frozen=True)
class Prepared:
    """Facts of all elements, and what each came from."""

    facts: FactsOf
    reports: tuple[ElementReport, ...]
    warnings: tuple[str, ...]


def prepare(movie: Movie, ports: Ports, *, on_made: Callable[[], None] = lambda: None) -> Prepared:
    """Make what the movie needs. Raises MakeError, StorageError."""
    facts: dict[Path, MediaFacts] = {}
    reports: list[ElementReport] = []
    warnings: dict[str, None] = {}
    while wave := wanted(movie, facts):
        for want, made in _wave(wave, movie, ports):
            facts[want.path] = made.facts
            reports.append(ElementReport(json_path(want.path), want.type, made.result, made.key))
            warnings |= dict.fromkeys(made.warnings)
            on_made()
    if problems := kind_problems(movie, facts):
        raise MakeError(problems)
    return Prepared(facts, tuple(reports), tuple(warnings))


def _wave(wave: list[Wanted], movie: Movie, ports: Ports) -> list[tuple[Wanted, Made]]:
    """Every task of the wave once, whoever wants it; forced when anyone forces it."""
    futures: dict[FetchTask | PaintTask, Future[Made]] = {}
    for want in sorted(wave, key=lambda want: not want.forced):
        if want.task not in futures:
            futures[want.task] = ports.fetchers.submit(
                make, want, ports, revalidate=not movie.cache
            )
    problems, made = [], []
    for want in wave:
        try:
            made.append((want, futures[want.task].result()))
        except (SourceError, PaintError) as error:
            inside = (
                want.path
                if want.path[-2] != "elements" or want.type == "text"
                else (*want.path, "src")
            )
            problems.append(problem_at(list(inside), str(error)))
    if problems:
        raise MakeError(problems)
    return made
