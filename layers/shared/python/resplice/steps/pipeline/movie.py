"""Movie: mix the sound, stitch the pieces by copy, check the length, store the movie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from resplice.core.caching import usable
from resplice.core.filtergraph import (
    Invocation,
    concat_list,
    mix_invocation,
    row_invocation,
    stitch_invocation,
)
from resplice.core.filtergraph.inputs import Paths
from resplice.core.keys import piece_key
from resplice.core.pieces import MixTask, RowTask, Sound, StitchTask, Stretch
from resplice.errors import RenderError
from resplice.ports import Ports
from resplice.ports.objects import StoredFacts, StoredObject
from resplice.steps.pipeline.plan import Planned, made_by
from resplice.steps.pipeline.scene import digests_of, opened, stored


@dataclass(frozen=True)
class Joining:
    """All that is needed to make the movie from its pieces.

    fresh      nothing that was joined before is to be used
    pieces_ms  what making the stored pieces took, as far as it is known
    unknown    keys of pieces that tell it when they are there
    """

    frames: int
    rows: tuple[RowTask, ...]
    mix: MixTask | None
    mix_key: str | None
    stitch: StitchTask
    fresh: bool
    pieces_ms: int
    unknown: tuple[str, ...]


def joining(planned: Planned) -> Joining:
    return Joining(
        planned.plan.timeline.frames,
        planned.rows,
        planned.mix,
        planned.mix_key,
        planned.stitch,
        planned.fresh(),
        sum(work.render_ms for work in planned.done()),
        tuple(planned.misses()),
    )


@dataclass(frozen=True)
class Joined:
    """The movie. made_ms: how long it took to make the pieces that were missing."""

    stored: StoredObject
    made_ms: int


def join(work: Joining, ports: Ports, run: str) -> Joined:
    """Make the movie from its stored pieces and put it under the name of its bytes.

    Raises RenderError, and NotFound when a piece has gone.
    """
    began_ms = ports.clock.now_ms()
    _sound(work, ports, run)
    task = work.stitch
    pieces = [piece.key for piece in task.pieces] + ([task.mix] if task.mix else [])
    with ports.scratch.scratch() as folder, stored(pieces, ports) as paths:
        script = folder / "pieces.ffconcat"
        script.write_text(concat_list(task, paths))
        result = folder / "movie.mp4"
        frames = ports.renderer.run(stitch_invocation(task, str(script), paths), result)
        if frames != work.frames:
            raise RenderError(f"the movie has {frames} frames of {work.frames}")
        made = ports.objects.heads(work.unknown)
        made_ms = sum(each.facts.get("render_ms", 0) for each in made if each)
        render_ms = work.pieces_ms + made_ms + ports.clock.now_ms() - began_ms
        facts = {**_facts(work, result), "render_ms": render_ms}
        return Joined(ports.objects.put(f"movies/{_digest(result)}.mp4", result, facts), made_ms)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sound(work: Joining, ports: Ports, run: str) -> None:
    """The movie's sound is kept too: an edit that nobody hears encodes none."""

    def missing(key: str) -> bool:
        found = ports.objects.head(key)
        return not usable(found=bool(found), own=made_by(run, found), again=work.fresh)

    for row in work.rows:
        own_key = piece_key(row, ports.tools)
        if missing(own_key):
            _made(own_key, row.stretches, (), partial(row_invocation, row), ports, run)
    mix, key = work.mix, work.mix_key
    if mix and key and missing(key):
        _made(key, mix.stretches, mix.sounds, partial(mix_invocation, mix), ports, run)


def _made(
    key: str,
    stretches: Sequence[Stretch],
    sounds: Sequence[Sound],
    invocation: Callable[[Paths], Invocation],
    ports: Ports,
    run: str,
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
        ports.objects.put(key, result, {"run": run})


def _facts(work: Joining, result: Path) -> StoredFacts:
    canvas = work.stitch.canvas
    return {
        "width": canvas.width,
        "height": canvas.height,
        "fps": canvas.fps,
        "frames": work.frames,
        "duration": round(work.frames / canvas.fps, 3),
        "size": result.stat().st_size,
    }
