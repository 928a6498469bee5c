"""Movie: mix the sound, stitch the pieces by copy, check the length, store the movie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from resplice.core.filtergraph import (
    Invocation,
    concat_list,
    mix_invocation,
    row_invocation,
    stitch_invocation,
)
from resplice.core.filtergraph.inputs import Paths
from resplice.core.keys import row_key
from resplice.core.task import Sound, Stretch
from resplice.errors import RenderError
from resplice.ports import Facts, Ports, StoredObject
from resplice.steps.plan import Planned
from resplice.steps.scene import digests_of, opened, stored


def join(planned: Planned, key: str, ports: Ports) -> StoredObject:
    """Make the movie from its stored pieces and put it under its key.

    Raises RenderError, and NotFound when a piece has gone.
    """
    _sound(planned, ports)
    task = planned.stitch
    pieces = [piece.key for piece in task.pieces] + ([task.mix] if task.mix else [])
    with ports.scratch.scratch() as folder, stored(pieces, ports) as paths:
        script = folder / "pieces.ffconcat"
        script.write_text(concat_list(task, paths))
        result = folder / "movie.mp4"
        frames = ports.renderer.run(stitch_invocation(task, str(script), paths), result)
        if frames != planned.plan.timeline.frames:
            raise RenderError(f"the movie has {frames} frames of {planned.plan.timeline.frames}")
        return ports.objects.put(key, result, _facts(planned, result))


def _sound(planned: Planned, ports: Ports) -> None:
    """The movie's sound is kept too: an edit that nobody hears encodes none."""
    fresh = any(work.result == "bypass" for work in planned.work)
    for row in planned.rows:
        own_key = row_key(row, ports.tools)
        if fresh or not ports.objects.head(own_key):
            _made(own_key, row.stretches, (), partial(row_invocation, row), ports)
    mix, key = planned.mix, planned.mix_key
    if mix and key and (fresh or not ports.objects.head(key)):
        _made(key, mix.stretches, mix.sounds, partial(mix_invocation, mix), ports)


def _made(
    key: str,
    stretches: Sequence[Stretch],
    sounds: Sequence[Sound],
    invocation: Callable[[Paths], Invocation],
    ports: Ports,
) -> None:
    """Run what the invocation says on stored stretches and contents, and store the result."""
    scenes = {stretch.key for stretch in stretches if stretch.key}
    with (
        ports.scratch.scratch() as folder,
        opened(digests_of(sounds), ports) as contents,
        stored(scenes, ports) as keyed,
    ):
        result = folder / "sound"
        ports.renderer.run(invocation({**contents, **keyed}), result)
        ports.objects.put(key, result, {})


def _facts(planned: Planned, result: Path) -> Facts:
    timeline = planned.plan.timeline
    return {
        "width": timeline.canvas.width,
        "height": timeline.canvas.height,
        "fps": timeline.canvas.fps,
        "frames": timeline.frames,
        "duration": round(timeline.frames / timeline.canvas.fps, 3),
        "size": result.stat().st_size,
    }
