"""The order of steps: every one is reached, and each leads to the end."""

from __future__ import annotations

from resplice.core import workflow
from resplice.core.workflow import Call, ForEach, Step


def following(step: Step) -> set[str]:
    names = {step.then} | ({step.without} if isinstance(step, ForEach) else set())
    return {name for name in names if name}


def test_every_step_is_reached_and_every_way_leads_to_the_end() -> None:
    seen, ahead = set[str](), {workflow.FIRST}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= following(workflow.step(name)) - seen
    assert seen == {step.name for step in workflow.STEPS}
    assert [step.name for step in workflow.STEPS if not following(step)] == ["Finish"]


def test_names_are_given_once() -> None:
    names = [step.name for step in (*workflow.STEPS, workflow.FAILED)]
    assert len(names) == len(set(names))


def test_tasks_follow_a_step_that_names_them() -> None:
    """A step for each task begins with what the step before it has counted."""
    for step in workflow.STEPS:
        for name in following(step):
            if isinstance(workflow.step(name), ForEach):
                assert isinstance(step, Call)
                assert step.function in ("prepare", "plan")


def test_a_run_begins_as_its_first_step_needs() -> None:
    first = workflow.step(workflow.FIRST)
    assert set(first.inputs) <= set(workflow.first_state("p"))
    assert workflow.first_state("p", 2)["attempt"] == 2


def test_functions_are_those_of_the_steps() -> None:
    assert list(workflow.functions()) == ["prepare", "plan", "scene", "movie", "finish"]
