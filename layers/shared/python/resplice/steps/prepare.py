"""Prepare: make every element of a movie, wave by wave, until nothing is unknown.

All that fails is told at once, each with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from resplice.core.facts import MediaFacts
from resplice.core.report import ElementReport
from resplice.core.schema import Movie, joined, unknown_keys
from resplice.core.schema.problems import json_path, problem_at
from resplice.core.sources import (
    FetchTask,
    PaintTask,
    Wanted,
    inside,
    kind_problems,
    unsuitable,
    wanted,
)
from resplice.core.timeline import FactsOf, Path
from resplice.errors import MakeError, PaintError, Problem, SourceError, SourceInvalid
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
    failed: dict[Path, Problem] = {}
    reports: list[ElementReport] = []
    warnings = dict.fromkeys(unknown_keys(movie))
    while wave := [want for want in wanted(movie, facts) if want.path not in failed]:
        for want, made in _wave(wave, movie, ports):
            if isinstance(made, Exception):
                failed[want.path] = _problem(want, made)
                continue
            facts[want.path] = made.facts
            reports.append(ElementReport(json_path(want.path), want.type, made.result, made.key))
            warnings |= dict.fromkeys(made.warnings)
            on_made()
    if problems := joined(failed.values(), kind_problems(movie, facts)):
        raise MakeError(problems)
    return Prepared(facts, tuple(reports), tuple(warnings))


def _wave(
    wave: list[Wanted], movie: Movie, ports: Ports
) -> Iterator[tuple[Wanted, Made | SourceError | PaintError]]:
    """Every task of the wave once, whoever wants it; forced when anyone forces it."""
    futures: dict[FetchTask | PaintTask, Future[Made]] = {}
    try:
        for want in sorted(wave, key=lambda want: not want.forced):
            if want.task not in futures:
                futures[want.task] = ports.fetchers.submit(
                    make, want, ports, revalidate=not movie.cache
                )
        for want in wave:
            try:
                yield want, futures[want.task].result()
            except (SourceError, PaintError) as error:
                yield want, error
    finally:
        for future in futures.values():
            future.cancel()


def _problem(want: Wanted, error: Exception) -> Problem:
    place = inside(want.path)
    if isinstance(error, SourceInvalid) and isinstance(want.task, FetchTask):
        message = unsuitable(want.type, place, want.task.url, error.reason)
    else:
        message = str(error)
    own = () if place or isinstance(want.task, PaintTask) else ("src",)
    return problem_at([*want.path, *own], message)
