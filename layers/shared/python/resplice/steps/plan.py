"""Plan: facts to tasks with keys, and which of them are in the cache already.

Reads the store, writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from resplice.core.keys import mix_key, row_key, scene_fingerprint, segment_key, sound_key
from resplice.core.plan import Plan, PlannedSegment, plan
from resplice.core.report import Result, SceneReport, TransitionReport, total
from resplice.core.rows import rows
from resplice.core.schema import Movie
from resplice.core.schema.movie import forced
from resplice.core.task import MixTask, Piece, RowTask, SegmentTask, SoundTask, StitchTask, Stretch
from resplice.core.timeline import FactsOf, timeline
from resplice.ports import Ports

SceneTask = SegmentTask | SoundTask


@dataclass(frozen=True)
class Work:
    """One scene-layer task: where its result lies, whose it is, and whether it is there.

    scene counts from 0; part is body, transition (into the scene) or sound.
    """

    task: SceneTask
    key: str
    scene: int
    part: str
    result: Result


@dataclass(frozen=True)
class Planned:
    """All work of a movie, in order, and the tasks that join it."""

    plan: Plan
    work: tuple[Work, ...]
    rows: tuple[RowTask, ...]
    mix: MixTask | None
    mix_key: str | None
    stitch: StitchTask

    def having_made(self, keys: Collection[str]) -> Planned:
        """The same, told after work under these keys was done: what was there may have gone."""
        work = (
            replace(each, result="miss") if each.result == "hit" and each.key in keys else each
            for each in self.work
        )
        return replace(self, work=tuple(work))

    def misses(self) -> dict[str, Work]:
        """What must be made, by key: equal tasks are made once. Longest first."""
        todo = [work for work in self.work if work.result != "hit"]
        todo.sort(key=lambda work: -work.task.frames if isinstance(work.task, SegmentTask) else 0)
        return {work.key: work for work in todo}


def plan_movie(movie: Movie, facts: FactsOf, ports: Ports) -> Planned:
    """The work that the movie needs. Raises DocumentError when a length cannot be known."""
    cut = plan(timeline(movie, facts), movie.quality)
    work = tuple(_segments(cut, movie, ports) + _sounds(cut, movie, ports))
    first, mix = _mix(cut, ports)
    key = mix_key(mix, ports.tools) if mix else None
    pieces = tuple(
        Piece(part.key, part.task.frames) for part in work if isinstance(part.task, SegmentTask)
    )
    return Planned(cut, work, first, mix, key, StitchTask(cut.timeline.canvas, pieces, key))


def _segments(cut: Plan, movie: Movie, ports: Ports) -> list[Work]:
    return [
        Work(
            planned.task,
            key := segment_key(planned.task, ports.tools),
            planned.scene,
            planned.part,
            _result(key, _is_forced(planned, movie), ports),
        )
        for planned in cut.segments
    ]


def _sounds(cut: Plan, movie: Movie, ports: Ports) -> list[Work]:
    return [
        Work(
            scene.sound,
            key := sound_key(scene.sound, ports.tools),
            index,
            "sound",
            _result(key, _bypassed(movie, index), ports),
        )
        for index, scene in enumerate(cut.scenes)
        if scene.sound
    ]


def _result(key: str, forced: bool, ports: Ports) -> Result:
    if forced:
        return "bypass"
    return "hit" if ports.objects.head(key) else "miss"


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
