"""The sweep: finds what nobody takes care of, and leaves alone what goes on."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from coalescing import Desk, begun, desk_in, ends, fail, moved
from dying import Fate, die, fated
from far_apart import Died, FarApart, MovedClock, dangling
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.execution.coalesce import LOST, OVERDUE
from resplice.steps.execution.record import record_failed
from resplice.wiring.aws import PATIENCE
from resplice.wiring.serving import sweep

MINUTES_5 = 300_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def stored(far: FarApart, project: str) -> Project:
    found = far.ports.projects.get(project)
    assert found
    return found


def test_a_leader_that_never_began_is_executed_by_the_sweep(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    far.executions.started.clear()
    far.coalescer.sweep()
    assert far.executions.started == [], "it may be about to"
    moved(far, PATIENCE.start_ms + 1)
    with ThreadPoolExecutor(2) as pool:
        assert max(pool.map(lambda _: far.coalescer.sweep(), range(2))) == 2
    assert far.executions.started == [leader]
    far.play_all()
    assert ends(far, [leader, follower]) == ["done", "done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_a_slow_start_is_not_taken_over(desk: Desk) -> None:
    """The lease of a leader whose execution waits for its first step runs out."""
    far = desk.far()
    projects = [far.post(desk.document) for _ in range(5)]
    for _ in range(3):
        moved(far, PATIENCE.start_ms + 1)
        far.coalescer.sweep()
    assert far.executions.started == projects[:1]
    far.play_all()
    assert set(ends(far, projects)) == {"done"}


def test_a_sweep_that_fails_is_told_of_and_the_server_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    moved(far, PATIENCE.start_ms + 1)
    far.executions.started.clear()
    unlucky = fated(far, Fate(1, fail, frozenset({"due"}), early=True))
    sweep(unlucky.coalescer, ())
    (told,) = caplog.records
    assert told.levelname == "ERROR" and told.exc_info and told.exc_info[0] is StorageError
    sweep(unlucky.coalescer, ())
    assert far.executions.started == [leader] and len(caplog.records) == 1


def test_of_what_goes_on_a_sweep_writes_only_when_it_is_due_again(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    for _ in range(5):
        far.post(desk.document)
    begun(far, leader), begun(far, alone)
    calls = []
    for _ in range(11):
        moved(far, PATIENCE.start_ms + 10)
        fate = Fate(0, die)
        fated(far, fate).coalescer.sweep()
        calls.append(fate.done)
    looked = ["postpone"] * 7
    assert calls[0] == looked
    for minute in range(2, 12):
        asked = [*looked, "start", "start"] if minute % 5 == 0 else []
        assert sorted(calls[minute - 1]) == asked, minute
    assert far.executions.started == [leader, alone]


def test_a_sweep_that_comes_late_asks_all_the_same(desk: Desk) -> None:
    far = desk.far()
    alone = far.post({**desk.document, "cache": False})
    begun(far, alone)
    moved(far, PATIENCE.start_ms + 1)
    far.coalescer.sweep()
    moved(far, 6 * 60_000)
    far.executions.ended.add(alone)
    far.coalescer.sweep()
    assert ends(far, [alone]) == ["error"]


def test_a_project_that_was_never_postponed_is_looked_at_whatever_its_age(desk: Desk) -> None:
    """As those are that an earlier version has left."""
    far = desk.far()
    alone = far.post({**desk.document, "cache": False})
    begun(far, alone)
    far.executions.ended.add(alone)
    moved(far, 37 * 60_000)
    assert far.coalescer.sweep() == 1
    assert ends(far, [alone]) == ["error"] and far.coalescer.sweep() == 0


def test_what_has_ended_and_is_still_on_the_agenda_is_taken_off_it(desk: Desk) -> None:
    """Whoever ended it died before that; or the agenda is a moment behind."""
    far = desk.far()
    ended, unknown = far.post({**desk.document, "cache": False}), "0" * 16
    record_failed(stored(far, ended), "error", "Internal error", far.ports)
    forgotten: list[str] = []

    class Behind:
        def due(self, before_ms: int, young_ms: int) -> list[str]:
            return [ended, unknown]

        def forget(self, project_id: str) -> None:
            forgotten.append(project_id)

    ports = replace(far.ports, agenda=Behind())  # type: ignore[arg-type]
    assert replace(far.coalescer, ports=ports).sweep() == 2
    assert forgotten == [ended, unknown]


def test_who_dies_in_a_sweep_leaves_each_project_due(desk: Desk) -> None:
    """At every change, between two projects and in the middle of one."""
    for n in range(1, 40):
        far = desk.far()
        projects = [far.post({**desk.document, "cache": False}) for _ in range(3)]
        far.executions.started.clear()
        moved(far, PATIENCE.start_ms + 1)
        fate = Fate(n, die)
        with suppress(Died):
            fated(far, fate).coalescer.sweep()
        moved(far, MINUTES_5)
        seen = len(fate.done)
        assert far.coalescer.sweep() == 3, seen
        assert sorted(far.executions.started) == sorted(projects)
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def test_what_ended_without_a_word_is_found_by_the_sweep(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    far.executions.ended |= {leader, alone}
    moved(far, PATIENCE.start_ms + 1)
    far.coalescer.sweep()
    for project in (leader, alone):
        assert (far.told(project)["status"], far.told(project)["message"]) == ("error", LOST)
    assert far.executions.started == [leader, alone, follower]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_one_that_had_begun_and_ended_without_a_word_is_found_in_minutes(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    begun(far, leader), begun(far, alone)
    far.executions.ended |= {leader, alone}
    for _ in range(5):
        moved(far, PATIENCE.start_ms + 10)
        far.coalescer.sweep()
    assert ends(far, [leader, alone]) == ["error", "error"]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_those_that_wait_for_one_that_is_gone_are_taken_up(desk: Desk) -> None:
    """Its lease would last for an hour, but it has ended and nobody was told."""
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    begun(far, leader)
    record_failed(stored(far, leader), "error", "Internal error", far.ports)
    moved(far, PATIENCE.start_ms + 1)
    far.coalescer.sweep()
    assert far.executions.started == [leader, follower]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_an_execution_that_ran_out_of_time_unheard_of_timed_out(desk: Desk) -> None:
    far = desk.far()
    project = far.post(desk.document)
    begun(far, project)
    far.executions.ended.add(project)
    moved(far, PATIENCE.execution_ms + 10)
    far.coalescer.sweep()
    assert (far.told(project)["status"], far.told(project)["message"]) == ("timeout", OVERDUE)


def test_a_leader_that_ended_but_kept_its_lease_is_relieved(desk: Desk) -> None:
    far = desk.far()
    leader, follower = far.post(desk.document), far.post(desk.document)
    record_failed(stored(far, leader), "error", "Internal error", far.ports)
    far.executions.ended.add(leader)
    moved(far, PATIENCE.start_ms - 5_000)
    far.coalescer.sweep()
    assert far.executions.started == [leader]
    moved(far, 5_010)
    far.coalescer.sweep()
    assert far.executions.started == [leader, follower]
    far.play_all()
    assert ends(far, [follower]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_a_project_over_its_deadline_times_out(desk: Desk) -> None:
    far = desk.far()
    leader = far.post(desk.document)
    moved(far, PATIENCE.deadline_ms - MINUTES_5)
    follower = far.post(desk.document)
    alone = far.post({**desk.document, "cache": False})
    far.coalescer.sweep()
    moved(far, MINUTES_5 + 1)
    far.coalescer.sweep()
    assert (far.told(leader)["status"], far.told(leader)["message"]) == ("timeout", OVERDUE)
    far.play_all()
    assert ends(far, [follower, alone]) == ["done", "done"]
    assert far.told(leader)["status"] == "timeout"
    assert dangling(far, desk.key(desk.document)) == []


def test_who_waited_too_long_is_not_executed_any_more(desk: Desk) -> None:
    far = desk.far()
    projects = [far.post(desk.document) for _ in range(3)]
    moved(far, PATIENCE.deadline_ms - MINUTES_5)
    late = far.post(desk.document)
    moved(far, MINUTES_5 + 10)
    far.coalescer.sweep()
    assert ends(far, projects) == ["timeout"] * 3
    assert far.executions.started == [projects[0], late]
    far.play_all()
    assert ends(far, [late]) == ["done"]
    assert dangling(far, desk.key(desk.document)) == []


def test_when_all_are_overdue_nothing_is_executed(desk: Desk) -> None:
    far = desk.far()
    projects = [far.post(desk.document) for _ in range(3)]
    moved(far, PATIENCE.deadline_ms + 1)
    far.coalescer.sweep()
    assert ends(far, projects) == ["timeout"] * 3
    assert far.executions.started == projects[:1]
    assert dangling(far, desk.key(desk.document)) == []


@pytest.mark.parametrize("ahead_ms", [MINUTES_5, -MINUTES_5])
def test_clocks_that_differ_by_minutes_change_no_end(desk: Desk, ahead_ms: int) -> None:
    """Sweeps, posts and steps on machines with other times."""
    far = desk.far()
    other = FarApart(with_clock(far, ahead_ms), executions=far.executions)
    projects = [far.post(desk.document), other.post(desk.document), far.post(desk.document)]
    other.coalescer.sweep(), far.coalescer.sweep()
    while waiting := [p for p in far.executions.started if p not in far.executions.ended]:
        for player, project in zip((other, far) * 2, waiting, strict=False):
            player.play(project)
            other.coalescer.sweep(), far.coalescer.sweep()
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
    moved(far, PATIENCE.start_ms + 1)
    with pytest.raises(StorageError):
        fated(far, Fate(1, fail, frozenset(["start"]), early=True)).coalescer.sweep()
    assert far.executions.started == [leader]
    far.coalescer.sweep()
    assert far.executions.started == [leader, alone]


@pytest.mark.parametrize("error", [KeyError("document"), zlib.error("broken"), ValueError("{")])
def test_one_project_that_cannot_be_read_does_not_hold_up_others(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    far = desk.far()
    broken = far.post({**desk.document, "cache": False})
    moved(far, 1)
    others = [far.post({**desk.document, "cache": False}) for _ in range(2)]
    far.executions.started.clear()
    moved(far, PATIENCE.start_ms + 1)

    def refuse() -> None:
        raise error

    with pytest.raises(type(error)):
        fated(far, Fate(1, refuse, frozenset(["peek"]), early=True)).coalescer.sweep()
    assert sorted(far.executions.started) == sorted(others)
    assert broken in caplog.text


def test_one_project_that_cannot_be_read_does_not_hold_up_the_start(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    far = desk.far()
    broken = far.post({**desk.document, "cache": False})
    others = [far.post({**desk.document, "cache": False}) for _ in range(2)]
    far.executions.started.clear()
    for project in (broken, *others):
        far.ports.leases.release(held) if (
            held := far.ports.leases.held(f"project/{project}")
        ) else 0

    def refuse() -> None:
        raise ValueError("{")

    fated(far, Fate(1, refuse, frozenset(["peek"]), early=True)).coalescer.resume()
    assert len(far.executions.started) == 2
    assert "nobody takes care of it" in caplog.text


def test_of_a_burst_the_sweep_reads_only_what_is_old_enough(desk: Desk) -> None:
    far = desk.far()
    old = [far.post({**desk.document, "cache": False}) for _ in range(2)]
    moved(far, PATIENCE.start_ms + 1)
    for _ in range(10):
        far.post({**desk.document, "cache": False})
    peeked: list[str] = []

    class Peeked:
        def __getattr__(self, name: str) -> Any:
            return getattr(far.ports.projects, name)

        def peek(self, project_id: str) -> Project | None:
            peeked.append(project_id)
            return far.ports.projects.peek(project_id)

    ports = replace(far.ports, projects=Peeked())  # type: ignore[arg-type]
    assert replace(far.coalescer, ports=ports).sweep() == 2
    assert set(peeked) == set(old)
