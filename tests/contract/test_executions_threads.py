"""Executions in threads: a few at a time, all in the end, and none after the stop."""

from __future__ import annotations

import threading
import time

from resplice.adapters.threads.executions import ThreadExecutions


def test_a_few_are_executed_at_a_time_and_all_in_the_end() -> None:
    gate, lock, at_once, most, ended = threading.Event(), threading.Lock(), 0, 0, []

    def execute(project: str) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait(5)
        with lock:
            at_once -= 1
            ended.append(project)
        if project == "p3":
            raise ValueError("broken")

    executions = ThreadExecutions(execute, str, max_threads=3)
    assert all(executions.start(f"p{number}") for number in range(10))
    deadline = time.monotonic() + 5
    while most < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    gate.set()
    while len(ended) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert most == 3 and sorted(ended) == [f"p{number}" for number in range(10)]
    assert executions.stop(5)


def test_one_that_has_ended_may_be_executed_again() -> None:
    begun = list[str]()
    executions = ThreadExecutions(begun.append, str)
    for times in (1, 2):
        assert executions.start("again")
        deadline = time.monotonic() + 5
        while executions.going_on() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert begun == ["again"] * times
    assert executions.stop(5)


def test_when_stopped_nothing_more_begins() -> None:
    gate, begun = threading.Event(), []

    def execute(project: str) -> None:
        begun.append(project)
        gate.wait(5)

    executions = ThreadExecutions(execute, str, max_threads=1)
    executions.start("running"), executions.start("waiting")
    while not begun:
        time.sleep(0.01)
    assert not executions.stop(0.05)
    gate.set()
    assert executions.stop(5)
    executions.start("late")
    assert begun == ["running"]


def test_one_that_waits_for_a_thread_is_cancelled_and_one_that_runs_goes_on() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), list[str]()

    def execute(project_id: str) -> None:
        begun.set()
        go_on.wait(20)
        ended.append(project_id)

    executions = ThreadExecutions(execute, lambda project_id: "owner", max_threads=1)
    for project_id in ("runs", "waits", "waits too"):
        executions.start(project_id)
    assert begun.wait(20)
    for project_id in ("waits", "runs", "unknown"):
        executions.cancel(project_id)
    assert executions.going_on() == {"runs", "waits too"}
    go_on.set()
    executions.start("last")
    while executions.going_on():
        go_on.wait(0.01)
    assert ended == ["runs", "waits too", "last"]
