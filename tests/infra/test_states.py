"""The workflow as a graph: complete, reachable, patient, and never without a way to the end."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import synthesized
from resplice import errors
from resplice.core import lane as core_lane
from resplice.core import workflow
from resplice.core.workflow import DEADLINE_SECONDS, MAX_INLINE_TASKS
from resplice.steps import makers
from resplice.wiring.aws import PATIENCE

from infra.rows import ROWS
from infra.states import CRASHES, INFRASTRUCTURE, RETRIED, Workflow

CALLED = {name: f"arn:{name}" for name in ROWS}
STATES = Workflow(CALLED, "bucket", "aws", at_once=40).definition()
EVENTS_OF_A_TRY = 3
"""Scheduled, started, failed."""
EVENTS_OF_A_HISTORY = 25_000
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
TERMINAL = {"Succeed", "Fail"}
LANE = "Lane"
"""Whatever ends it that is no verdict on the movie, the steps begin, each with its retries."""
LAST_RESORT = {"Failed"}
"""It ends the project when all else failed. When it cannot, the execution fails, and the rule for
executions that end badly calls finish from outside."""

Graph = dict[str, Any]


def graphs(graph: Graph, name: str = "") -> Iterator[tuple[str, Graph]]:
    """The machine, and the graph inside of each of its maps."""
    yield name, graph
    for inner, state in graph["States"].items():
        if state["Type"] == "Map":
            yield from graphs(state["ItemProcessor"], inner)


def tasks(graph: Graph) -> Iterator[tuple[str, str, Graph]]:
    """(graph, name, task) of every task, also inside of maps."""
    for where, each in graphs(graph):
        for name, state in each["States"].items():
            if state["Type"] == "Task":
                yield where, name, state


def followers(state: Graph) -> set[str]:
    choices = [*state.get("Choices", ()), *state.get("Catch", ()), state]
    named = {each.get("Next") for each in choices} | {state.get("Default")}
    return {each for each in named if each}


def reached(graph: Graph) -> set[str]:
    seen: set[str] = set()
    ahead = {graph["StartAt"]}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= (followers(graph["States"][name]) & graph["States"].keys()) - seen
    return seen


def leads_on(state: Graph) -> bool:
    """Also when all goes well."""
    return bool(state.keys() & {"Next", "Default"})


def ends(state: Graph) -> bool:
    return state["Type"] in TERMINAL or state.get("End") is True


def test_every_state_is_reached_and_leads_on_or_ends() -> None:
    for where, graph in graphs(STATES):
        states = graph["States"]
        assert reached(graph) == states.keys(), where
        for name, state in states.items():
            assert followers(state) <= states.keys(), name
            assert leads_on(state) != ends(state), name
        assert any(map(ends, states.values())), where


def test_the_walk_finds_a_state_that_is_missing_and_one_that_is_never_reached() -> None:
    broken = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "Gone"}, "B": {"Type": "Succeed"}},
    }
    assert reached(broken) == {"A"}
    assert not followers(broken["States"]["A"]) <= broken["States"].keys()


def test_no_state_has_the_name_of_another() -> None:
    names = [name for _, graph in graphs(STATES) for name in graph["States"]]
    assert len(names) == len(set(names))


def test_every_task_is_retried_and_stopped_a_little_after_its_function() -> None:
    seen = set()
    for _, name, task in tasks(STATES):
        function = task["Resource"].removeprefix("arn:")
        seen.add(function)
        assert task["TimeoutSeconds"] == ROWS[function].timeout_s + 10, name
        throttled, *others = task["Retry"]
        assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
        if name == LANE:
            assert not others
            continue
        retried, crashed = others
        assert (set(retried["ErrorEquals"]), retried["MaxAttempts"]) == (set(RETRIED), 3), name
        assert (set(crashed["ErrorEquals"]), crashed["MaxAttempts"]) == (set(CRASHES), 1), name
        assert {each["JitterStrategy"] for each in task["Retry"]} == {"FULL"}
    assert seen == ROWS.keys() - {"api", "deliver"}


def test_a_throttled_task_waits_until_the_execution_ends() -> None:
    """On average by half of what is said, as jitter is full; and the history holds all tries."""
    for _, name, task in tasks(STATES):
        throttled = task["Retry"][0]
        waits = [
            min(
                throttled["MaxDelaySeconds"],
                throttled["IntervalSeconds"] * throttled["BackoffRate"] ** tried,
            )
            for tried in range(throttled["MaxAttempts"])
        ]
        spread = math.sqrt(sum(wait**2 / 12 for wait in waits))
        assert sum(waits) / 2 - 3 * spread > DEADLINE_SECONDS, name
        tries = DEADLINE_SECONDS / (throttled["MaxDelaySeconds"] / 2)
        assert tries * EVENTS_OF_A_TRY * MAX_INLINE_TASKS < EVENTS_OF_A_HISTORY * 0.7, name


@pytest.mark.parametrize(("at_once", "inline"), [(7, 7), (40, 40), (200, 40)])
def test_one_setting_holds_how_many_tasks_run_at_the_same_time(at_once: int, inline: int) -> None:
    states = Workflow(CALLED, "bucket", "aws", at_once).definition()["States"]
    maps = {name: each["MaxConcurrency"] for name, each in states.items() if each["Type"] == "Map"}
    few, many = {"Elements", "Scenes"}, {"ManyElements", "ManyScenes"}
    assert maps == {**dict.fromkeys(few, inline), **dict.fromkeys(many, at_once)}


def test_what_ran_out_of_time_is_not_tried_again() -> None:
    """Lambda.Unknown may be that too, so it is tried once more and not three times."""
    for _, name, task in tasks(STATES):
        tries = {
            error: retry["MaxAttempts"] for retry in task["Retry"] for error in retry["ErrorEquals"]
        }
        assert not tries.keys() & {"Sandbox.Timedout", "States.Timeout", "States.ALL"}, name
        assert not tries.keys() & {"States.TaskFailed", errors.LimitReached.__name__}, name
        once = {error: tries.get(error) for error in CRASHES}
        assert once == dict.fromkeys(CRASHES, None if name == LANE else 1), name


def test_every_error_of_a_task_is_caught() -> None:
    for where, name, task in tasks(STATES):
        if name in LAST_RESORT:
            assert "Catch" not in task
        elif where in ("Scenes", "ManyScenes"):
            assert STATES["States"][where]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
        else:
            assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


def test_every_error_outside_of_an_element_ends_the_project() -> None:
    for name, state in STATES["States"].items():
        if state["Type"] in ("Task", "Map") and name not in {*LAST_RESORT, LANE}:
            assert state["Catch"][-1] == {
                "ErrorEquals": ["States.ALL"],
                "ResultPath": "$.error",
                "Next": "Failed",
            }
    assert STATES["States"]["Failed"]["Parameters"]["error.$"] == "$.error"


def test_the_lane_ends_a_project_only_with_a_verdict_and_else_the_steps_begin() -> None:
    verdict, begin = STATES["States"][LANE]["Catch"]
    assert (verdict["Next"], verdict["ResultPath"]) == ("Failed", "$.error")
    named = {getattr(errors, name) for name in verdict["ErrorEquals"]}
    assert {errors.DocumentError, errors.CostRefused, errors.RenderError, errors.Ended} <= named
    assert not any(kind.retry for kind in named)
    assert not named & {errors.LimitReached, errors.NotFound, errors.StorageError}
    assert (begin["ErrorEquals"], begin["Next"]) == (["States.ALL"], "Begin")
    assert STATES["States"]["Begin"]["Parameters"] == {
        "project.$": "$.project",
        "attempt": 0,
        "round": 0,
    }


def test_after_the_lane_it_goes_on_with_any_step_that_is_left() -> None:
    lane = STATES["States"][LANE]
    versions = {function: f"arn:{function}" for function in core_lane.CALLED}
    assert lane["Parameters"] == {"project.$": "$.project", "calls": versions}
    left = STATES["States"][lane["Next"]]
    assert {each["StringEquals"]: each["Next"] for each in left["Choices"]} == {
        **{name: name for name in ("Prepare", "Plan", "Movie")},
        **{name: f"Any{name}" for name in ("Elements", "Scenes")},
    }
    assert {each["Variable"] for each in left["Choices"]} == {"$.next"}
    assert left["Default"] == "Finish"


def test_without_the_lane_the_same_steps_begin() -> None:
    off = Workflow(CALLED, "bucket", "aws", at_once=40, fast_lane=False).definition()
    lane = ("Lane", "LeftByTheLane")
    states = {name: state for name, state in STATES["States"].items() if name not in lane}
    assert off == {**STATES, "StartAt": "Begin", "States": states}
    assert reached(off) == off["States"].keys()
    assert STATES["StartAt"] == LANE


def test_an_element_that_fails_does_not_stop_the_others() -> None:
    for name in ("Elements", "ManyElements"):
        inner = STATES["States"][name]["ItemProcessor"]["States"]
        made = [state for state in inner.values() if state["Type"] == "Task"]
        assert len(made) == len(makers.functions())
        for task in made:
            assert [ends(inner[catch["Next"]]) for catch in task["Catch"]] == [True]
    assert STATES["States"]["ManyElements"]["ToleratedFailurePercentage"] == 100.0
    assert STATES["States"]["ManyScenes"]["ToleratedFailurePercentage"] == 0.0


def test_what_was_lost_is_made_again_but_not_for_ever() -> None:
    states = STATES["States"]
    lost = {
        name: catch["ErrorEquals"]
        for name, state in states.items()
        for catch in state.get("Catch", ())
        if catch["Next"] == "Lost"
    }
    threshold = ["States.ExceedToleratedFailureThreshold"]
    gone = {name: ["NotFound"] for name in ("Prepare", "Plan", "Scenes", "Movie", "Finish")}
    assert lost == {**gone, "ManyScenes": threshold}
    assert issubclass(errors.NotFound, errors.RespliceError)
    assert states["Lost"]["Choices"] == [
        {"Variable": "$.attempt", "NumericLessThan": workflow.MAX_ATTEMPTS, "Next": "BeginAnew"}
    ]
    assert states["Lost"]["Default"] == "Failed"
    assert states["BeginAnew"]["Parameters"]["attempt.$"] == "States.MathAdd($.attempt, 1)"
    assert states["BeginAnew"]["Next"] == "Prepare"


def test_whatever_may_be_lost_its_state_says_how_often_the_run_began() -> None:
    """What a function answers takes the place of the state, unless it is thrown away."""
    states, tell = STATES["States"], {"prepare", "plan", core_lane.FUNCTION}
    functions = {arn: function for function, arn in CALLED.items()}
    for name, state in states.items():
        if state["Type"] == "Task" and state.get("Next") and state["Next"] != "Ended":
            forgets = state.get("ResultPath", "$") is not None
            assert not forgets or functions[state["Resource"]] in tell, name
    assert states["Movie"]["Next"] == "Finish" and "Lost" in followers(states["Finish"])


def test_few_tasks_are_in_the_state_and_many_are_read_from_the_bucket() -> None:
    for any_, few, many in (
        ("AnyElements", "Elements", "ManyElements"),
        ("AnyScenes", "Scenes", "ManyScenes"),
    ):
        choice, states = STATES["States"][any_], STATES["States"]
        assert [each["Next"] for each in choice["Choices"]][1] == few
        assert choice["Choices"][1]["NumericLessThanEquals"] == MAX_INLINE_TASKS
        assert choice["Default"] == many
        assert states[few]["ItemsPath"] == "$.tasks"
        assert states[many]["ItemReader"]["Parameters"] == {"Bucket": "bucket", "Key.$": "$.items"}
        assert states[many]["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
        assert states[few]["ResultPath"] is states[many]["ResultPath"] is None


def test_a_project_is_given_up_only_after_its_execution() -> None:
    assert STATES["TimeoutSeconds"] == DEADLINE_SECONDS < PATIENCE.deadline_ms / 1000


def test_the_errors_that_heal_are_those_of_the_tree_and_of_the_infrastructure() -> None:
    ours = {
        name
        for name, error in vars(errors).items()
        if isinstance(error, type) and issubclass(error, errors.RespliceError) and error.retry
    }
    assert {"SourceUnavailable", "StorageError"} <= ours
    assert set(RETRIED) == ours | set(INFRASTRUCTURE)
    assert len(RETRIED) == len(set(RETRIED))


def test_the_template_has_this_machine_and_calls_published_versions() -> None:
    (machine,) = synthesized.resources("AWS::StepFunctions::StateMachine").values()
    said = synthesized.text(machine["DefinitionString"])
    deployed = json.loads(said)
    versions = synthesized.resources("AWS::Lambda::Version")
    functions = synthesized.resources("AWS::Lambda::Function")
    for _, _, task in tasks(deployed):
        version = versions[task["Resource"].strip("<>")]
        function = functions[version["FunctionName"]["Ref"]]["FunctionName"]
        task["Resource"] = f"arn:{function.removeprefix('resplice-dev-')}"
    calls = deployed["States"][LANE]["Parameters"]["calls"]
    for function, version in calls.items():
        named = functions[versions[version.strip("<>")]["FunctionName"]["Ref"]]["FunctionName"]
        assert named == f"resplice-dev-{function}"
        calls[function] = f"arn:{function}"
    bucket, partition = synthesized.logical_id("Storage", "AWS::S3::Bucket"), "<AWS::Partition>"
    assert deployed == Workflow(CALLED, f"<{bucket}>", partition, at_once=40).definition()
    # A whole number is no percentage to every reader of this language.
    assert re.findall(r'"ToleratedFailurePercentage": (\S+),', said) == ["100.0", "0.0"]
