"""Prepare: what is known of a movie's elements so far, and what is to be made next.

It reports all that failed at once, each with its path. Nothing is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from resplice.core.caching import is_made_here
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.problems import joined
from resplice.core.facts import Facts, FactsOf
from resplice.core.media import NO_VERSIONS
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.report import ElementReport
from resplice.core.schema.movie import Movie
from resplice.core.schema.unknown import unknown_keys
from resplice.core.sources import ElementTask, element_tasks, kind_problems, notes, said_path
from resplice.core.warned import first
from resplice.errors import MakeError, MakeFault, Problem
from resplice.frozen import frozen
from resplice.steps.pipeline.element import TaskResult


@frozen
class Prepared:
    """Facts of all elements by path, and what each came from, in the order of the document."""

    made: tuple[tuple[DocumentPath, Facts], ...]
    reports: tuple[ElementReport, ...]
    warnings: tuple[str, ...]

    @property
    def facts(self) -> FactsOf:
        return dict(self.made)


class Preparation:
    """Gathers what came of a movie's element tasks. versions: of files of our own, by URL.
    proves: what is made here is made again.
    """

    def __init__(
        self,
        movie: Movie,
        offers: Offers = NO_OFFERS,
        versions: Mapping[str, str] = NO_VERSIONS,
        *,
        proves: bool = False,
    ) -> None:
        self._movie, self._offers, self._versions = movie, offers, versions
        self._proves = proves
        self._facts: dict[DocumentPath, Facts] = {}
        self._ours = False
        self._failed: dict[DocumentPath, Problem] = {}
        self._reports: dict[DocumentPath, ElementReport] = {}
        self._warnings = dict.fromkeys([*unknown_keys(movie), *notes(movie, offers)])

    def next_tasks(self) -> list[ElementTask]:
        """What can be made next; nothing when all is made, or has failed."""
        tasks = element_tasks(self._movie, self._facts, self._offers, self._versions)
        todo = [wanted for wanted in tasks if wanted.path not in self._failed]
        return [self._proven(wanted) for wanted in todo] if self._proves else todo

    def _proven(self, wanted: ElementTask) -> ElementTask:
        return replace(wanted, forced=is_made_here(wanted.task))

    def add(self, result: TaskResult) -> None:
        if result.problem:
            self._failed[result.path] = result.problem
            self._ours = self._ours or result.ours
        elif outcome := result.outcome:
            self._facts[result.path] = outcome.facts
            self._reports[result.path] = ElementReport(
                json_path(result.path),
                result.type,
                outcome.result,
                outcome.key,
                outcome.bill,
                outcome.passing,
                outcome.facts.digest,
                result.origin,
            )
            path = json_path(said_path(result.path, result.type))
            self._warnings |= dict.fromkeys(f"{path}: {words}" for words in outcome.warnings)

    def prepared(self) -> Prepared:
        """Raises MakeError when something could not be made, or used; MakeFault when that is for
        whoever runs the server to mend.
        """
        problems = joined(self._failed.values(), kind_problems(self._movie, self._facts))
        if problems:
            raise (MakeFault if self._ours else MakeError)(problems)
        made = tuple(self._facts.items())
        return Prepared(made, self.reports(), self.warnings())

    def reports(self) -> tuple[ElementReport, ...]:
        """Of what is known up to now, in the order of the document."""
        in_order = sorted(self._reports, key=lambda path: (path[0] != "scenes", path))
        return tuple(self._reports[path] for path in in_order)

    def warnings(self) -> tuple[str, ...]:
        """Of what is known up to now: what only the document says is told from the beginning."""
        return tuple(first(self._warnings, MAX_WARNINGS))
