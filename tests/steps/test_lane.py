"""The lane: one process makes the movie that the workflow makes, and what it leaves is taken up."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied, only
from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.s3.held_checkpoints import HeldCheckpoints
from resplice.core import lane as rule
from resplice.core.quotas import Bounds, Quotas
from resplice.errors import Ended, MakeError
from resplice.ports.functions import Busy, CallFailed
from resplice.steps.deadline import NEVER, STEP_LATE, Deadline
from resplice.steps.execution import lane
from resplice.steps.execution.complete import complete
from resplice.steps.execution.executor import WorkflowExecutor, functions_of
from resplice.steps.execution.lane import NEXT, Lane
from resplice.wiring.functions import PORTS
from studio import Studio, asked, decoded, give, movie, picture, still, studio
from web_server import Server, serving

State = dict[str, Any]
ELEMENTS, PIECES = 3, 3
"""Calls that the two scenes with a fade between them take: what stands in them, and after them, is
made in two.
"""


@dataclass
class Desk:
    lab: Studio
    server: Server
    document: dict[str, Any]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving() as server, studio(tmp_path_factory.mktemp("lane") / "data", server) as lab:
        urls = [give(server, f"/{name}.png", picture(name)) for name in ("red", "green")]
        first, second = (still(url, 0.4) for url in urls)
        first["elements"].append({"type": "text", "text": "Ann", "width": 60, "height": 30})
        second["transition"] = {"style": "fade", "duration": 0.2}
        yield Desk(lab, server, movie(first, second))


@dataclass
class Elsewhere:
    """Implements ports.functions.Functions: with the ports of the function that is called."""

    far: FarApart
    before: Callable[[str], object] = lambda function: None
    called: Counter[str] = field(default_factory=Counter)

    def call(self, function: str, given: Mapping[str, Any]) -> None:
        self.called[function] += 1
        self.before(function)
        functions_of(only(self.far.ports, function))[function](json.loads(json.dumps(given)))


def in_lane(
    far: FarApart, project: str, calls: Elsewhere, deadline: Deadline = NEVER, **more: Any
) -> State:
    """The state that the lane hands on, as JSON."""
    stored = far.ports.checkpoints
    assert isinstance(stored, ObjectCheckpoints)
    assert not {"connections", "components"} - {*PORTS[rule.FUNCTION]}
    own = replace(only(far.ports, rule.FUNCTION), pieces_at_once=4)
    state = Lane(project, own, HeldCheckpoints(stored), calls, deadline, **more).run()
    told: State = json.loads(json.dumps(state))
    return told


def taken_up(far: FarApart, state: State) -> Counter[str]:
    """The rest, as the workflow does it; which functions that took."""
    ran: Counter[str] = Counter()
    far.before = lambda name: ran.update([name])
    executor = WorkflowExecutor(
        far.ports, {name: far._far(name) for name in functions_of(far.ports)}
    )
    name = state[NEXT]
    while name != "Finish":
        after, name = executor.advance(name, state)
        state = dict(after)
    far.step("finish", lambda: complete(state["project"], far.coalescer))
    return ran


def frames(far: FarApart, project: str) -> str:
    with far.ports.objects.open(far.movie_key(project)) as file:
        return decoded(file)


@pytest.fixture(scope="module")
def by_workflow(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[FarApart, State]:
    """The movie as it is made without the lane."""
    far = FarApart(emptied(desk.lab.ports, tmp_path_factory.mktemp("by-workflow")))
    return far, far.made(desk.document)


def keys(far: FarApart) -> set[str]:
    """A manifest says when it was made, and its name is of that."""
    kinds = ("elements/content/", "scenes/", "movies/")
    found = {stored.key for kind in kinds for stored in far.ports.objects.list(kind)}
    return {"a manifest" if key.endswith(".json") else key for key in found}


def test_the_lane_makes_the_same_objects_and_stores_what_the_end_reads_and_no_more(
    desk: Desk, tmp_path: Path, by_workflow: tuple[FarApart, State]
) -> None:
    far, (other, told) = FarApart(emptied(desk.lab.ports, tmp_path)), by_workflow
    project, calls = far.post(desk.document), Elsewhere(far)
    state = in_lane(far, project, calls)
    assert (state[NEXT], calls.called) == ("Finish", Counter(paint=1))
    left = {stored.key.rpartition("/")[2] for stored in far.ports.objects.list("runs/")}
    batch = {name for name in left if name.startswith("elements-")}
    assert left - batch == {"movie"} and len(batch) == 2  # What was painted.
    assert taken_up(far, state) == Counter(finish=1)
    assert keys(far) == keys(other) != set()
    mine, theirs = far.told(project)["cache"], told["cache"]
    for part in ("movie", "scenes", "elements", "transitions", "warnings"):
        assert mine.get(part) == theirs.get(part), part


@pytest.mark.parametrize("reads", [0, 1, 2, 3, 4, 6, 9, 14, 20])
def test_whenever_its_time_is_over_the_workflow_takes_up_what_is_left(
    reads: int, desk: Desk, tmp_path: Path, by_workflow: tuple[FarApart, State]
) -> None:
    """reads: how often the clock is looked at until then."""
    far, (other, told) = FarApart(emptied(desk.lab.ports, tmp_path)), by_workflow
    project, looked = far.post(desk.document), count()
    deadline = Deadline(1, 1, lambda: 0 if next(looked) < reads else 10, STEP_LATE)
    state = in_lane(far, project, Elsewhere(far), deadline, batches_at_once=1)
    assert state[NEXT] != "Finish"
    taken_up(far, state)
    assert far.told(project)["status"] == "done"
    assert frames(far, project) == frames(other, told["project"])


def test_what_fails_elsewhere_is_tried_by_the_workflow_and_nothing_is_fetched_twice(
    desk: Desk, tmp_path: Path
) -> None:
    def failing(function: str) -> None:
        raise CallFailed(f"{function}: Sandbox.Timedout")

    far = FarApart(emptied(desk.lab.ports, tmp_path))
    project = far.post(desk.document)
    asked(desk.server)
    state = in_lane(far, project, Elsewhere(far, failing), batches_at_once=1)
    assert (state[NEXT], state["count"]) == ("Elements", 3)
    ran = taken_up(far, state)
    assert (ran["prepare"], ran["paint"], ran["finish"]) == (1, 1, 1)
    assert sorted(asked(desk.server)) == ["/green.png", "/red.png"]


@pytest.mark.parametrize(
    ("limit", "value", "left"),
    [("MAX_BATCHES", 1, "Elements"), ("MAX_PIECE_SECONDS", 0, "Scenes")],
)
def test_what_is_too_much_is_left_where_the_fan_out_begins(
    limit: str,
    value: int,
    left: str,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule, limit, value)
    monkeypatch.setattr(rule, "MAX_HERE_SECONDS", 0)
    far = FarApart(emptied(desk.lab.ports, tmp_path))
    project = far.post(desk.document)
    state = in_lane(far, project, Elsewhere(far))
    assert (state[NEXT], state["count"]) == (left, ELEMENTS if left == "Elements" else PIECES)
    ran = taken_up(far, state)
    assert (ran["prepare"], ran["plan"]) == ((1, 1) if left == "Elements" else (0, 0))
    assert (ran["scene"], far.told(project)["status"]) == (PIECES, "done")


def refusing(error: type[CallFailed]) -> Callable[[str], object]:
    def refuse(function: str) -> None:
        if function == "scene":
            raise error("no")

    return refuse


@pytest.mark.parametrize(("error", "left"), [(Busy, "Finish"), (CallFailed, "Scenes")])
def test_pieces_that_nobody_has_room_for_are_made_here_and_those_that_fail_are_left(
    error: type[CallFailed],
    left: str,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule, "MAX_HERE_SECONDS", 0)
    far = FarApart(emptied(desk.lab.ports, tmp_path))
    project, calls = far.post(desk.document), Elsewhere(far, refusing(error))
    state = in_lane(far, project, calls)
    assert (state[NEXT], calls.called["scene"] > 0) == (left, True)
    taken_up(far, state)
    assert far.told(project)["status"] == "done"


def test_a_lane_whose_project_ends_meanwhile_stops(desk: Desk, tmp_path: Path) -> None:
    far = FarApart(emptied(desk.lab.ports, tmp_path))
    project = far.post(desk.document)

    def cancel(function: str) -> None:
        found = far.ports.projects.get(project)
        assert found
        far.coalescer.cancel(found, "Cancelled")
        far.ports.clock.ahead_ms += 2_000  # type: ignore[attr-defined]

    with pytest.raises(Ended):
        in_lane(far, project, Elsewhere(far, cancel), batches_at_once=1)
    assert far.told(project)["message"] == "Cancelled"
    assert list(far.ports.objects.list("scenes/segment/")) == []


def test_what_cannot_be_made_is_a_verdict_with_all_its_problems(desk: Desk, tmp_path: Path) -> None:
    far, server = FarApart(emptied(desk.lab.ports, tmp_path)), desk.server
    for name in ("gone", "lost"):
        server.answers[f"/{name}.png"] = lambda to: to.give(404)
    bad = movie(*(still(server.url(f"/{name}.png")) for name in ("gone", "lost")))
    with pytest.raises(MakeError) as raised:
        in_lane(far, far.post(bad), Elsewhere(far))
    assert len(raised.value.problems) == 2


def test_of_a_movie_of_which_only_the_elements_are_wanted_the_plan_is_stored(
    desk: Desk, tmp_path: Path
) -> None:
    far = FarApart(emptied(desk.lab.ports, tmp_path))
    project = far.post(desk.document, elements_only=True)
    state = in_lane(far, project, Elsewhere(far))
    assert (state[NEXT], state["count"]) == ("Finish", 0)
    assert taken_up(far, state) == Counter(finish=1)
    assert far.told(project)["status"] == "done"
    assert list(far.ports.objects.list("scenes/")) == []


class Died(BaseException):
    """The lane's process ended. Nothing of ours may take it for an error."""


