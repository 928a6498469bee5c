"""Ahead: scenes whose elements are there are rendered while those of others are still being made.

A piece lies under its key, whoever made it when. So what is made here may be too much, where the
plan then cuts another way, and never wrong. What fails here is tried again in its place, and told
there. Only for who has what it renders with in one process.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from threading import Event, Lock

from resplice.core.document.paths import DocumentPath
from resplice.core.excerpt import excerpt, is_excerptible, scene_of
from resplice.core.facts import Facts
from resplice.core.pieces import SegmentTask
from resplice.core.sources import element_tasks
from resplice.errors import RespliceError
from resplice.ports import Ports
from resplice.steps.execution.progress import Stopped
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.element import TaskResult
from resplice.steps.pipeline.plan import Work, plan_movie
from resplice.steps.pipeline.scene import make

MOST_IN_VAIN = 8
"""Scenes in a row of which nothing is to be made here: then no more of them are looked at. After
an edit most are in the cache, and of slides all stand still.
"""

log = logging.getLogger(__name__)


Piece = tuple[Work, Future[None]]


class Ahead:
    """Of one run. Safe to use from many threads; only settle and close wait."""

    def __init__(self, run: str, accepted: Accepted, ports: Ports) -> None:
        self._run, self._accepted, self._ports = run, accepted, ports.of(accepted.owner)
        self._facts = dict[DocumentPath, Facts]()
        self._begun, self._pieces = set[int](), dict[str, Piece]()
        self._alone, self._ended, self._unwanted = Lock(), Event(), Event()
        self._in_vain = 0
        whole = not (accepted.elements_only or accepted.stills)
        bounded = ports.quotas.most("seconds")  # What they are of is known with the whole plan.
        if not whole or bounded or not is_excerptible(accepted.movie):
            self._ended.set()

    def made(self, results: Iterable[TaskResult]) -> None:
        """What came of element tasks: scenes that need no more than what is known are begun."""
        new = {each.path: each.outcome.facts for each in results if each.outcome}
        with self._alone:
            if self._ended.is_set():
                return
            self._facts |= new
            touched = {near for path in new for near in _near(path)} - self._begun
            for scene in sorted(touched & {*range(len(self._accepted.movie.scenes))}):
                if self._in_vain < MOST_IN_VAIN:
                    self._begin(scene)

    def underway(self) -> frozenset[str]:
        """The keys of what is being made. What has not begun is left to others from now on."""
        with self._alone:
            self._ended.set()
            pieces = self._pieces.items()
            return frozenset(key for key, (_, made) in pieces if not (made.cancel() or made.done()))

    def settle(self) -> list[Work]:
        """Wait for all that has begun; what was made."""
        wait([made for _, made in self._pieces.values()])
        return [work for work, made in self._pieces.values() if _is_well(made)]

    def close(self) -> None:
        """End what goes on: nobody wants it any more."""
        self.underway()
        self._unwanted.set()
        self.settle()

    def _begin(self, scene: int) -> None:
        try:
            todo = self._todo(scene)
        except RespliceError as error:
            log.debug("scene %s is not rendered ahead: %s", scene + 1, error)
            todo = ()
        if todo is None:
            return
        self._begun.add(scene)
        self._in_vain = 0 if todo else self._in_vain + 1
        for work in todo:
            if work.key not in self._pieces:
                made = self._ports.renderers.submit(self._make, work, scene)
                self._pieces[work.key] = work, made

    def _todo(self, scene: int) -> Sequence[Work] | None:
        """What of the scene is to be made alone; None as long as it needs more elements."""
        accepted, own = self._accepted, excerpt(self._accepted.movie, scene)
        facts, versions = own.facts(self._facts), dict(accepted.versions)
        if element_tasks(own.movie, facts, accepted.offers, versions):
            return None
        planned = plan_movie(own.movie, facts, self._ports, self._run, accepted.offers)
        missing = planned.misses().values()
        return [work for work in missing if work.scene == own.scene and _is_alone(work)]

    def _make(self, work: Work, scene: int) -> None:
        with self._ports.trace.span(f"Scene #{scene + 1}, {work.part}, ahead", "piece"):
            make(work, self._ports, self._run, self._check)

    def _check(self, frames: int) -> None:
        if self._unwanted.is_set():
            raise Stopped


def _is_well(made: Future[None]) -> bool:
    return made.done() and not made.cancelled() and made.exception() is None


def _is_alone(work: Work) -> bool:
    """What stands still is made with others of its kind."""
    return not (isinstance(work.task, SegmentTask) and work.task.profile.stands)


def _near(path: DocumentPath) -> Iterator[int]:
    """The scenes that may show what is there, or be blended with one that does."""
    place = scene_of(path)
    if place is not None:
        yield from (place - 1, place, place + 1)
