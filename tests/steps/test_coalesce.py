"""Equal movies at the same time are one execution; all of them end, whoever comes when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from coalescing import Desk, begun, desk_in, ends, fail, moved
from dying import CHANGES, LOOKS, Fate, die, fated
from far_apart import FarApart, dangling
from resplice.errors import StorageError
from resplice.ports.projects import TERMINAL
from resplice.steps.execution import complete as completing
from resplice.steps.execution.coalesce import LOST, OVERDUE
from resplice.wiring.aws import PATIENCE
from studio import movie, still

MAX_CALLS = 150
REFUSED = movie(still("http://10.0.0.1/none.png"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("desk")) as desk:
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
        "(the address is not public: on one machine, --allow-source HOST:PORT opens it)"
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
        completing.stopped(leader, "ABORTED", far.coalescer)
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
    first = completing.stopped(projects[0], status, far.coalescer)
    again = completing.stopped(projects[0], status, far.coalescer)
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
        completing.complete(
            leader, fated(far, Fate(1, fail, frozenset(["release"]), early=True)).coalescer
        )
    if isinstance(said, str):
        completing.stopped(leader, said, far.coalescer)
    else:
        completing.fail_with(leader, said, far.coalescer)
    assert ends(far, [leader, follower]) == ["done", "done"]
    assert dangling(far, desk.key(desk.document)) == []


@dataclass(frozen=True)
class Ending:
    """A way in which the execution of a leader ends, while others come."""

    name: str
    document: str
    end: Callable[[FarApart, str], object]


def play(far: FarApart, leader: str) -> None:
    far.play(leader)


def abort(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    completing.stopped(leader, "ABORTED", far.coalescer)


def time_out(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    completing.stopped(leader, "TIMED_OUT", far.coalescer)


def sweep_lost(far: FarApart, leader: str) -> None:
    far.executions.ended.add(leader)
    moved(far, PATIENCE.start_ms + 1)
    far.coalescer.sweep()


def sweep_overdue(far: FarApart, leader: str) -> None:
    moved(far, PATIENCE.deadline_ms + 1)
    far.coalescer.sweep()


def land(far: FarApart, leader: str) -> None:
    completing.complete(leader, far.coalescer)


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
    for n in range(1, MAX_CALLS):
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
        moved(far, PATIENCE.start_ms + 1)
        far.coalescer.sweep()
        far.play_all()


def test_who_comes_after_a_lease_ran_out_waits_for_the_late_leader(desk: Desk) -> None:
    """Its first step is held up: two executions would make the movie twice."""
    far = desk.far()
    leader = far.post(desk.document)
    followers = []
    for _ in range(3):
        moved(far, PATIENCE.start_ms + 1)
        followers.append(far.post(desk.document))
    assert far.executions.started == [leader]
    far.play(leader)
    assert set(ends(far, [leader, *followers])) == {"done"}
    assert far.executions.started == [leader]
    assert dangling(far, desk.key(desk.document)) == []


def test_of_fifty_that_come_after_a_lease_ran_out_one_asks_for_the_leader(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    moved(far, PATIENCE.start_ms + 1)
    fate = Fate(0, die, frozenset(["claim", "renew", "release", "start"]))
    with ThreadPoolExecutor(50) as pool:
        own = fated(far, fate)
        followers = list(pool.map(lambda _: own.post(desk.document), range(50)))
    assert fate.done.count("start") == 1
    far.play_all()
    assert far.executions.started == [leader]
    assert set(ends(far, [leader, *followers])) == {"done"}


def test_who_comes_after_the_leader_ended_without_a_word_takes_over(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    far.executions.ended.add(leader)
    moved(far, PATIENCE.start_ms + 1)
    late = [far.post(desk.document) for _ in range(3)]
    assert far.executions.started == [leader, late[0]]
    far.play_all()
    assert far.told(leader)["status"] == "error"
    assert set(ends(far, late)) == {"done"}
    assert dangling(far, desk.key(desk.document)) == []


def shorten(far: FarApart, key: str) -> None:
    """As if the execution had never said that it began."""
    lease = far.ports.leases.held(key)
    assert lease and far.ports.leases.release(lease)
    far.ports.leases.claim(key, lease.holder, far.ports.clock.now_ms(), PATIENCE.start_ms)


@pytest.mark.parametrize("ending", [abort, time_out, sweep_overdue, land], ids=lambda e: e.__name__)
def test_a_late_leader_may_end_while_one_asks_for_it(
    desk: Desk, ending: Callable[[FarApart, str], object]
) -> None:
    """Between any two calls of the one that comes, and nobody sweeps after."""
    for n in range(1, MAX_CALLS):
        far = desk.far()
        leader, follower = far.post(desk.document), far.post(desk.document)
        if ending is land:
            far.render(leader)
            shorten(far, desk.key(desk.document))
        moved(far, PATIENCE.start_ms + 1)
        fate = Fate(n, lambda far=far, leader=leader: ending(far, leader), CHANGES | LOOKS)
        late = fated(far, fate).post(desk.document)
        if not fate.came:
            ending(far, leader)
        far.executions.ended.add(leader)
        far.play_all()
        assert set(ends(far, [leader, follower, late])) <= TERMINAL, (n, fate.calls)
        assert dangling(far, desk.key(desk.document)) == [], (n, fate.calls)
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def test_a_leader_boards_though_one_asks_for_it_at_that_moment(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    moved(far, PATIENCE.start_ms + 1)
    fate = Fate(1, lambda: far.post(desk.document), frozenset(["renew"]), early=True)
    begun(fated(far, fate), leader)
    lease = far.ports.leases.held(desk.key(desk.document))
    assert lease and lease.holder == leader
    assert lease.until_ms > far.ports.clock.now_ms() + PATIENCE.start_ms
    assert far.executions.started == [leader]


def test_events_about_nobody_are_nothing(desk: Desk) -> None:
    far = desk.far()
    for status in ("FAILED", "ABORTED", "TIMED_OUT"):
        assert completing.stopped("A" * 16, status, far.coalescer) is None
    assert completing.fail_with("A" * 16, {"Error": "Ended"}, far.coalescer) is None
    assert completing.complete("A" * 16, far.coalescer) is None


def test_nobody_who_coalesces_reads_a_document(desk: Desk) -> None:
    """Thousands may wait, and each document may have megabytes."""
    far = desk.far()
    read: list[str] = []

    class Heavy:
        def __getattr__(self, name: str) -> Any:
            return getattr(projects, name)

        def get(self, project_id: str) -> Any:
            read.append(project_id)
            return projects.get(project_id)

    projects: Any = far.ports.projects
    heavy: Any = Heavy()
    far.ports = replace(far.ports, projects=heavy)
    leader, *others = [far.post(desk.document) for _ in range(9)]
    moved(far, PATIENCE.start_ms + 1)
    far.coalescer.sweep()
    far.play_all()
    assert read == [leader], "its execution reads what it is to make"
    assert {projects.get(each).status for each in (leader, *others)} == {"done"}
