"""The workflow of a movie, in the Amazon States Language. Declares states; decides no rights.

    Prepare → Elements → Prepare → … → Plan → Scenes → Movie → Finish

The state holds keys and numbers, never what they stand for. Every project ends: an error from
anywhere goes to Failed, which writes it down. Only when that cannot be done does the execution
fail, and then the rule of workflow.py takes over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resplice.errors import RespliceError
from resplice.steps.execution.checkpoint import MAX_INLINE

from infra.functions import ROWS

State = dict[str, Any]

MANY = "Many"
"""Before the names of states in such executions: no two states of a machine may be called alike."""
MAX_ATTEMPTS = 3
"""How often what was in the cache may turn out gone before we give up."""
SLACK_SECONDS = 10
"""A function's own timeout comes first, and says more; a state's is for when it does not."""
DEADLINE_SECONDS = 3600
INFRASTRUCTURE = (
    *("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"),
    *("Lambda.ClientExecutionTimeoutException", "Lambda.Unknown", "Runtime.ExitError"),
    *("Sandbox.Timedout", "States.Timeout"),
)
"""What goes wrong between Step Functions and a function, or ends its process."""


def _kinds(error: type[RespliceError]) -> Iterator[type[RespliceError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _kinds(kind)


RETRIED = (*INFRASTRUCTURE, *sorted(kind.__name__ for kind in _kinds(RespliceError) if kind.retry))
"""The names of all errors that trying again can heal."""

PATIENCE = {
    "IntervalSeconds": 1,
    "BackoffRate": 2,
    "MaxAttempts": 3,
    "MaxDelaySeconds": 20,
    "JitterStrategy": "FULL",
}
THROTTLED = {
    **{"ErrorEquals": ["Lambda.TooManyRequestsException"], **PATIENCE},
    **{"IntervalSeconds": 2, "BackoffRate": 1.5, "MaxAttempts": 40, "MaxDelaySeconds": 30},
}
"""A new account may run ten functions at once: the others wait for their turn."""
RETRY = [THROTTLED, {"ErrorEquals": list(RETRIED), **PATIENCE}]
READ_AGAIN = {"ErrorEquals": ["States.ItemReaderFailed"], **PATIENCE}
FAILED = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failed"}
ITEM = "$$.Map.Item.Value"


@dataclass(frozen=True)
class Workflow:
    """The state machine as JSON values.

    functions  name to the ARN that is called
    bucket     where the lists of tasks are that do not fit the state
    at_once    tasks of such a list that run at the same time
    """

    functions: Mapping[str, str]
    bucket: str
    partition: str
    at_once: int

    def definition(self) -> State:
        return {
            "Comment": "Makes a movie: only what is not in the cache, and splices the rest.",
            "StartAt": "Begin",
            "TimeoutSeconds": DEADLINE_SECONDS,
            "States": {**self._elements(), **self._scenes(), **self._ends()},
        }

    def _elements(self) -> dict[str, State]:
        """Wave after wave, until nothing is unknown. What fails is told by files, not by states."""
        chosen = {"function.$": f"{ITEM}.function", "index.$": f"{ITEM}.index"}
        item = {"project.$": "$.project", "wave.$": "$.wave", **chosen}
        return {
            "Begin": _passed("Prepare", {"project.$": "$.project", "heals": 0, "wave": 0}),
            "Prepare": _healed(
                self._task("prepare", "project", "heals", "wave", then="AnyElements"), "NotFound"
            ),
            "AnyElements": _counted(none="Plan", few="Elements", many="ManyElements"),
            "Elements": _inline(self._each_element(""), item, then="Prepare"),
            "ManyElements": self._distributed(
                self._each_element(MANY), item, tolerated=100.0, then="Prepare"
            ),
        }

    def _scenes(self) -> dict[str, State]:
        item = {"project.$": "$.project", "index.$": f"{ITEM}.index"}
        few = _inline(self._each_scene(""), item, then="Movie")
        many = self._distributed(self._each_scene(MANY), item, tolerated=0.0, then="Movie")
        return {
            "Plan": _healed(
                self._task("plan", "project", "heals", "wave", then="AnyScenes"), "NotFound"
            ),
            "AnyScenes": _counted(none="Movie", few="Scenes", many="ManyScenes"),
            "Scenes": _healed(few, "NotFound"),
            # All that such a map says of its children is that one failed.
            "ManyScenes": _healed(many, "States.ExceedToleratedFailureThreshold"),
            "Movie": _healed(self._task("movie", "project", then="Finish"), "NotFound"),
        }

    def _ends(self) -> dict[str, State]:
        again = {
            "project.$": "$.project",
            "heals.$": "States.MathAdd($.heals, 1)",
            "wave": 0,
        }
        fewer = {"Variable": "$.heals", "NumericLessThan": MAX_ATTEMPTS, "Next": "Heal"}
        return {
            "Lost": {"Type": "Choice", "Choices": [fewer], "Default": "Failed"},
            "Heal": _passed("Prepare", again),
            "Finish": self._task("finish", "project", then="Ended"),
            "Failed": self._task("finish", "project", "error", then="Ended", catch=None),
            "Ended": {"Type": "Succeed"},
        }

    def _each_element(self, prefix: str) -> State:
        """One item: the function that it names. Its failure ends it well: see _elements."""
        which, element, paint, told = (
            f"{prefix}{name}" for name in ("Which", "Element", "Paint", "Told")
        )
        painted = {"Variable": "$.function", "StringEquals": "paint", "Next": paint}
        caught = {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": told}
        given = ("project", "wave", "index")
        return {
            "StartAt": which,
            "States": {
                which: {"Type": "Choice", "Choices": [painted], "Default": element},
                element: self._task("element", *given, then=None, catch=caught),
                paint: self._task("paint", *given, then=None, catch=caught),
                told: {"Type": "Pass", "End": True},
            },
        }

    def _each_scene(self, prefix: str) -> State:
        scene = f"{prefix}Scene"
        task = self._task("scene", "project", "index", then=None, catch=None)
        return {"StartAt": scene, "States": {scene: task}}

    def _task(
        self, function: str, *inputs: str, then: str | None, catch: State | None = FAILED
    ) -> State:
        """then: None for the last of an item. A state more for each is paid for each."""
        return {
            "Type": "Task",
            "Resource": self.functions[function],
            "Parameters": {f"{name}.$": f"$.{name}" for name in inputs},
            "TimeoutSeconds": ROWS[function].timeout_s + SLACK_SECONDS,
            "Retry": RETRY,
            **({"Catch": [catch]} if catch else {}),
            **({"Next": then} if then else {"End": True}),
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
            "Catch": [FAILED],
            "Next": then,
        }


def _inline(each: State, item: State, *, then: str) -> State:
    return {
        "Type": "Map",
        "ItemsPath": "$.tasks",
        "ItemSelector": item,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **each},
        "MaxConcurrency": MAX_INLINE,
        "ResultPath": None,
        "Catch": [FAILED],
        "Next": then,
    }


def _healed(state: State, error: str) -> State:
    """What was there has gone or was damaged: made again, a few times."""
    lost = {"ErrorEquals": [error], "ResultPath": "$.error", "Next": "Lost"}
    return {**state, "Catch": [lost, *state["Catch"]]}


def _counted(*, none: str, few: str, many: str) -> State:
    return {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.count", "NumericEquals": 0, "Next": none},
            {"Variable": "$.count", "NumericLessThanEquals": MAX_INLINE, "Next": few},
        ],
        "Default": many,
    }


def _passed(then: str, values: State) -> State:
    return {"Type": "Pass", "Parameters": values, "Next": then}
