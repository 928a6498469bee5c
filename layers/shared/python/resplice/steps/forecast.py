"""Forecast: what a render of a movie would do, scene by scene, before anything is made.

Reads the cache and writes nothing. Facts of elements that are not there are assumed, so there is
always something to show; what is assumed is said.

What is called reused is reused, as long as no length is assumed, nothing changes behind an address
and nothing is purged or made meanwhile. What is called rendered is rendered at most: an element
that is not there may turn out to have the bytes of one that was, and then what shows it is there
too. What is made again because of `cache: false` is taken to come out as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from resplice.core.document.expand import origins
from resplice.core.document.paths import DocumentPath
from resplice.core.document.strict_json import parse
from resplice.core.estimate import AT_ONCE, Estimate, around
from resplice.core.placed import PlacedElement, Placement, placement
from resplice.core.prices import FREE, Total, total
from resplice.core.sources import ElementTask, kind_problems, place_of
from resplice.core.tasks import Task
from resplice.errors import MakeError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.cached_elements import (
    NO_RUN,
    Cached,
    assumed_facts,
    assumed_lengths,
    cached_elements,
)
from resplice.steps.comparing import Away, here
from resplice.steps.earlier_pieces import earlier, pieces_of
from resplice.steps.execution.submit import Submission
from resplice.steps.expected import to_be_paid, took, whole
from resplice.steps.forecast_reasons import NO_REASONS, reasons
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted, uncollected
from resplice.steps.pipeline.plan import (
    MADE_BEFORE,
    Planned,
    Work,
    by_scene,
    plan_movie,
    rendered_frames,
    scene_reports,
)
from resplice.steps.projects import Read, accepted, read_whole, status

State = Literal["reused", "rendered", "waiting", "paid"]
"""Waiting: an element is made first; paid: and a provider is paid for it."""
MOVING = ('"iterate"', '"condition"', '"import"', "\\u00")
"""What a document says, in which things have other places when it is expanded: as it is written, or
so that nobody may read it."""


@frozen
class SceneForecast:
    """state       as the report of the render will tell of it, its reason with it
    transition  the same of the overlap that leads into it; None where there is none
    rendered_s  seconds of picture that are rendered, of both; equal ones are made once for all
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
    rendered_s  seconds of picture that are rendered in all, equal ones once
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
    rendered_s: float
    due: Total
    took: Estimate
    assumed: tuple[str, ...]
    warnings: tuple[str, ...]
    origins: Mapping[DocumentPath, DocumentPath]

    @property
    def rendered_scenes(self) -> int:
        return sum(scene.state != "reused" for scene in self.scenes)


def forecast(
    body: bytes,
    ports: Ports,
    read: Read = accepted,
    since: str | None = None,
    away: Away = here,
) -> Forecast:
    """ports: those of who asks. since: the id of an earlier project of theirs: reasons are what is
    otherwise than in that. away: calls what compares them.
    Raises DocumentError, MakeError, NotFound, StorageError.
    """
    before = status(since, ports.owner, ports) if since else None
    return forecast_of(read_whole(body, ports, read, keeps=True), ports, before, away)


def forecast_of(
    submission: Submission, ports: Ports, since: Project | None = None, away: Away = here
) -> Forecast:
    """Likewise, of what was accepted."""
    with uncollected():
        return _forecast(submission, ports, since, away)


def _forecast(submission: Submission, ports: Ports, since: Project | None, away: Away) -> Forecast:
    movie = whole(submission, ports)
    hit = look_up(movie.key, ports) if submission.key else None
    cached = cached_elements(movie, ports, assumed_facts(movie.movie, ports))
    placed = placement(movie.movie, cached.facts, movie.offers)
    moved = _moved(submission.document)
    if hit:
        return _of_hit(movie, hit, placed, moved)
    if unsuitable := kind_problems(movie.movie, cached.facts):
        raise MakeError(unsuitable)
    planned = plan_movie(movie.movie, cached.facts, ports, NO_RUN, movie.offers)
    unmade = _unmade_elements(cached)
    paid = to_be_paid(unmade, NO_RUN, ports)
    states = {each.path: _state(each, paid) for each in unmade}
    why = reasons(movie, cached, planned, since, ports, away) if since else NO_REASONS
    line = planned.plan.timeline
    return Forecast(
        False,
        (line.canvas.width, line.canvas.height),
        line.canvas.fps,
        line.frames,
        placed,
        _scenes(movie, planned, _made_first(states, placed), why),
        _of_elements(movie, states),
        _over(movie, planned),
        _seconds(planned.work, planned),
        total(paid.values()),
        _estimate(planned, unmade, since, ports),
        assumed_lengths(cached),
        (*movie.said, *line.warnings),
        moved,
    )


