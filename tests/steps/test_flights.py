"""Equal movies at the same time are one execution; all of them end, whoever comes when."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from dying import CHANGES, LOOKS, Fate, fated
from far_apart import FarApart, MovedClock, dangling, emptied
from resplice.errors import StorageError
from resplice.ports import TERMINAL, Ports
from resplice.steps import landing
from resplice.steps.accept import accept
from resplice.steps.flight import DEADLINE_MS, LOST, OVERDUE, START_MS
from studio import give, movie, picture, still, studio
from web_server import serving

MOST_CALLS = 150
REFUSED = movie(still("http://10.0.0.1/none.png"))
MINUTES_5 = 300_000


@dataclass
class Desk:
    ports: Ports
    folder: Path
    document: dict[str, Any]
    count: int = 0

    def far(self) -> FarApart:
        """A service that has all pieces of the document, but not its movie."""
        self.count += 1
        place = self.folder / str(self.count)
        shutil.copytree(self.folder / "warm", place)
        return FarApart(emptied(self.ports, place))

    def key(self, document: dict[str, Any]) -> str:
        return accept(document, self.ports.tools).key


def moved(far: FarApart, by_ms: int) -> None:
    clock = far.ports.clock
    assert isinstance(clock, MovedClock)
    clock.ahead_ms += by_ms


def ends(far: FarApart, projects: list[str]) -> list[str]:
    return [far.told(project)["status"] for project in projects]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data", server) as lab:
        red = give(server, "/red.png", picture("red"))
        desk = Desk(lab.ports, folder, movie(still(red, 0.1)))
        warm = FarApart(emptied(lab.ports, folder / "warm"))
        warm.ports.objects.delete(warm.movie_key(warm.made(desk.document)["project"]))
        yield desk


def test_fifty_equal_movies_are_one_execution(desk: Desk) -> None:
    far = desk.far()
    with ThreadPoolExecutor(50) as pool:
        projects = list(pool.map(lambda _: far.post(desk.document), range(50)))
    assert len(set(projects)) == 50
    [leader] = far.executions.started
    far.play(leader)
    told = [far.told(project) for project in projects]
    assert {each["status"] for each in told} == {"done"}
    assert len({each["url"] for each in told}) == 1
    results = [each["cache"]["movie"]["result"] for each in told]
    assert sorted(results) == ["joined"] * 49 + ["miss"]
    assert far.told(leader)["cache"]["movie"]["result"] == "miss"
    assert dangling(far, desk.key(desk.document)) == []


def test_a_failing_movie_fails_all_with_the_same_words(desk: Desk) -> None:
    far = desk.far()
    projects = [far.post(REFUSED) for _ in range(5)]
    far.play_all()
    assert far.executions.started == projects[:1]
    told = [far.told(project) for project in projects]
    assert {each["status"] for each in told} == {"error"}
    assert {each["message"] for each in told} == {
        "Scene #1, element #1: Failed to download 'http://10.0.0.1/none.png' "
        "(the address is not public)"
    }
    assert dangling(far, desk.key(REFUSED)) == []
    later = far.post(REFUSED)
    assert far.executions.started == [projects[0], later], "a failure is not kept"


def test_movies_known_fresh_are_each_made_by_itself(desk: Desk) -> None:
    far = desk.far()
    projects = [far.post({**desk.document, "cache": False}) for _ in range(3)]
    assert far.executions.started == projects
    far.play_all()
    results = [far.told(project)["cache"]["movie"]["result"] for project in projects]
    assert results == ["bypass"] * 3
    assert dangling(far, desk.key(desk.document)) == []


@pytest.mark.parametrize("times", [1, 2])
def test_when_the_leader_is_stopped_one_takes_over(desk: Desk, times: int) -> None:
    far = desk.far()
    leader, *others = [far.post(desk.document) for _ in range(4)]
    far.executions.ended.add(leader)
    for _ in range(times):
        landing.stopped(leader, "ABORTED", far.flights)
    assert far.told(leader)["status"] == "error"
    [successor] = far.executions.started[1:]
    assert successor in others
    assert set(ends(far, others)) == {"pending"}
    far.play_all()
    results = {p: far.told(p)["cache"]["movie"]["result"] for p in others}
    assert results == {p: "miss" if p == successor else "joined" for p in others}
    assert dangling(far, desk.key(desk.document)) == []


@pytest.mark.parametrize(
    ("status", "end", "message"), [("TIMED_OUT", "timeout", OVERDUE), ("FAILED", "error", LOST)]
)
def test_an_execution_that_ends_badly_ends_all(
    desk: Desk, status: str, end: str, message: str
) -> None:
    far = desk.far()
    projects = [far.post(desk.document) for _ in range(4)]
    far.executions.ended.add(projects[0])
    first = landing.stopped(projects[0], status, far.flights)
    again = landing.stopped(projects[0], status, far.flights)
    assert first and first.status == end
    assert again is None, "an end is counted once"
    told = [far.told(project) for project in projects]
    assert {(each["status"], each["message"]) for each in told} == {(end, message)}
    assert dangling(far, desk.key(desk.document)) == []
    assert far.executions.started == projects[:1]


@pytest.mark.parametrize("said", ["FAILED", "TIMED_OUT", {"Error": "StorageError"}, {}], ids=str)
def test_a_bad_end_after_the_movie_is_there_harms_nobody(
    desk: Desk, said: str | dict[str, str]
) -> None:
    """Whatever the last step died of: the project is done, and so are those that wait for it."""
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    far.render(leader)
    with pytest.raises(StorageError):
        landing.land(leader, fated(far, Fate(1, fail, frozenset(["release"]), early=True)).flights)
    if isinstance(said, str):
        landing.stopped(leader, said, far.flights)
    else:
        landing.crash(leader, said, far.flights)
    assert ends(far, [leader, follower]) == ["done", "done"]
    assert dangling(far, desk.key(desk.document)) == []


def fail() -> None:
    raise StorageError("cannot reach the table")


@dataclass(frozen=True)
class Ending:
    """A way in which the flight of a leader ends, while others come."""

    name: str
    document: str
    end: Callable[[FarApart, str], object]


def play(far: FarApart, leader: str) -> None:
    far.play(leader)


def abort(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    landing.stopped(leader, "ABORTED", far.flights)


def time_out(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    landing.stopped(leader, "TIMED_OUT", far.flights)


def sweep_lost(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    moved(far, START_MS + 1)
    far.flights.sweep()


def sweep_overdue(far: FarApart, leader: str) -> None:
    moved(far, DEADLINE_MS + 1)
    far.flights.sweep()


def land(far: FarApart, leader: str) -> None:
    landing.land(leader, far.flights)


ENDINGS = [
    Ending("landed", "good", land),
    Ending("failed", "refused", play),
    Ending("aborted", "good", abort),
    Ending("timed out", "good", time_out),
    Ending("lost", "good", sweep_lost),
    Ending("overdue", "good", sweep_overdue),
]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.name)
@pytest.mark.parametrize("inside", ["ending", "post"])
def test_who_comes_in_the_middle_of_an_end_ends_too(
    desk: Desk, ending: Ending, inside: str
) -> None:
    """Between any two calls of one side the other does all that it has to do."""
    document = desk.document if ending.document == "good" else REFUSED
    for n in range(1, MOST_CALLS):
        far = desk.far()
        leader, follower = far.post(document), far.post(document)
        came: list[str] = []
        if ending.name == "landed":
            far.render(leader)
        if inside == "ending":
            fate = Fate(
                n, lambda far=far, came=came: came.append(far.post(document)), CHANGES | LOOKS
            )
            ending.end(fated(far, fate), leader)
        else:
            fate = Fate(n, lambda far=far, leader=leader: ending.end(far, leader), CHANGES | LOOKS)
            came.append(fated(far, fate).post(document))
            if not fate.came:
                ending.end(far, leader)
        far.executions.ended.add(leader)
        settle(far)
        projects = [leader, follower, *came]
        assert set(ends(far, projects)) <= TERMINAL, (n, fate.calls)
        if ending.name == "landed":
            assert set(ends(far, projects)) == {"done"}
        words = {far.told(project)["message"] for project in projects}
        assert not any("has ended already" in each for each in words)
        assert dangling(far, desk.key(document)) == [], (n, fate.calls)
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def settle(far: FarApart) -> None:
    """What the next minutes bring."""
    far.play_all()
    for _ in range(2):
        moved(far, START_MS + 1)
        far.flights.sweep()
        far.play_all()


def test_a_leader_that_never_began_is_executed_by_the_sweep(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    far.executions.started.clear()
    far.flights.sweep()
    assert far.executions.started == [], "it may be about to"
    moved(far, START_MS + 1)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: far.flights.sweep(), range(2))) == [2, 2]
    assert far.executions.started == [leader]
    far.play_all()
    assert ends(far, [leader, follower]) == ["done", "done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_a_slow_start_is_not_taken_over(desk: Desk) -> None:
    """The lease of a leader whose execution waits for its first step runs out."""
    far = desk.far()
    projects = [far.post(desk.document) for _ in range(5)]
    for _ in range(3):
        moved(far, START_MS + 1)
        far.flights.sweep()
    assert far.executions.started == projects[:1]
    far.play_all()
    assert set(ends(far, projects)) == {"done"}


def test_what_ended_without_a_word_is_found_by_the_sweep(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    far.executions.ended |= {leader, alone}
    moved(far, START_MS + 1)
    far.flights.sweep()
    for project in (leader, alone):
        assert (far.told(project)["status"], far.told(project)["message"]) == ("error", LOST)
    assert far.executions.started == [leader, alone, follower]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_a_leader_that_ended_but_kept_its_lease_is_relieved(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    far.ports.records.advance(leader, "error", message="Internal error")
    far.executions.ended.add(leader)
    moved(far, START_MS - 10)
    far.flights.sweep()
    assert far.executions.started == [leader]
    moved(far, 20)
    far.flights.sweep()
    assert far.executions.started == [leader, follower]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_a_project_over_its_deadline_times_out(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    moved(far, DEADLINE_MS - MINUTES_5)
    follower = far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    far.flights.sweep()
    moved(far, MINUTES_5 + 1)
    far.flights.sweep()
    assert (far.told(leader)["status"], far.told(leader)["message"]) == ("timeout", OVERDUE)
    far.play_all()
    assert ends(far, [follower, alone]) == ["done", "done"]
    assert far.told(leader)["status"] == "timeout"
    assert dangling(far, desk.key(desk.document)) == []


@pytest.mark.parametrize("ahead_ms", [MINUTES_5, -MINUTES_5])
def test_clocks_that_differ_by_minutes_change_no_end(desk: Desk, ahead_ms: int) -> None:
    """Sweeps, posts and steps on machines with other times."""
    far = desk.far()
    other = FarApart(with_clock(far, ahead_ms), executions=far.executions)
    projects = [far.post(desk.document), other.post(desk.document), far.post(desk.document)]
    other.flights.sweep(), far.flights.sweep()
    while waiting := [p for p in far.executions.started if p not in far.executions.ended]:
        for player, project in zip((other, far) * 2, waiting, strict=False):
            player.play(project)
            other.flights.sweep(), far.flights.sweep()
    assert set(ends(far, projects)) == {"done"}
    assert len(far.executions.started) <= 2
    assert dangling(far, desk.key(desk.document)) == []


def with_clock(far: FarApart, ahead_ms: int) -> Ports:
    return replace(far.ports, clock=MovedClock(far.ports.clock, ahead_ms))


def test_one_project_that_cannot_be_started_does_not_hold_up_others(desk: Desk) -> None:
    far = desk.far()
    alone = far.post({**desk.document, "cache": False})
    moved(far, 1)
    leader = far.post(desk.document)
    far.executions.started.clear()
    moved(far, START_MS + 1)
    with pytest.raises(StorageError):
        fated(far, Fate(1, fail, frozenset(["start"]), early=True)).flights.sweep()
    assert far.executions.started == [leader]
    far.flights.sweep()
    assert far.executions.started == [leader, alone]


def test_events_about_nobody_are_nothing(desk: Desk) -> None:
    far = desk.far()
    for status in ("FAILED", "ABORTED", "TIMED_OUT"):
        assert landing.stopped("A" * 16, status, far.flights) is None
    assert landing.crash("A" * 16, {"Error": "Ended"}, far.flights) is None
    assert landing.land("A" * 16, far.flights) is None
