"""Forecast: what a render of a movie would do, scene by scene, before anything is made.

Reads the cache and writes nothing. Facts of elements that are not there are assumed, so there is
always something to show; what is assumed is said. A scene with such an element is rendered: its
bytes are not there yet, so nothing can have been made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from resplice.core.document.expand import origins
from resplice.core.document.paths import DocumentPath
from resplice.core.document.strict_json import parse
from resplice.core.estimate import Estimate, estimate
from resplice.core.placed import Placement, placement
from resplice.core.prices import Total
from resplice.core.sources import ElementTask, place_of
from resplice.core.tasks import kind_of
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.cached_elements import NO_RUN, assumed_facts, assumed_lengths, cached_elements
from resplice.steps.expected import due, whole
from resplice.steps.movie_cache import look_up
from resplice.steps.pipeline.accept import Accepted, uncollected
from resplice.steps.pipeline.plan import (
    UNCHANGED,
    Planned,
    Work,
    by_scene,
    plan_movie,
    scene_reports,
)
from resplice.steps.projects import Read, accepted, read_whole

State = Literal["reused", "rendered", "waiting", "paid"]
"""Waiting: an element is made first; paid: and a provider is paid for it."""
MOVING = ('"iterate"', '"condition"', '"import"', "\\u00")
"""What a document says, in which things have other places when it is expanded: as it is written, or
so that nobody may read it."""


@frozen
class SceneForecast:
    """state       as the report of the render will tell of it, its reason with it
    transition  the same of the overlap that leads into it; None where there is none
    rendered_s  seconds of picture that are rendered, of both
    """

    state: State
    reason: str
    transition: State | None
    rendered_s: float


@frozen
class Forecast:
    """hit         whether the movie is there, and is served at once
    size        width and height, pixels; frames: of the whole movie
    scenes      of each scene of the document; elements: of each element, by path
    over        what lasts longer than all scenes, where something does
    due         what would be paid to providers; took: how long it should take
    assumed     lengths that are assumed, in words
    origins     of scenes and elements whose place in the document that was given is another one
    """

    hit: bool
    size: tuple[int, int]
    fps: int
    frames: int
    placement: Placement
    scenes: tuple[SceneForecast, ...]
    elements: Mapping[DocumentPath, State]
    over: SceneForecast | None
    due: Total
    took: Estimate
    assumed: tuple[str, ...]
    warnings: tuple[str, ...]
    origins: Mapping[DocumentPath, DocumentPath]

    @property
    def rendered_scenes(self) -> int:
        return sum(scene.state != "reused" for scene in self.scenes)

    @property
    def rendered_s(self) -> float:
        parts = (*self.scenes, *([self.over] if self.over else []))
        return round(sum(part.rendered_s for part in parts), 3)


def forecast(body: bytes, ports: Ports, read: Read = accepted) -> Forecast:
    """ports: those of who asks. Raises DocumentError, NotFound, StorageError."""
    submission = read_whole(body, ports, read, keeps=True)
    movie = whole(submission, ports)
    hit = bool(submission.key and look_up(movie.key, ports))
    cached = cached_elements(movie, ports, assumed_facts(ports))
    planned = plan_movie(movie.movie, cached.facts, ports, NO_RUN, movie.offers)
    unmade = () if hit else tuple(each for each in cached.tasks if _is_made(each, cached.missing))
    states = {each.path: _state(each) for each in unmade}
    line = planned.plan.timeline
    todo = {} if hit else planned.misses()
    return Forecast(
        hit,
        (line.canvas.width, line.canvas.height),
        line.canvas.fps,
        line.frames,
        placement(movie.movie, cached.facts, movie.offers),
        _scenes(movie, planned, todo, states),
        _of_elements(movie, states),
        _over(movie, planned, todo),
        due(unmade, NO_RUN, ports),
        _estimate(planned, todo, ports),
        assumed_lengths(cached),
        (*movie.said, *line.warnings),
        _moved(submission.document),
    )


def _moved(document: str) -> Mapping[DocumentPath, DocumentPath]:
    if not any(word in document for word in MOVING):
        return {}
    with uncollected():
        found = origins(parse(document))
    return {path: origin for path, origin in found.items() if path != origin}


def _is_made(wanted: ElementTask, missing: tuple[ElementTask, ...]) -> bool:
    return wanted.forced or wanted in missing


def _state(wanted: ElementTask) -> State:
    return "paid" if kind_of(wanted.task).bill(wanted.task) else "waiting"


def _of_elements(
    movie: Accepted, states: Mapping[DocumentPath, State]
) -> dict[DocumentPath, State]:
    """An element is what the worst of its files is."""
    found: dict[DocumentPath, State] = {path: "reused" for path, _ in movie.movie.each_element()}
    for path, state in states.items():
        element = path[: len(path) - len(place_of(path))]
        if found.get(element) != "paid":
            found[element] = state
    return found


def _scenes(
    movie: Accepted,
    planned: Planned,
    todo: Mapping[str, Work],
    states: Mapping[DocumentPath, State],
) -> tuple[SceneForecast, ...]:
    """In a movie that is there nothing is rendered, whatever became of its pieces."""
    first = _first_made(states)
    joins = {work.scene: work for work in planned.work if work.part == "transition"}
    pieces = by_scene(planned)
    found = []
    for index, report in enumerate(scene_reports(planned, movie.movie)):
        reused, join = report.result == "hit" or not todo, joins.get(index)
        found.append(
            SceneForecast(
                "reused" if reused else first.get(index, "rendered"),
                UNCHANGED if reused else report.reason,
                _of_piece(join, todo) if join else None,
                _rendered_s(pieces[index], todo, planned),
            )
        )
    return tuple(found)


def _first_made(states: Mapping[DocumentPath, State]) -> dict[int, State]:
    """Of scenes with elements that are made first: by their numbers, what is done for those."""
    found = dict[int, State]()
    for path, state in states.items():
        if path[0] == "scenes" and found.get(int(path[1])) != "paid":
            found[int(path[1])] = state
    return found


def _of_piece(work: Work, todo: Mapping[str, Work]) -> State:
    return "rendered" if work.key in todo else "reused"


def _over(movie: Accepted, planned: Planned, todo: Mapping[str, Work]) -> SceneForecast | None:
    """What outlasts the scenes of the document is rendered as one more."""
    if not (work := by_scene(planned).get(len(movie.movie.scenes))):
        return None
    rendered_s = _rendered_s(work, todo, planned)
    return SceneForecast("rendered" if rendered_s else "reused", "", None, rendered_s)


def _rendered_s(work: list[Work], todo: Mapping[str, Work], planned: Planned) -> float:
    frames = sum(each.task.frames for each in work if each.key in todo)
    return round(frames / planned.plan.timeline.canvas.fps, 3)


def _estimate(planned: Planned, todo: Mapping[str, Work], ports: Ports) -> Estimate:
    canvas = planned.plan.timeline.canvas
    return estimate(
        [work.task.frames for work in todo.values() if work.task.frames],
        [(work.task.frames, work.render_ms) for work in planned.done()],
        canvas.width * canvas.height,
        ports.pieces_at_once,
    )
