"""Movie: mix the sound, stitch the pieces by copy, check the length, store the movie."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from resplice.core.filtergraph import concat_list, mix_invocation, stitch_invocation
from resplice.core.task import MixTask
from resplice.errors import RenderError
from resplice.ports import Facts, Ports, StoredObject
from resplice.steps.plan import Planned
from resplice.steps.scene import digests_of, opened


def join(planned: Planned, key: str, ports: Ports) -> StoredObject:
    """Make the movie from its stored pieces and put it under its key.

    Raises RenderError, and NotFound when a piece has gone.
    """
    if planned.mix and planned.mix_key:
        fresh = any(work.result == "bypass" for work in planned.work)
        if fresh or not ports.objects.head(planned.mix_key):
            _mix(planned.mix, planned.mix_key, ports)
    task = planned.stitch
    with ports.scratch.scratch() as folder, ExitStack() as stack:
        keys = {piece.key for piece in task.pieces} | ({task.mix} if task.mix else set())
        paths = {key: str(stack.enter_context(ports.objects.open(key))) for key in keys}
        script = folder / "pieces.ffconcat"
        script.write_text(concat_list(task, paths))
        result = folder / "movie.mp4"
        frames = ports.renderer.run(stitch_invocation(task, str(script), paths), result)
        if frames != planned.plan.timeline.frames:
            raise RenderError(f"the movie has {frames} frames of {planned.plan.timeline.frames}")
        return ports.objects.put(key, result, _facts(planned, result))


def _mix(task: MixTask, key: str, ports: Ports) -> None:
    """The movie's sound is kept too: an edit that nobody hears encodes none."""
    with (
        ports.scratch.scratch() as folder,
        ExitStack() as stack,
        opened(digests_of(task.sounds), ports) as contents,
    ):
        keys = {stretch.key for stretch in task.stretches if stretch.key}
        scenes = {key: str(stack.enter_context(ports.objects.open(key))) for key in keys}
        result = folder / "mix.m4a"
        ports.renderer.run(mix_invocation(task, {**contents, **scenes}), result)
        ports.objects.put(key, result, {"samples": task.samples})


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
