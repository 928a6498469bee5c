"""Plan: facts to tasks with keys, and which of them are in the cache already.

Reads the store, writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.facts import FactsOf
from resplice.core.keys import mix_key, row_key, scene_fingerprint, segment_key, sound_key
from resplice.core.pieces import (
    MixTask,
    Piece,
    RowTask,
    SegmentTask,
    SoundTask,
    StitchTask,
    Stretch,
)
from resplice.core.plan import Plan, PlannedSegment, plan
from resplice.core.report import Result, SceneReport, TransitionReport, total
from resplice.core.rows import rows
from resplice.core.schema.movie import Movie, forced
from resplice.core.timeline import timeline
from resplice.ports import Ports
from resplice.ports.objects import StoredObject

SceneTask = SegmentTask | SoundTask


@dataclass(frozen=True)
class Work:
    """One scene-layer task: where its result lies, whose it is, and whether it is there.

    scene counts from 0; part is body, transition (into the scene) or sound. result is told to
    the caller; there says that nothing is left to do. render_ms is what making it took, if it is.
    """

    task: SceneTask
    key: str
    scene: int
    part: str
    result: Result
    there: bool
    render_ms: int = 0


@dataclass(frozen=True)
class Planned:
    """All work of a movie, in order, and the tasks that join it."""

    plan: Plan
    work: tuple[Work, ...]
    rows: tuple[RowTask, ...]
    mix: MixTask | None
    mix_key: str | None
    stitch: StitchTask

    def misses(self) -> dict[str, Work]:
        """What must be made, by key: equal tasks are made once. Longest first."""
        todo = [work for work in self.work if not work.there]
        todo.sort(key=lambda work: -work.task.frames if isinstance(work.task, SegmentTask) else 0)
        return {work.key: work for work in todo}

    def done(self) -> list[Work]:
        """What is there already, each key once."""
        return list({work.key: work for work in self.work if work.there}.values())

    def fresh(self) -> bool:
        """Whether something was to be made again, so that what is joined from it is too."""
        return any(work.result == "bypass" for work in self.work)


def plan_movie(movie: Movie, facts: FactsOf, ports: Ports, run: str) -> Planned:
    """The work that the movie needs; what this run has made already is there.

    Raises DocumentError when a length cannot be known.
    """
    cut = plan(timeline(movie, facts), movie.quality)
    parts = [*_segments(cut, movie, ports), *_sounds(cut, movie, ports)]
    found = ports.objects.heads([part.key for part in parts])
    work = tuple(_work(*each, run) for each in zip(parts, found, strict=True))
    first, mix = _mix(cut, ports)
    key = mix_key(mix, ports.tools) if mix else None
    pieces = tuple(
        Piece(part.key, part.task.frames) for part in work if isinstance(part.task, SegmentTask)
    )
    return Planned(cut, work, first, mix, key, StitchTask(cut.timeline.canvas, pieces, key))


@dataclass(frozen=True)
class _Part:
    """Work, before anyone looked whether it is there."""

    task: SceneTask
    key: str
    scene: int
    part: str
    forced: bool


def _segments(cut: Plan, movie: Movie, ports: Ports) -> list[_Part]:
    return [
        _Part(
            planned.task,
            segment_key(planned.task, ports.tools),
            planned.scene,
            planned.part,
            _is_forced(planned, movie),
        )
        for planned in cut.segments
    ]


def _sounds(cut: Plan, movie: Movie, ports: Ports) -> list[_Part]:
    return [
        _Part(
            scene.sound,
            sound_key(scene.sound, ports.tools),
            index,
            "sound",
            _bypassed(movie, index),
        )
        for index, scene in enumerate(cut.scenes)
        if scene.sound
    ]


def _work(part: _Part, found: StoredObject | None, run: str) -> Work:
    own = made_by(run, found)
    there = own or (found is not None and not part.forced)
    result: Result = "bypass" if part.forced else "hit" if there and not own else "miss"
    render_ms = found.facts.get("render_ms", 0) if found and there else 0
    return Work(part.task, part.key, part.scene, part.part, result, there, render_ms)


def made_by(run: str, found: StoredObject | None) -> bool:
    """Whether the object is there, and this run put it there."""
    return found is not None and found.facts.get("run") == run


def _is_forced(planned: PlannedSegment, movie: Movie) -> bool:
    own = _bypassed(movie, planned.scene)
    return own or (planned.part == "transition" and _bypassed(movie, planned.scene - 1))


def _bypassed(movie: Movie, index: int) -> bool:
    """Whether the scene is to be made again: it says so, an element of it does, or the movie
    does and the scene itself does not say otherwise.
    """
    if index >= len(movie.scenes):
        return not movie.cache
    scene = movie.scenes[index]
    kept = "cache" in scene.model_fields_set and scene.cache
    return not scene.cache or forced(scene) or (not movie.cache and not kept)


def _mix(cut: Plan, ports: Ports) -> tuple[tuple[RowTask, ...], MixTask | None]:
    """The movie's sound, and what must be joined before it; None when nothing is heard."""
    if not cut.sounds and not any(scene.sound for scene in cut.scenes):
        return (), None
    stretches = tuple(
        Stretch(
            sound_key(scene.sound, ports.tools) if scene.sound else None,
            scene.samples,
            scene.overlap_samples,
        )
        for scene in cut.scenes
    )
    first, left = rows(stretches, lambda row: row_key(row, ports.tools))
    return first, MixTask(left, cut.sounds, cut.samples, cut.profile.audio_bitrate)


def scene_reports(planned: Planned, movie: Movie) -> tuple[SceneReport, ...]:
    """One for each scene of the document; a transition is told of by itself."""
    return tuple(
        _scene_report(index, [w for w in planned.work if w.scene == index], movie)
        for index in range(len(movie.scenes))
    )


def _scene_report(index: int, work: list[Work], movie: Movie) -> SceneReport:
    own = [part for part in work if part.part != "transition"]
    result = total([part.result for part in own])
    bodies = [part for part in own if part.part == "body"]
    hits = sum(part.result == "hit" for part in bodies)
    return SceneReport(
        index + 1,
        result,
        scene_fingerprint([part.key for part in own]),
        _reason(index, result, own, movie),
        {"hit": hits, "miss": len(bodies) - hits},
    )


def _reason(index: int, result: Result, own: list[Work], movie: Movie) -> str:
    if result == "hit":
        return "nothing in it changed"
    if result == "miss":
        new = sorted({part.part for part in own if part.result == "miss"})
        return f"not made before: {', '.join('picture' if p == 'body' else p for p in new)}"
    scene = movie.scenes[index]
    for number, element in enumerate(scene.elements):
        if not element.cache:
            return f"cache is false on scenes[{index}].elements[{number}]"
    return f"cache is false on {'the movie' if scene.cache else f'scenes[{index}]'}"


def transition_reports(planned: Planned) -> tuple[TransitionReport, ...]:
    return tuple(
        TransitionReport(work.scene + 1, work.result)
        for work in planned.work
        if work.part == "transition"
    )
