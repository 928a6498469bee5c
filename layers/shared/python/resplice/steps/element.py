"""Element: make one element task, or find it made. Download or paint, store by content.

The bytes go under their digest, then a pointer to them under the task's key: a pointer whose
bytes are gone is a miss. A failure is never stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.facts import (
    FACTS_VERSION,
    MediaFacts,
    content_key,
    facts_from_json,
    facts_to_json,
    media,
)
from resplice.core.keys import element_key
from resplice.core.report import Result
from resplice.core.sources import ElementTask, place_of, unsuitable
from resplice.core.tasks import FetchTask, PaintTask, Task
from resplice.errors import (
    NotFound,
    PaintError,
    Problem,
    RespliceError,
    SourceError,
    SourceInvalid,
)
from resplice.ports import Ports
from resplice.ports.browser import Painted, PaintFont, PaintPage
from resplice.ports.web import Validators
from resplice.steps.execution.checkpoint import leave, left
from resplice.steps.pointing import point

PAINTER = f"{FACTS_VERSION} painted"
"""Who says the facts of what we painted ourselves."""


@dataclass(frozen=True)
class TaskOutcome:
    """An element task's outcome."""

    facts: MediaFacts
    key: str
    result: Result
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Some of a movie's elements, to be made in one call. revalidate: see make."""

    wants: tuple[ElementTask, ...]
    revalidate: bool


@dataclass(frozen=True)
class TaskResult:
    """What came of a want, whose path and type it has: it was made, or why not.

    again: it failed, but trying once more may help.
    """

    path: DocumentPath
    type: str
    made: TaskOutcome | None = None
    problem: Problem | None = None
    again: bool = False


TaskResults = tuple[TaskResult, ...]


def make(want: ElementTask, ports: Ports, *, revalidate: bool, run: str) -> TaskOutcome:
    """Make the task, from the cache unless it is forced. A run makes it once, however often asked.

    revalidate: ask the other side whether a cached download is still current.
    Raises SourceError, PaintError, StorageError.
    """
    key = element_key(want.task, ports.tools)
    cached = stored(want, ports, run)
    if cached and cached.result != "hit":
        return cached
    if cached and not (revalidate and isinstance(want.task, FetchTask)):
        return cached
    with ports.scratch.scratch() as folder:
        if isinstance(want.task, PaintTask):
            made = _paint(want.task, key, folder, ports, run)
        elif isinstance(want.task, FetchTask):
            made = _fetch(want.task, key, cached, folder, ports, run)
        else:
            raise TypeError(f"nobody makes a {type(want.task).__name__}")
    return replace(made, result="bypass") if want.forced else made


def make_all(
    wants: Sequence[ElementTask], ports: Ports, *, revalidate: bool, run: str
) -> Iterator[tuple[ElementTask, TaskOutcome | SourceError | PaintError]]:
    """Every task once, whoever wants it; forced when anyone forces it. Raises StorageError."""
    futures: dict[Task, Future[TaskOutcome]] = {}
    try:
        for want in sorted(wants, key=lambda want: not want.forced):
            if want.task not in futures:
                futures[want.task] = ports.fetchers.submit(
                    make, want, ports, revalidate=revalidate, run=run
                )
        for want in wants:
            try:
                yield want, futures[want.task].result()
            except (SourceError, PaintError) as error:
                yield want, error
    finally:
        for future in futures.values():
            future.cancel()


def stored(
    want: ElementTask, ports: Ports, run: str, *, probing: bool = True
) -> TaskOutcome | None:
    """The task as the cache has it, if it may be taken from there, or as this run made it.

    probing: find facts anew that are not ours, else they are none.
    """
    key = element_key(want.task, ports.tools)
    pointer = ports.cache_index.pointer(key)
    own = bool(pointer and pointer.get("run") == run)
    if not pointer or (want.forced and not own):
        return None
    facts = _known(pointer["digest"], ports, probing=probing)
    if not facts:
        return None
    result: Result = "hit" if not own else "bypass" if want.forced else "miss"
    placed = replace(facts, x=pointer["x"], y=pointer["y"])
    return TaskOutcome(placed, key, result, tuple(pointer.get("warnings", ())))


def _known(digest: str, ports: Ports, *, probing: bool = True) -> MediaFacts | None:
    """The facts of stored bytes. Those that another prober found are found anew."""
    key = content_key(digest)
    found = ports.objects.head(key)
    if not found:
        return None
    if found.facts.get("prober") in (PAINTER, _prober(ports)):
        return media(facts_from_json(found.facts["media"]))
    if not probing:
        return None
    try:
        with ports.objects.open(key) as path:
            return _probed(path, "cached bytes", ports)
    except NotFound:
        return None


def _prober(ports: Ports) -> str:
    """Who found the facts: they may be others when we, or FFmpeg, know better."""
    return f"{FACTS_VERSION} {ports.tools.ffmpeg}"


