"""Scene: make one segment or one scene's sound, check it, store it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from resplice.core.facts import content_key
from resplice.core.filtergraph import segment_invocation, sound_invocation
from resplice.core.task import SegmentTask, Sound, SoundTask
from resplice.errors import RenderError
from resplice.ports import Ports


def make(
    task: SegmentTask | SoundTask,
    key: str,
    ports: Ports,
    on_frames: Callable[[int], None] | None = None,
) -> None:
    """Render the task and put the result under its key. Raises RenderError, NotFound."""
    if isinstance(task, SegmentTask):
        _segment(task, key, ports, on_frames)
    else:
        _sound(task, key, ports)


def _segment(
    task: SegmentTask, key: str, ports: Ports, on_frames: Callable[[int], None] | None
) -> None:
    digests = {source.digest for source in task.sources()}
    with ports.scratch.scratch() as folder, opened(digests, ports) as paths:
        result = folder / "segment.mp4"
        frames = ports.renderer.run(segment_invocation(task, paths), result, on_frames)
        if frames != task.frames:
            raise RenderError(f"a segment came out with {frames} frames of {task.frames}")
        ports.objects.put(key, result, {"frames": frames})


def _sound(task: SoundTask, key: str, ports: Ports) -> None:
    with ports.scratch.scratch() as folder, opened(digests_of(task.sounds), ports) as paths:
        result = folder / "sound.flac"
        ports.renderer.run(sound_invocation(task, paths), result)
        ports.objects.put(key, result, {"samples": task.samples})


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
