"""Walks a state machine that infra.states wrote, as Step Functions would: what it says is done.

Only the words of the States Language that it is written in are known, and any other is an error.
Tasks of a map are done one after the other, so that calls come in one order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from faults.process import Died

State = Mapping[str, Any]
Task = Callable[[str, Any], Any]
"""(resource, payload) to what the function answers."""
CRASHED, ALL = "Runtime.ExitError", "States.ALL"
WORDS = {
    *("Type", "Next", "End", "Parameters", "Resource", "TimeoutSeconds", "Retry", "Catch"),
    *("ResultPath", "Choices", "Default", "ItemsPath", "ItemSelector", "ItemProcessor"),
    *("MaxConcurrency", "ItemReader", "ToleratedFailurePercentage"),
}


class Failed(Exception):
    """A state failed. error, cause: as Step Functions has them."""

    def __init__(self, error: str, cause: str) -> None:
        self.error, self.cause = error, cause
        super().__init__(f"{error}: {cause}")


@dataclass(frozen=True)
class Walker:
    """call: does a task. read: what lies in a bucket under a key. wait: passes seconds."""

    call: Task
    read: Callable[[str, str], Any]
    wait: Callable[[float, str], object]

    def run(self, graph: State, given: Any) -> Any:
        """The output of the graph. Raises Failed."""
        name = graph["StartAt"]
        while True:
            state = graph["States"][name]
            if unknown := {*state} - WORDS:
                raise AssertionError(f"{name} says {unknown}")
            given, then = self._step(state, given)
            if then is None:
                return given
            name = then

    def _step(self, state: State, given: Any) -> tuple[Any, str | None]:
        if state["Type"] == "Choice":
            return given, _chosen(state, given)
        try:
            result = self._tried(state, given)
        except Failed as failed:
            for catch in state.get("Catch", ()):
                if _is_one_of(failed.error, catch["ErrorEquals"]):
                    told = {"Error": failed.error, "Cause": failed.cause}
                    return _placed(told, catch.get("ResultPath", "$"), given), catch["Next"]
            raise
        then = None if state.get("End") else state["Next"]
        return _placed(result, state.get("ResultPath", "$"), given), then

    def _tried(self, state: State, given: Any) -> Any:
        """The result of the state, which is tried as often as it says."""
        retries = state.get("Retry", ())
        tried = [0] * len(retries)
        while True:
            try:
                return self._result(state, given)
            except Failed as failed:
                which = _first_of(failed.error, retries)
                if which is None or tried[which] >= retries[which]["MaxAttempts"]:
                    raise
                retry = retries[which]
                growth = retry["BackoffRate"] ** tried[which]
                self.wait(retry["IntervalSeconds"] * growth, failed.error)
                tried[which] += 1

    def _result(self, state: State, given: Any) -> Any:
        if state["Type"] == "Pass":
            return _filled(state["Parameters"], given) if "Parameters" in state else given
        if state["Type"] == "Map":
            return self._each(state, given)
        assert state["Type"] == "Task", state["Type"]
        return self._called(state["Resource"], _filled(state["Parameters"], given))

    def _called(self, resource: str, payload: Any) -> Any:
        try:
            return json.loads(json.dumps(self.call(resource, json.loads(json.dumps(payload)))))
        except Died:
            raise Failed(CRASHED, "the process died") from None
        except Exception as error:
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            raise Failed(type(error).__name__, json.dumps(told)) from error

    def _each(self, state: State, given: Any) -> None:
        failures, items = 0, self._items(state, given)
        for item in items:
            own = _filled(state["ItemSelector"], given, item)
            try:
                self.run(state["ItemProcessor"], own)
            except Failed:
                if "ToleratedFailurePercentage" not in state:
                    raise
                failures += 1
        if items and failures * 100 / len(items) > state.get("ToleratedFailurePercentage", 0):
            raise Failed("States.ExceedToleratedFailureThreshold", "too many")

    def _items(self, state: State, given: Any) -> list[Any]:
        if "ItemsPath" in state:
            return list(_at(state["ItemsPath"], given))
        place = _filled(state["ItemReader"]["Parameters"], given)
        return list(self.read(place["Bucket"], place["Key"]))


def _first_of(error: str, retries: list[Any]) -> int | None:
    found = (n for n, each in enumerate(retries) if _is_one_of(error, each["ErrorEquals"]))
    return next(found, None)


def _is_one_of(error: str, names: list[str]) -> bool:
    return error in names or ALL in names


def _placed(result: Any, path: str | None, given: Any) -> Any:
    """The state after a result: that, the result in its place, or both."""
    if path is None:
        return given
    if path == "$":
        return result
    return {**given, path.removeprefix("$."): result}


def _at(path: str, given: Any) -> Any:
    """`$`, or `$.name`."""
    return given if path == "$" else given[path.removeprefix("$.")]


def _filled(template: Any, given: Any, item: Any = None) -> Any:
    """With what its names that end in `.$` say."""
    if not isinstance(template, Mapping):
        return template
    filled = {}
    for name, value in template.items():
        if not name.endswith(".$"):
            filled[name] = _filled(value, given, item)
        elif value.startswith("$$.Map.Item.Value."):
            filled[name[:-2]] = item[value.rpartition(".")[2]]
        elif value.startswith("States.MathAdd("):
            first, second = value.removeprefix("States.MathAdd(").rstrip(")").split(",")
            filled[name[:-2]] = _at(first, given) + int(second)
        else:
            filled[name[:-2]] = _at(value, given)
    return filled


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "StringEquals": lambda seen, wanted: bool(seen == wanted),
    "NumericEquals": lambda seen, wanted: bool(seen == wanted),
    "NumericLessThan": lambda seen, wanted: bool(seen < wanted),
    "NumericLessThanEquals": lambda seen, wanted: bool(seen <= wanted),
}


def _chosen(state: State, given: Any) -> str:
    for choice in state["Choices"]:
        (comparison,) = {*choice} - {"Variable", "Next"}
        if COMPARISONS[comparison](_at(choice["Variable"], given), choice[comparison]):
            return str(choice["Next"])
    return str(state["Default"])
