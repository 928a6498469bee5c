"""Plan: facts to tasks with keys, and which of them are in the cache already.

Reads the store, writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resplice.core.caching import rejoins, rendered_again_by, renders_again, result_of, usable
from resplice.core.document.paths import json_path
from resplice.core.facts import FactsOf
from resplice.core.piece_keys import piece_key, scene_fingerprint
from resplice.core.pieces import (
    MixTask,
    Piece,
    RowTask,
    SegmentTask,
    SoundTask,
    StillTask,
    StitchTask,
    Stretch,
)
from resplice.core.plan import Plan, plan
from resplice.core.poster import poster_frame
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.report import Result, SceneReport, TransitionReport, overall
from resplice.core.rows import rows
from resplice.core.schema.movie import Movie
from resplice.core.timeline import timeline
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredObject

SceneTask = SegmentTask | StillTask | SoundTask | RowTask | MixTask
MADE_BEFORE = "all of it was made before"
MIX = "mix"
"""The part that the movie's sound is, which is of no scene."""


@frozen
class Work:
    """One scene-layer task: where its result lies, whose it is, and whether it is there.

    frames: for how many of the movie it is seen. scene counts from 0; part is body, transition
    (into the scene), sound or MIX; of a still that of the segment that it is cut out of. result is
    told to the caller; there says that nothing is left to do. render_ms is what making it took, if
    it is, and beside how many pieces were made in that render, 0 where nobody knows; of what is to
    be made, how many are. before is the digest of what lies there and is made again.
    """

    task: SceneTask
    key: str
    frames: int
    scene: int
    part: str
    result: Result
    there: bool
    render_ms: int = 0
    beside: int = 0
    before: str = ""


@frozen
class Planned:
    """All work of a movie, in order, and the tasks that join it."""

    plan: Plan
    work: tuple[Work, ...]
    rows: tuple[RowTask, ...]
    mix: MixTask | None
    mix_key: str | None
    stitch: StitchTask
    poster_frame: int = 0
    credentials: bool = False
    proves: bool = False

    def misses(self) -> dict[str, Work]:
        """What must be made, by key: equal tasks are made once. Longest first."""
        todo = [work for work in self.work if not work.there]
        todo.sort(key=lambda work: (work.task.frames, work.frames))
        return dict(reversed({work.key: work for work in todo}.items()))

    def done(self) -> list[Work]:
        """What is there already, each key once."""
        return list({work.key: work for work in self.work if work.there}.values())

    def mix_ahead(self) -> Work | None:
        """The movie's sound as work that can be done beside its pictures: where nothing that it is
        joined of has to be made before.
        """
        awaited = any(work.part == "sound" and not work.there for work in self.work)
        if not self.mix or not self.mix_key or self.rows or awaited:
            return None
        result: Result = "bypass" if self.fresh() else "miss"
        return Work(self.mix, self.mix_key, 0, 0, MIX, result, there=False)

    def fresh(self) -> bool:
        """Whether something was to be made again, so that what is joined from it is too."""
        return rejoins(work.result for work in self.work)


@frozen
class Part:
    """Work, before anyone looked whether it is there."""

    task: SceneTask
    key: str
    frames: int
    scene: int
    part: str
    forced: bool


def plan_movie(
    movie: Movie,
    facts: FactsOf,
    ports: Ports,
    run: str,
    offers: Offers = NO_OFFERS,
    *,
    proves: bool = False,
) -> Planned:
    """The work that the movie needs; what this run has made already is there.

    offers: those that the facts were made by. proves: nothing that is there already is used.

    Raises DocumentError when a length cannot be known.
    """
    cut = plan(timeline(movie, facts, offers), movie.quality)
    parts = [
        *_segments(cut, movie, ports, proves=proves),
        *_sounds(cut, movie, ports, proves=proves),
    ]
    work = looked_up(parts, ports, run)
    first, mix = _mix(cut, ports)
    key = piece_key(mix, ports.tools) if mix else None
    pieces = tuple(_piece(each) for each in work if each.frames)
    canvas = cut.timeline.canvas
    poster = poster_frame(movie.thumbnail_at, cut.timeline.frames, canvas.fps)
    stitch = StitchTask(canvas, pieces, key)
    signed = movie.content_credentials
    return Planned(cut, work, first, mix, key, stitch, poster, signed, proves)


