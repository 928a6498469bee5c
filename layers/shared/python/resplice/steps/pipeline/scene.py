"""Scene: make one segment, still or scene's sound, check it, store it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from resplice.core.facts import content_key
from resplice.core.piece_keys import PIECE_KINDS
from resplice.core.pieces import SegmentTask, SoundTask, StillTask
from resplice.errors import RenderError
from resplice.ports import Ports

OPENED_AT_ONCE = 8
"""Threads of their own: what is opened may be large, and others wait for lookups."""


def make(
    task: SegmentTask | StillTask | SoundTask,
    key: str,
    ports: Ports,
    run: str,
    on_frames: Callable[[int], None] | None = None,
) -> None:
    """Render the task and put the result under its key. Raises RenderError, NotFound."""
    began_ms, kind = ports.clock.now_ms(), PIECE_KINDS[type(task)]
    with ports.scratch.scratch() as folder:
        result = folder / kind.file
        with opened(task.digests(), ports) as paths:
            frames = ports.renderer.run(kind.invocation(task, paths), result, on_frames)
        if frames != task.frames:
            raise RenderError(f"a {kind.name} came out with {frames} frames of {task.frames}")
        took_ms = ports.clock.now_ms() - began_ms
        ports.objects.put(key, result, {"frames": frames, "run": run, "render_ms": took_ms})


@contextmanager
def opened(digests: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of contents, by digest, while the context lasts. Raises NotFound."""
    by_key = {content_key(digest): digest for digest in digests}
    with stored(by_key, ports) as paths:
        yield {by_key[key]: path for key, path in paths.items()}


@contextmanager
def stored(keys: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of objects, by key, while the context lasts. Raises NotFound.

    They are opened side by side: where each must be fetched, the way there is most of the time.
    """
    with ExitStack() as stack:

        def opening(key: str) -> str:
            return str(stack.enter_context(ports.objects.open(key)))

        # All are waited for: one that came later than an error would never be closed.
        with ThreadPoolExecutor(OPENED_AT_ONCE) as pool:
            opening_of = {key: pool.submit(opening, key) for key in set(keys)}
        yield {key: each.result() for key, each in opening_of.items()}
