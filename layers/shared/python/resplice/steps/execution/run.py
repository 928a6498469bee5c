"""Run: a movie from accepted to stored, through every layer of the cache, once.

Equal movies that are asked for at the same time, by any process on the same leases, are
rendered by one of them: it holds a lease and the others wait for its result. When it dies,
exactly one of the others takes over.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from resplice.core.pieces import SegmentTask
from resplice.core.report import MovieResult, Report
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.ports.leases import Lease
from resplice.ports.objects import StoredObject
from resplice.steps.pipeline import movie as movie_step
from resplice.steps.pipeline import scene as scene_step
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import (
    Planned,
    Work,
    plan_movie,
    scene_reports,
    transition_reports,
)
from resplice.steps.pipeline.prepare import Prepared, prepare
from resplice.steps.pointing import point

LEASE_MS = 6_000
HEARTBEAT_SECONDS = 1.5
POLL_SECONDS = 0.05
MAX_POLL_SECONDS = 0.5
MAX_ATTEMPTS = 3
"""How often one stored piece may turn out to be gone or damaged before a run gives up."""


class Watcher(Protocol):
    """Is told how a run goes on. Called from many threads."""

    def waiting(self) -> None: ...
    def made(self) -> None: ...
    def planned(self, planned: Planned) -> None: ...
    def frames(self, key: str, done: int) -> None: ...
    def joining(self) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """A stored movie, and what it was made from."""

    stored: StoredObject
    report: Report


def run(accepted: Accepted, ports: Ports, watcher: Watcher) -> Outcome:
    """The movie, from the cache, from another run of it in progress, or rendered.

    Raises DocumentError, MakeError, RenderError, StorageError.
    """
    if accepted.bypass:
        return _render(accepted, ports, watcher, "bypass", uuid.uuid4().hex)
    if hit := look_up(accepted.key, ports):
        return hit
    holder, pause_s = uuid.uuid4().hex, 0.0
    while not (lease := ports.leases.claim(accepted.key, holder, ports.clock.now_ms(), LEASE_MS)):
        if not pause_s:
            watcher.waiting()
        pause_s = min(MAX_POLL_SECONDS, pause_s + POLL_SECONDS)
        threading.Event().wait(pause_s)
        if hit := look_up(accepted.key, ports, "joined"):
            return hit
    with _held(lease, ports):
        hit = look_up(accepted.key, ports, "joined" if pause_s else "hit")
        return hit or _render(accepted, ports, watcher, "miss", holder)


def look_up(movie_key: str, ports: Ports, result: MovieResult = "hit") -> Outcome | None:
    """The movie as the cache has it."""
    pointer = ports.cache_index.pointer(movie_key)
    stored = ports.objects.head(pointer["object"]) if pointer else None
    if not stored:
        return None
    saved_ms = stored.facts.get("render_ms", 0)
    return Outcome(stored, Report(result, movie_key, saved_ms=saved_ms))


def publish(key: str, stored: StoredObject, began_ms: int, ports: Ports) -> None:
    """From now on the movie's key leads to this object, unless to one of a run begun later."""
    point(key, {"object": stored.key}, began_ms, ports)


@contextmanager
def _held(lease: Lease, ports: Ports) -> Iterator[None]:
    """Keep the lease alive while the work is done, and give it up after."""
    done, latest = threading.Event(), [lease]

    def beat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            renewed = ports.leases.renew(latest[0], ports.clock.now_ms(), LEASE_MS)
            if renewed is None:
                return
            latest[0] = renewed

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        ports.leases.release(latest[0])


def _render(
    accepted: Accepted, ports: Ports, watcher: Watcher, result: MovieResult, run: str
) -> Outcome:
    """Render, and begin again when a piece that was there at first turns out not to be."""
    gone: Counter[str] = Counter()
    while True:
        try:
            return _render_once(accepted, ports, watcher, result, run)
        except NotFound as error:
            gone[str(error)] += 1
            if gone[str(error)] == MAX_ATTEMPTS:
                raise


def _render_once(
    accepted: Accepted, ports: Ports, watcher: Watcher, result: MovieResult, run: str
) -> Outcome:
    """What this run made in an attempt before is not made again."""
    movie, times, began_ms = accepted.movie, Stopwatch(ports.clock.now_ms), ports.clock.now_ms()
    prepared = prepare(movie, ports, run, on_made=watcher.made)
    times.lap("elements")
    planned = plan_movie(movie, prepared.facts, ports, run)
    watcher.planned(planned)
    times.lap("plan")
    _make_all(planned, ports, watcher, run)
    times.lap("scenes")
    watcher.joining()
    joined = movie_step.join(movie_step.joining(planned), ports, run)
    publish(accepted.key, joined.stored, began_ms, ports)
    times.lap("movie")
    report = replace(reported(accepted, prepared, planned), result=result)
    rendered_ms = report.rendered_ms + joined.made_ms
    told = replace(report, timings_ms=times.laps_ms, rendered_ms=rendered_ms)
    return Outcome(joined.stored, told)


def explain(accepted: Accepted, ports: Ports) -> tuple[Report, Planned]:
    """What a run would be served from. Makes the elements, whose lengths a plan needs."""
    run = uuid.uuid4().hex
    prepared = prepare(accepted.movie, ports, run)
    planned = plan_movie(accepted.movie, prepared.facts, ports, run)
    report = reported(accepted, prepared, planned)
    if not accepted.bypass and look_up(accepted.key, ports):
        report = replace(report, result="hit")
    return report, planned


def reported(accepted: Accepted, prepared: Prepared, planned: Planned) -> Report:
    """What is known when the plan is made."""
    hits = [work for work in planned.done() if work.result == "hit"]
    own = [work for work in planned.done() if work.result != "hit"]
    return Report(
        "bypass" if accepted.bypass else "miss",
        accepted.key,
        scene_reports(planned, accepted.movie),
        transition_reports(planned),
        prepared.reports,
        warnings=prepared.warnings,
        rendered_ms=sum(work.render_ms for work in own),
        saved_ms=sum(work.render_ms for work in hits),
    )


def _make_all(planned: Planned, ports: Ports, watcher: Watcher, run: str) -> None:
    """Every miss, a few at a time, so that movies rendered side by side take turns.

    The first failure stops what has not begun, and is raised.
    """

    def one(work: Work) -> None:
        frames = work.task.frames if isinstance(work.task, SegmentTask) else 0
        # All of its frames are told only when the segment is stored.
        scene_step.make(
            *(work.task, work.key, ports, run),
            lambda done: watcher.frames(work.key, min(done, frames - 1)),
        )
        watcher.frames(work.key, frames)

    todo = list(reversed(planned.misses().values()))
    running: set[Future[None]] = set()
    try:
        while todo or running:
            while todo and len(running) < ports.renders_at_once:
                running.add(ports.renderers.submit(one, todo.pop()))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
    except Exception:
        for future in running:
            future.cancel()
        wait(running)
        raise


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms, self._last_ms = now_ms, now_ms()
        self.laps_ms: dict[str, int] = {}

    def lap(self, stage: str) -> None:
        now_ms = self._now_ms()
        self.laps_ms[stage] = now_ms - self._last_ms
        self._last_ms = now_ms