def looked_up(parts: Sequence[Part], ports: Ports, run: str) -> tuple[Work, ...]:
    """The parts as work, with what is there already."""
    keys = list(dict.fromkeys(part.key for part in parts))
    found = dict(zip(keys, ports.objects.heads(keys), strict=True))
    return tuple(_work(part, found[part.key], run) for part in parts)


def _piece(work: Work) -> Piece:
    return Piece(work.key, work.frames, held=work.frames > work.task.frames)


def _segments(cut: Plan, movie: Movie, ports: Ports, *, proves: bool) -> Iterator[Part]:
    for planned in cut.segments:
        yield Part(
            planned.task,
            piece_key(planned.task, ports.tools),
            planned.frames,
            planned.scene,
            planned.part,
            renders_again(movie, planned.scene, planned.part, proves=proves),
        )


def _sounds(cut: Plan, movie: Movie, ports: Ports, *, proves: bool) -> list[Part]:
    return [
        Part(
            scene.sound,
            piece_key(scene.sound, ports.tools),
            0,
            index,
            "sound",
            renders_again(movie, index, proves=proves),
        )
        for index, scene in enumerate(cut.scenes)
        if scene.sound
    ]


def _work(part: Part, found: StoredObject | None, run: str) -> Work:
    own = made_by(run, found)
    there = usable(found=found is not None, own=own, again=part.forced)
    result = result_of(usable=there, own=own, again=part.forced)
    render_ms = found.facts.get("render_ms", 0) if found and there else 0
    beside = found.facts.get("beside", 0) if found and there else 0
    before = found.digest if found and result == "bypass" and not own else ""
    own_part = (part.task, part.key, part.frames, part.scene, part.part)
    return Work(*own_part, result, there, render_ms, beside, before)


def rendered_frames(work: Iterable[Work]) -> int:
    """For how many frames of the movie the pieces are seen that are to be made; of one that is seen
    in several places, where it is seen longest.
    """
    longest = dict[str, int]()
    for each in work:
        if not each.there:
            longest[each.key] = max(each.frames, longest.get(each.key, 0))
    return sum(longest.values())


def made_by(run: str, found: StoredObject | None) -> bool:
    """Whether the object is there, and this run put it there."""
    return found is not None and found.facts.get("run") == run


def _mix(cut: Plan, ports: Ports) -> tuple[tuple[RowTask, ...], MixTask | None]:
    """The movie's sound, and what must be joined before it; None when nothing is heard."""
    if not cut.sounds and not any(scene.sound for scene in cut.scenes):
        return (), None
    stretches = tuple(
        Stretch(
            piece_key(scene.sound, ports.tools) if scene.sound else None,
            scene.samples,
            scene.overlap_samples,
        )
        for scene in cut.scenes
    )
    first, left = rows(stretches, lambda row: piece_key(row, ports.tools))
    return first, MixTask(left, cut.sounds, cut.samples, cut.profile.audio_bitrate)


def scene_reports(planned: Planned, movie: Movie) -> tuple[SceneReport, ...]:
    """A report for each scene of the document; transitions have reports of their own."""
    of_scene = by_scene(planned)
    return tuple(
        _scene_report(index, of_scene.get(index, []), movie) for index in range(len(movie.scenes))
    )


def by_scene(planned: Planned) -> dict[int, list[Work]]:
    """The work of each scene, by its number, transitions into it with it."""
    found: dict[int, list[Work]] = {}
    for work in planned.work:
        found.setdefault(work.scene, []).append(work)
    return found


def _scene_report(index: int, work: list[Work], movie: Movie) -> SceneReport:
    own = [part for part in work if part.part != "transition"]
    result = overall([part.result for part in own])
    bodies = {part.key: part for part in own if part.part == "body"}
    hits = sum(part.result == "hit" for part in bodies.values())
    return SceneReport(
        index + 1,
        result,
        scene_fingerprint([part.key for part in own]),
        _reason(index, result, own, movie),
        {"hit": hits, "miss": len(bodies) - hits},
    )


def _reason(index: int, result: Result, own: list[Work], movie: Movie) -> str:
    if result == "hit":
        return MADE_BEFORE
    if result == "miss":
        new = sorted({part.part for part in own if part.result == "miss"})
        return f"not made before: {', '.join('picture' if p == 'body' else p for p in new)}"
    path = rendered_again_by(movie, index)
    return f"cache is false on {json_path(path) if path else 'the movie'}"


def transition_reports(planned: Planned) -> tuple[TransitionReport, ...]:
    return tuple(
        TransitionReport(work.scene + 1, work.result)
        for work in planned.work
        if work.part == "transition"
    )