def _probed(path: FilePath, url: str, ports: Ports) -> MediaFacts:
    """Find the facts of a file, and store its bytes with them. Raises SourceInvalid."""
    facts = ports.prober.probe(path, url)
    _store(path, facts, _prober(ports), ports)
    return facts


def _store(path: FilePath, facts: MediaFacts, prober: str, ports: Ports) -> None:
    more = {"media": facts_to_json(facts), "prober": prober}
    ports.objects.put(content_key(facts.digest), path, more)


def _fetch(
    task: FetchTask, key: str, cached: TaskOutcome | None, folder: FilePath, ports: Ports, run: str
) -> TaskOutcome:
    path, as_of_ms = folder / "download", ports.clock.now_ms()
    pointer = ports.cache_index.pointer(key) if cached else None
    known = Validators(pointer.get("etag"), pointer.get("last_modified")) if pointer else None
    fetched = ports.web.fetch(task.url, path, known)
    if cached and fetched is None:
        return cached
    assert fetched is not None
    facts = _known(fetched.digest, ports) or _probed(path, task.url, ports)
    tags = {"etag": fetched.validators.etag, "last_modified": fetched.validators.last_modified}
    same = cached if cached and fetched.digest == cached.facts.digest else None
    _point(key, facts, ports, None if same else run, as_of_ms, **tags)
    return same or TaskOutcome(facts, key, "miss")


def _paint(task: PaintTask, key: str, folder: FilePath, ports: Ports, run: str) -> TaskOutcome:
    with _fonts(task, ports) as fonts:
        painted = ports.browser.paint(PaintPage(task.width, task.height, task.html, fonts))
    path = folder / "painted.png"
    path.write_bytes(painted.png)
    facts = _facts(painted)
    _store(path, facts, PAINTER, ports)
    placed = replace(facts, x=painted.x, y=painted.y)
    _point(key, placed, ports, run, ports.clock.now_ms(), warnings=painted.warnings)
    return TaskOutcome(placed, key, "miss", painted.warnings)


def _facts(painted: Painted) -> MediaFacts:
    """What a prober would say of our own PNG: where texts are painted there may be none."""
    digest = hashlib.sha256(painted.png).hexdigest()
    size = (painted.width, painted.height)
    return MediaFacts(digest, len(painted.png), "image", "png_pipe", *size, has_alpha=True)


@contextmanager
def _fonts(task: PaintTask, ports: Ports) -> Iterator[tuple[PaintFont, ...]]:
    """The downloaded fonts of a page, open while it is painted."""
    with ExitStack() as stack:
        yield tuple(
            PaintFont(family, stack.enter_context(ports.objects.open(content_key(digest))))
            for family, digest in task.fonts
        )


def _point(
    key: str, facts: MediaFacts, ports: Ports, run: str | None, as_of_ms: int, **more: Any
) -> None:
    """The pointer, after the bytes."""
    place = {"digest": facts.digest, "x": facts.x, "y": facts.y}
    point(key, {**place, "run": run, **more}, as_of_ms, ports)


def make_share(project: str, wave: int, index: int, ports: Ports) -> None:
    """Make a share that was handed out, and leave word of what came of it.

    Raises what may heal, to be called again: SourceUnavailable, StorageError.
    """
    share, before = left(project, share_name(wave, index), Batch, ports), {}
    with suppress(NotFound):
        before = {
            answer.path: answer
            for answer in left(project, answers_name(wave, index), TaskResults, ports)
            if not answer.again
        }
    todo = [want for want in share.wants if want.path not in before]
    made = list(make_all(todo, ports, revalidate=share.revalidate, run=project))
    answers = (*before.values(), *(answered(*each) for each in made))
    leave(project, answers_name(wave, index), answers, TaskResults, ports)
    for _, error in made:
        if isinstance(error, RespliceError) and error.retry:
            raise error


def share_name(wave: int, index: int) -> str:
    """Where a share is left."""
    return f"elements-{wave}-{index}"


def answers_name(wave: int, index: int) -> str:
    """Where word is left of what came of it."""
    return f"{share_name(wave, index)}-answers"


def answered(want: ElementTask, made: TaskOutcome | SourceError | PaintError) -> TaskResult:
    if isinstance(made, TaskOutcome):
        return TaskResult(want.path, want.type, made)
    return TaskResult(want.path, want.type, problem=_problem(want, made), again=made.retry)


def _problem(want: ElementTask, error: Exception) -> Problem:
    """What the caller is told of an element that could not be made."""
    place = place_of(want.path)
    if isinstance(error, SourceInvalid) and isinstance(want.task, FetchTask):
        message = unsuitable(want.type, place, want.task.url, error.reason)
    else:
        message = str(error)
    own = () if place or isinstance(want.task, PaintTask) else ("src",)
    return problem_at([*want.path, *own], message)
