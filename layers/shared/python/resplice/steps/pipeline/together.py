"""Together: pictures that stand still, several in one FFmpeg run. Its start is most of its time."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from resplice.core.filtergraph import seconds_read
from resplice.core.filtergraph import together as invocation
from resplice.core.mp4 import track
from resplice.core.pieces import SegmentTask
from resplice.errors import RenderError
from resplice.ports import Ports
from resplice.steps.pipeline.plan import Work
from resplice.steps.pipeline.scene import opened, put

AT_ONCE = 4
"""More of them in one run take no less each, and memory for all."""
SIDES = 2
"""Runs that a few are shared out to, to be made side by side."""

log = logging.getLogger(__name__)


def shares(works: Sequence[Work]) -> Iterator[tuple[Work, ...]]:
    """What is made in one call each: pictures that stand still, and whatever else alone, first."""
    quick = [work for work in works if _is_quick(work)]
    yield from ((work,) for work in works if not _is_quick(work))
    size = min(AT_ONCE, -(-len(quick) // SIDES))
    for first in range(0, len(quick), size or 1):
        yield tuple(quick[first : first + size])


def _is_quick(work: Work) -> bool:
    """Of a clip it may be that little is to be read: see scene.make."""
    task = work.task
    return isinstance(task, SegmentTask) and task.profile.stands and not seconds_read(task)


def made_together(works: Sequence[Work], ports: Ports, run: str) -> bool:
    """Render and store all of them; False when that failed, so that each is to be made by itself.

    Raises NotFound, StorageError, and LimitReached when no time is left.
    """
    tasks = [work.task for work in works if isinstance(work.task, SegmentTask)]
    digests = frozenset[str]().union(*(task.digests() for task in tasks))
    began_ms = ports.clock.now_ms()
    with ports.scratch.scratch() as folder:
        results = [folder / f"segment-{number}.mp4" for number in range(len(works))]
        try:
            with opened(digests, ports) as paths:
                ports.renderer.run_together(invocation(tasks, paths), results)
            for result, task in zip(results, tasks, strict=True):
                _check(result, task.frames)
        except RenderError as error:
            log.warning("made one by one: %s", error)
            return False
        each_ms = (ports.clock.now_ms() - began_ms) // len(works)
        for work, result in zip(works, results, strict=True):
            put(work, result, ports, run, each_ms)
    return True


def _check(result: Path, frames: int) -> None:
    """FFmpeg tells how many frames it wrote of one file alone."""
    with result.open("rb") as file:

        def read(offset: int, size_bytes: int) -> bytes:
            file.seek(offset)
            return file.read(size_bytes)

        if (there := len(track(read).sizes)) != frames:
            raise RenderError(f"a segment came out with {there} frames of {frames}")
