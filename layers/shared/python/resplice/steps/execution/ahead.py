"""Ahead: scenes whose elements are there are rendered while those of others are still being made.

A piece lies under its key, whoever made it when. So what is made here is never wrong. It may be too
much: the plan cuts another way where lengths are no whole number of frames. Then it is ended.
Only for who has what it renders with in one process.
"""

from __future__ import annotations

import logging
from collections import ChainMap, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from threading import Lock

from resplice.core.document.paths import DocumentPath
from resplice.core.excerpt import excerpt, is_excerptible, scene_of
from resplice.core.facts import Facts
from resplice.core.pieces import SegmentTask
from resplice.core.sources import element_tasks
from resplice.errors import RespliceError
from resplice.ports import Ports
from resplice.steps.execution.dispatch import ACCEPTED
from resplice.steps.execution.progress import Stopped
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.element import TaskResult
from resplice.steps.pipeline.plan import Work, plan_movie
from resplice.steps.pipeline.scene import make

MOST_IN_VAIN = 8
"""Scenes in a row of which nothing is to be made here: then no more of them are looked at. After
an edit most are in the cache, and of slides all stand still.
"""
LOOK_EVERY_S = 0.5
MOST_PATIENCE_S = 5.0
"""What is to end does so when it tells of its next frames."""

log = logging.getLogger(__name__)

Piece = tuple[Work, Future[None]]
OnFrames = Callable[[str, int], None]
Check = Callable[[str], None]
"""Raises when the run is to end. It is told the key of a piece that is being made."""


class Ahead:
    """Of one run. Safe to use from many threads."""

    def __init__(self, run: str, ports: Ports, check: Check) -> None:
        self._run, self._ports, self._check = run, ports, check
        self._alone, self._ended, self._in_vain = Lock(), False, 0
        self._movie: Accepted | None = None
        self._facts = defaultdict[int, dict[DocumentPath, Facts]](dict)
        self._begun, self._pieces = set[int](), dict[str, Piece]()
        self._unwanted, self._awaited = set[str](), frozenset[str]()

    def made(self, results: Iterable[TaskResult]) -> None:
        """What came of element tasks: scenes that need no more than what is known are begun."""
        with self._alone:
            movie = self._opened()
            if self._ended:
                return
            for scene in self._touched(results, len(movie.movie.scenes)):
                if self._in_vain < MOST_IN_VAIN:
                    self._begin(movie, scene)

    def underway(self) -> frozenset[str]:
        """The keys of what is being made. What has not begun is left to others from now on."""
        with self._alone:
            self._ended = True
            pieces = self._pieces.items()
            self._pieces = {key: piece for key, piece in pieces if not piece[1].cancel()}
            running = (key for key, (_, made) in self._pieces.items() if not made.done())
            self._awaited = frozenset(running)
            return self._awaited

    def keep(self, keys: Container[str], on_frames: OnFrames = lambda key, done: None) -> None:
        """Of what is being made only these pieces are wanted: the others are not in the plan.

        on_frames: is told of each of them when it is there.
        """
        self._unwanted |= {key for key in self._pieces if key not in keys}
        for key, (work, made) in self._pieces.items():
            if key in keys:
                made.add_done_callback(partial(_tell, on_frames, work))

    def settle(self) -> list[Work]:
        """Wait for all that was underway and is wanted; what of it failed: what failed before is in
        the plan. Raises as the check does.
        """
        wanted = {key: self._pieces[key] for key in self._awaited - self._unwanted}
        left = {made for _, made in wanted.values()}
        while left:
            _, left = wait(left, LOOK_EVERY_S)
            for key in wanted:
                self._check(key)
        return [work for work, made in wanted.values() if made.exception()]

    def close(self) -> None:
        """End what goes on: nobody wants it any more."""
        self.underway()
        self.keep(())
        wait([made for _, made in self._pieces.values()], MOST_PATIENCE_S)

    def _opened(self) -> Accepted:
        if self._movie is None:
            movie = self._movie = self._ports.checkpoints.load(self._run, ACCEPTED, Accepted)
            self._ports = self._ports.of(movie.owner, movie.bounded)
            pictures_only = movie.elements_only or movie.stills
            bounded = self._ports.quotas.most("seconds")  # Of what they are, the whole plan tells.
            self._ended = bool(pictures_only or bounded) or not is_excerptible(movie.movie)
        return self._movie

    def _touched(self, results: Iterable[TaskResult], scenes: int) -> list[int]:
        """The scenes that may show what is new, or be blended with one that does."""
        touched = set[int]()
        for each in results:
            scene = scene_of(each.path)
            if each.outcome and scene is not None:
                self._facts[scene][each.path] = each.outcome.facts
                touched |= {scene - 1, scene, scene + 1}
        return sorted((touched & {*range(scenes)}) - self._begun)

    def _begin(self, movie: Accepted, scene: int) -> None:
        try:
            todo = self._todo(movie, scene)
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

    def _todo(self, movie: Accepted, scene: int) -> Sequence[Work] | None:
        """What of the scene is to be made alone; None as long as it needs more elements."""
        own = excerpt(movie.movie, scene)
        facts = own.facts(ChainMap(*(self._facts[n] for n in (scene - 1, scene, scene + 1))))
        if element_tasks(own.movie, facts, movie.offers, dict(movie.versions)):
            return None
        planned = plan_movie(own.movie, facts, self._ports, self._run, movie.offers)
        missing = planned.misses().values()
        return [work for work in missing if work.scene == own.scene and _is_alone(work)]

    def _make(self, work: Work, scene: int) -> None:
        def check(frames: int) -> None:
            if work.key in self._unwanted:
                raise Stopped
            self._check(work.key)

        with self._ports.trace.span(f"Scene #{scene + 1}, {work.part}, ahead", "piece"):
            make(work, self._ports, self._run, check)


def _tell(on_frames: OnFrames, work: Work, made: Future[None]) -> None:
    """Who is told may end the run: it is told again by whoever waits."""
    if not made.cancelled() and not made.exception():
        with suppress(Stopped):
            on_frames(work.key, work.frames)


def _is_alone(work: Work) -> bool:
    """What stands still is made with others of its kind."""
    return not (isinstance(work.task, SegmentTask) and work.task.profile.stands)
