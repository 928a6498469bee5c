"""Scene: make one segment or still, or a sound of a scene or of the movie; check it, store it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from resplice.core.facts import content_key, facts_from_json, media
from resplice.core.filtergraph import seconds_read
from resplice.core.piece_keys import PIECE_KINDS
from resplice.core.pieces import MixTask, RowTask, SegmentTask, StillTask
from resplice.errors import NotFound, RenderError, StorageError
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.pipeline.plan import SceneTask, Work

OPENED_AT_ONCE = 8
"""Threads of their own: what is opened may be large, and others wait for lookups."""
LITTLE = 0.5
"""The share of a clip that is read in parts; what is more comes faster as a whole."""

log = logging.getLogger(__name__)

Opening = Callable[[], AbstractContextManager[object]]
OnFrames = Callable[[int], None]


def make(work: Work, ports: Ports, run: str, on_frames: OnFrames | None = None) -> None:
    """Render the task and put the result under its key. Raises RenderError, NotFound."""
    began_ms, task, kind = ports.clock.now_ms(), work.task, PIECE_KINDS[type(work.task)]
    with ports.scratch.scratch() as folder:
        result = folder / kind.file
        if not _made_of_parts(task, result, ports, on_frames):
            keys = task.keys() if isinstance(task, RowTask | MixTask) else ()
            with opened(task.digests(), ports) as contents, stored(keys, ports) as pieces:
                _render(task, {**contents, **pieces}, result, ports, on_frames)
        put(work, result, ports, run, ports.clock.now_ms() - began_ms)


def put(work: Work, result: Path, ports: Ports, run: str, took_ms: int) -> None:
    """Store what was made."""
    facts = {"frames": work.frames, "run": run, "render_ms": took_ms, "beside": work.beside}
    ports.objects.put(work.key, result, facts)


def _render(
    task: SceneTask,
    paths: Mapping[str, str],
    into: Path,
    ports: Ports,
    on_frames: OnFrames | None,
) -> None:
    kind = PIECE_KINDS[type(task)]
    frames = ports.renderer.run(kind.invocation(task, paths), into, on_frames)
    if frames != task.frames:
        raise RenderError(f"a {kind.name} came out with {frames} frames of {task.frames}")


def _made_of_parts(task: SceneTask, into: Path, ports: Ports, on_frames: OnFrames | None) -> bool:
    """Whether it was rendered without opening its clips whole. What it shows little of is read in
    parts; whatever goes wrong then is done again with all that is there.
    """
    segment = task.segment if isinstance(task, StillTask) else task
    seconds = seconds_read(segment) if isinstance(segment, SegmentTask) else {}
    if not seconds:
        return False
    in_parts = set[str]()

    def reads_little(digest: str, stored: StoredObject) -> bool:
        little = _share(seconds[digest], stored) <= LITTLE
        if little:
            in_parts.add(digest)
        return little

    def opening(digest: str) -> Opening:
        key = content_key(digest)
        if digest in seconds:
            return partial(ports.parts.open, key, partial(reads_little, digest))
        return partial(ports.objects.open, key)

    try:
        with _side_by_side({digest: opening(digest) for digest in task.digests()}) as paths:
            _render(task, paths, into, ports, on_frames)
    except (NotFound, RenderError, StorageError) as error:
        if not in_parts:
            raise
        log.warning("not made of parts of its clips: %s", error)
        if on_frames:
            on_frames(0)  # It raises when nobody wants it any more, or no time is left.
        return False
    return True


def _share(seconds: float, stored: StoredObject) -> float:
    """Of the stored clip, as far as is known how long it is."""
    try:
        length_us = media(facts_from_json(stored.facts["media"])).duration_us
    except (KeyError, TypeError, ValueError):
        return 1
    return seconds * 1e6 / length_us if length_us else 1


@contextmanager
def opened(digests: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of contents, by digest, while the context lasts. Raises NotFound."""
    by_key = {content_key(digest): digest for digest in digests}
    with stored(by_key, ports) as paths:
        yield {by_key[key]: path for key, path in paths.items()}


@contextmanager
def stored(keys: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of objects, by key, while the context lasts. Raises NotFound."""
    with _side_by_side({key: partial(ports.objects.open, key) for key in keys}) as paths:
        yield paths


@contextmanager
def _side_by_side(openings: Mapping[str, Opening]) -> Iterator[dict[str, str]]:
    """Where each is, by its name, while the context lasts.

    They are opened at the same time: where each must be fetched, the way there is most of it.
    """
    with ExitStack() as stack:

        def opening(name: str) -> str:
            return str(stack.enter_context(openings[name]()))

        # All are waited for: one that came later than an error would never be closed.
        with ThreadPoolExecutor(OPENED_AT_ONCE) as pool:
            opening_of = {name: pool.submit(opening, name) for name in openings}
        yield {name: each.result() for name, each in opening_of.items()}