def _of_hit(
    movie: Accepted,
    hit: Outcome,
    placed: Placement,
    moved: Mapping[DocumentPath, DocumentPath],
) -> Forecast:
    """Nothing is rendered, whatever became of the pieces, and how long it is is known."""
    fps = movie.movie.fps
    reused = [
        SceneForecast("reused", MADE_BEFORE, "reused" if each.style else None, 0)
        for each in placed.scenes
    ]
    return Forecast(
        True,
        movie.movie.size(),
        fps,
        round(float(hit.stored.facts["duration"]) * fps),
        placed,
        tuple(reused),
        _of_elements(movie, {}),
        None,
        0,
        FREE,
        AT_ONCE,
        (),
        tuple(replace(hit.report, said=movie.said).all_warnings),
        moved,
    )


def _moved(document: str) -> Mapping[DocumentPath, DocumentPath]:
    if not any(word in document for word in MOVING):
        return {}
    found = origins(parse(document))
    return {path: origin for path, origin in found.items() if path != origin}


def _unmade_elements(cached: Cached) -> tuple[ElementTask, ...]:
    """What one asks to be made again is made again for all who want it."""
    again = {wanted.task for wanted in cached.tasks if wanted.forced}
    return tuple(
        wanted
        for wanted in cached.tasks
        if wanted.path in cached.missing or (again and wanted.task in again)
    )


def _state(wanted: ElementTask, paid: Collection[Task]) -> State:
    return "paid" if wanted.task in paid else "waiting"


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
    first: Mapping[int, State],
    why: Mapping[int, tuple[str, ...]],
) -> tuple[SceneForecast, ...]:
    pieces = by_scene(planned)
    found = []
    for index, report in enumerate(scene_reports(planned, movie.movie)):
        work = pieces.get(index, [])
        join = next((each for each in work if each.part == "transition"), None)
        reused = report.result == "hit"
        found.append(
            SceneForecast(
                "reused" if reused else first.get(index, "rendered"),
                MADE_BEFORE if reused else "; ".join(why.get(index, ())) or report.reason,
                _of_piece(join) if join else None,
                _seconds(work, planned),
            )
        )
    return tuple(found)


def _made_first(states: Mapping[DocumentPath, State], placed: Placement) -> dict[int, State]:
    """Of scenes that show elements which are made first: by their numbers, what is done for those.
    The movie's own are shown in all scenes beside which they are there.
    """
    found = dict[int, State]()
    own = {each.path: each for each in placed.elements if each.path[0] != "scenes"}
    for path, state in states.items():
        over = own.get(path[: len(path) - len(place_of(path))])
        shown = _beside(over, placed) if over else [int(path[1])]
        found |= {scene: state for scene in shown if found.get(scene) != "paid"}
    return found


def _beside(over: PlacedElement, placed: Placement) -> list[int]:
    return [
        index
        for index, scene in enumerate(placed.scenes)
        if scene.start_s < over.end_s and over.start_s < scene.start_s + scene.length_s
    ]


def _of_piece(work: Work) -> State:
    return "reused" if work.result == "hit" else "rendered"


def _over(movie: Accepted, planned: Planned) -> SceneForecast | None:
    """What outlasts the scenes of the document is rendered as one more."""
    if not (work := by_scene(planned).get(len(movie.movie.scenes))):
        return None
    rendered_s = _seconds(work, planned)
    return SceneForecast("rendered" if rendered_s else "reused", "", None, rendered_s)


def _seconds(work: Iterable[Work], planned: Planned) -> float:
    """That are rendered of it."""
    return round(rendered_frames(work) / planned.plan.timeline.canvas.fps, 3)


def _estimate(
    planned: Planned, unmade: Sequence[ElementTask], since: Project | None, ports: Ports
) -> Estimate:
    before = earlier(since) if since else None
    pieces = pieces_of(since, ports) if since and before else ()
    found = took(planned, ports, around(before, len({each.task for each in unmade})), pieces)
    if before:
        return replace(found, basis=f"{found.basis}; the rest by what the render before took")
    beside = "; what making its elements takes is not in it" if unmade else ""
    return replace(found, basis=found.basis + beside)
