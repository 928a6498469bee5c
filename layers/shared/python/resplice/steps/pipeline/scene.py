"""Scene: make one segment or one scene's sound, check it, store it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from resplice.core.facts import content_key
from resplice.core.filtergraph import segment_invocation, sound_invocation
from resplice.core.pieces import SegmentTask, Sound, SoundTask
from resplice.errors import RenderError
from resplice.ports import Ports
from resplice.ports.objects import StoredFacts


def make(
    task: SegmentTask | SoundTask,
    key: str,
    ports: Ports,
    run: str,
    on_frames: Callable[[int], None] | None = None,
) -> None:
    """Render the task and put the result under its key. Raises RenderError, NotFound."""
    began_ms = ports.clock.now_ms()
    with ports.scratch.scratch() as folder:
        result = folder / ("segment.mp4" if isinstance(task, SegmentTask) else "sound.flac")
        facts = _render(task, result, ports, on_frames)
        took = {"run": run, "render_ms": ports.clock.now_ms() - began_ms}
        ports.objects.put(key, result, {**facts, **took})


def _render(
    task: SegmentTask | SoundTask,
    into: Path,
    ports: Ports,
    on_frames: Callable[[int], None] | None,
) -> StoredFacts:
    if isinstance(task, SoundTask):
        with opened(digests_of(task.sounds), ports) as paths:
            ports.renderer.run(sound_invocation(task, paths), into)
        return {"samples": task.samples}
    with opened(task.digests(), ports) as paths:
        frames = ports.renderer.run(segment_invocation(task, paths), into, on_frames)
    if frames != task.frames:
        raise RenderError(f"a segment came out with {frames} frames of {task.frames}")
    return {"frames": frames}


def digests_of(sounds: Iterable[Sound]) -> set[str]:
    return {sound.source.digest for sound in sounds}


@contextmanager
def opened(digests: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of contents, by digest, while the context lasts. Raises NotFound."""
    by_key = {content_key(digest): digest for digest in digests}
    with stored(by_key, ports) as paths:
        yield {by_key[key]: path for key, path in paths.items()}


@contextmanager
def stored(keys: Iterable[str], ports: Ports) -> Iterator[dict[str, str]]:
    """Local paths of objects, by key, while the context lasts. Raises NotFound."""
    with ExitStack() as stack:
        yield {key: str(stack.enter_context(ports.objects.open(key))) for key in set(keys)}
