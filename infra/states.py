"""The workflow of a movie in the Amazon States Language, written from core.workflow.

Adds what a state machine needs beside the order of steps: retries, time limits, and two maps for
each step that has many tasks, inline for a few and distributed for more. Decides no rights.

The state holds keys and numbers, never what they stand for. Every project ends: an error from
anywhere goes to Failed, which records it. Only when that cannot be done does the execution fail,
and then the rule of workflow.py takes over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resplice import errors
from resplice.core import lane, workflow
from resplice.core.workflow import MAX_ATTEMPTS, MAX_INLINE_TASKS, Call, ForEach
from resplice.steps import makers
from resplice.steps.execution.complete import MANY_FAILED
from resplice.steps.execution.lane import NEXT, is_verdict

from infra.rows import ROWS

State = dict[str, Any]

MANY = "Many"
"""Before the names of states in such executions: no two states of a machine may be called alike."""
SLACK_SECONDS = 10
"""A function's own timeout comes first, and says more; a state's is for when it does not."""
INFRASTRUCTURE = (
    *("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"),
    "Lambda.ClientExecutionTimeoutException",
)
"""What goes wrong between Step Functions and a function."""
CRASHES = ("Lambda.Unknown", "Runtime.ExitError")
"""What ends a function's process. Step Functions may also say Lambda.Unknown of a function that
ran out of memory, or of time: https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
"""


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type)]
RETRIED = (
    *INFRASTRUCTURE,
    *sorted(
        kind.__name__ for kind in KINDS if issubclass(kind, errors.RespliceError) and kind.retry
    ),
)
"""The names of all errors after which another try may succeed."""

MAX_RETRIES = 3
PATIENCE = {
    "IntervalSeconds": 1,
    "BackoffRate": 2,
    "MaxAttempts": MAX_RETRIES,
    "MaxDelaySeconds": 20,
    "JitterStrategy": "FULL",
}
TURN_SECONDS = 60
"""How long a throttled task waits at most before it asks again. Each time is a transition to pay
and three events of a history that holds 25,000, so forty tasks may ask a hundred times and more.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""
THROTTLED: State = {
    **{"ErrorEquals": ["Lambda.TooManyRequestsException"], **PATIENCE},
    **{"IntervalSeconds": 2, "BackoffRate": 1.5, "MaxDelaySeconds": TURN_SECONDS},
    "MaxAttempts": math.ceil(1.25 * workflow.DEADLINE_SECONDS / (TURN_SECONDS / 2)),
}
"""A new account may run ten functions at once: the others wait for their turn, until the execution
ends. Full jitter waits half of what is said on average, and a quarter more for bad luck.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""
CRASHED = {"ErrorEquals": list(CRASHES), **PATIENCE, "MaxAttempts": 1}
"""What ends it by chance does not do so twice, and each try may take the function's whole time."""
RETRY = [THROTTLED, {"ErrorEquals": list(RETRIED), **PATIENCE}, CRASHED]
"""A function that ran out of time (Sandbox.Timedout, States.Timeout) is not tried again: it would
do so once more."""
READ_AGAIN = {"ErrorEquals": ["States.ItemReaderFailed"], **PATIENCE}
CAUGHT = {
    **{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error"},
    "Next": workflow.FAILED.name,
}
ITEM = "$$.Map.Item.Value"
LANE, LEFT = "Lane", "LeftByTheLane"


@dataclass(frozen=True)
class Workflow:
    """The state machine as JSON values.

    functions  name to the ARN that is called
    bucket     where the lists of tasks are that do not fit the state
    at_once    tasks of a step that run at the same time
    fast_lane  whether each execution begins in the lane
    """

    functions: Mapping[str, str]
    bucket: str
    partition: str
    at_once: int
    fast_lane: bool = True

    def definition(self) -> State:
        return {
            "Comment": "Makes a movie: only what is not in the cache, and splices the rest.",
            "StartAt": LANE if self.fast_lane else "Begin",
            "TimeoutSeconds": workflow.DEADLINE_SECONDS,
            "States": {**self._lane(), **self._begin(), **self._steps(), **self._ends()},
        }

    def _lane(self) -> dict[str, State]:
        """It goes on where the lane left it. When the lane died, nothing is known of the state: the
        steps begin, and find in the cache what it made.
        """
        if not self.fast_lane:
            return {}
        calls = {function: self.functions[function] for function in lane.CALLED}
        verdicts = sorted(kind.__name__ for kind in KINDS if is_verdict(kind))
        begin = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Begin"}
        task = self._task(lane.FUNCTION, ("project",), then=LEFT)
        task["Parameters"]["calls"] = calls
        left = [
            {"Variable": f"$.{NEXT}", "StringEquals": step.name, "Next": _begin_of(step.name)}
            for step in workflow.STEPS[:-1]
        ]
        return {
            LANE: {
                **task,
                "Retry": [THROTTLED],
                "Catch": [{**CAUGHT, "ErrorEquals": verdicts}, begin],
            },
            LEFT: {"Type": "Choice", "Choices": left, "Default": workflow.STEPS[-1].name},
        }

    def _begin(self) -> dict[str, State]:
        state = {**workflow.first_state(""), "project.$": "$.project"}
        del state["project"]
        return {"Begin": _passed(workflow.FIRST, state)}

    def _steps(self) -> dict[str, State]:
        states: dict[str, State] = {}
        for step in workflow.STEPS:
            states |= self._for_each(step) if isinstance(step, ForEach) else self._call(step)
        return states

    def _call(self, step: Call) -> dict[str, State]:
        then = _begin_of(step.then) if step.then else None
        state = self._task(step.function, step.inputs, then=then)
        if not step.tells:
            state["ResultPath"] = None
        return {step.name: _restarting(state, "NotFound") if step.restarts else state}

    def _for_each(self, step: ForEach) -> dict[str, State]:
        """A choice by the number of tasks, and a map for few and for many.

        Failures that a step records are reported by a later step, so they end an iteration well.
        Of other failures a distributed map says only that there were too many.
        """
        given = {f"{name}.$": f"$.{name}" for name in step.inputs if name != "index"}
        own = ("index",) if step.function else ("index", "function")
        item = {**given, **{f"{name}.$": f"{ITEM}.{name}" for name in own}}
        few = self._inline(self._iteration(step, ""), item, then=_begin_of(step.then))
        many = self._distributed(
            self._iteration(step, MANY),
            item,
            tolerated=100.0 if step.records else 0.0,
            then=_begin_of(step.then),
        )
        if step.restarts:
            few, many = _restarting(few, "NotFound"), _restarting(many, MANY_FAILED)
        return {
            f"Any{step.name}": _counted(
                none=_begin_of(step.without), few=step.name, many=f"{MANY}{step.name}"
            ),
            step.name: few,
            f"{MANY}{step.name}": many,
        }

    def _iteration(self, step: ForEach, prefix: str) -> State:
        """One task: a call of the step's function, or of the one that the task names."""
        inputs, each = step.inputs, step.name.removesuffix("s")
        if step.function:
            state = self._task(step.function, inputs, then=None, catch=None)
            return {"StartAt": f"{prefix}{each}", "States": {f"{prefix}{each}": state}}
        recorded, which = f"{prefix}{each}Recorded", f"{prefix}Which{each}"
        caught = {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": recorded}
        calls = {function: f"{prefix}{function.title()}" for function in makers.functions()}
        *others, last = calls
        choices = [
            {"Variable": "$.function", "StringEquals": function, "Next": calls[function]}
            for function in others
        ]
        return {
            "StartAt": which,
            "States": {
                which: {"Type": "Choice", "Choices": choices, "Default": calls[last]},
                **{
                    name: self._task(function, inputs, then=None, catch=caught)
                    for function, name in calls.items()
                },
                recorded: {"Type": "Pass", "End": True},
            },
        }

    def _ends(self) -> dict[str, State]:
        first = workflow.first_state("")
        again = {
            "project.$": "$.project",
            "attempt.$": "States.MathAdd($.attempt, 1)",
            "round": first["round"],
        }
        fewer = {"Variable": "$.attempt", "NumericLessThan": MAX_ATTEMPTS, "Next": "BeginAnew"}
        failed = workflow.FAILED
        return {
            "Lost": {"Type": "Choice", "Choices": [fewer], "Default": failed.name},
            "BeginAnew": _passed(workflow.FIRST, again),
            failed.name: self._task(failed.function, failed.inputs, then=None, catch=None),
        }

    def _task(
        self,
        function: str,
        inputs: tuple[str, ...],
        then: str | None,
        catch: State | None = CAUGHT,
    ) -> State:
        """then: None for the last one. A state more is paid for in each execution."""
        return {
            "Type": "Task",
            "Resource": self.functions[function],
            "Parameters": {f"{name}.$": f"$.{name}" for name in inputs},
            "TimeoutSeconds": ROWS[function].timeout_s + SLACK_SECONDS,
            "Retry": RETRY,
            **({"Catch": [catch]} if catch else {}),
            **({"Next": then} if then else {"End": True}),
        }

    def _inline(self, each: State, item: State, *, then: str) -> State:
        return {
            "Type": "Map",
            "ItemsPath": "$.tasks",
            "ItemSelector": item,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **each},
            "MaxConcurrency": min(self.at_once, MAX_INLINE_TASKS),
            "ResultPath": None,
            "Catch": [CAUGHT],
            "Next": then,
        }

    def _distributed(self, each: State, item: State, *, tolerated: float, then: str) -> State:
        return {
            "Type": "Map",
            "ItemReader": {
                "Resource": f"arn:{self.partition}:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Parameters": {"Bucket": self.bucket, "Key.$": "$.items"},
            },
            "ItemSelector": item,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                **each,
            },
            "MaxConcurrency": self.at_once,
            "ToleratedFailurePercentage": tolerated,
            "ResultPath": None,
            "Retry": [READ_AGAIN],
            "Catch": [CAUGHT],
            "Next": then,
        }


def _restarting(state: State, error: str) -> State:
    """What was there has gone or is damaged: the run begins anew, a few times."""
    lost = {"ErrorEquals": [error], "ResultPath": "$.error", "Next": "Lost"}
    return {**state, "Catch": [lost, *state["Catch"]]}


def _counted(*, none: str, few: str, many: str) -> State:
    return {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.count", "NumericEquals": 0, "Next": none},
            {"Variable": "$.count", "NumericLessThanEquals": MAX_INLINE_TASKS, "Next": few},
        ],
        "Default": many,
    }


def _passed(then: str, values: State) -> State:
    return {"Type": "Pass", "Parameters": values, "Next": then}


def _begin_of(name: str) -> str:
    """The first state of a step."""
    return f"Any{name}" if isinstance(workflow.step(name), ForEach) else name