def test_what_a_dead_lane_had_asked_for_is_not_taken_for_results_of_other_rounds(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two batches of texts, one of which was painted: the next round has the other in its place."""
    far = FarApart(emptied(desk.lab.ports, tmp_path))
    document, painted = json.loads(json.dumps(desk.document)), threading.Event()
    texts = [{"type": "text", "text": f"No. {n}", "width": 60, "height": 30} for n in range(14)]
    document["scenes"][0]["elements"] += texts
    project, calls = far.post(document), Elsewhere(far)
    elsewhere = calls.call

    def call(function: str, given: Mapping[str, Any]) -> None:
        if given["index"] > 2:
            painted.wait(60)
            raise Died
        elsewhere(function, given)
        painted.set()

    def die(given: State) -> None:
        painted.wait(60)
        raise Died

    own = lane.functions_of
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(calls, "call", call)
        patch.setattr(lane, "functions_of", lambda *given: {**own(*given), "element": die})
        in_lane(far, project, calls)
    far.play(project)
    assert far.told(project)["status"] == "done", far.told(project)["message"]


def test_a_lane_that_died_takes_nothing_twice_of_the_bounds(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Quotas(together=Bounds(seconds=1))
    far = FarApart(replace(emptied(desk.lab.ports, tmp_path), quotas=bounds))
    project = far.post(desk.document)

    def die(lane: Lane, given: State) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Lane, "_piece", die)
        in_lane(far, project, Elsewhere(far))
    far.play(project)
    assert far.told(project)["status"] == "done", far.told(project)["message"]
