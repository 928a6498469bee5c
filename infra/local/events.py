"""EventBridge: what moto does not deliver to functions, ends of executions and schedules."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.utils import get_backend
from moto.events.models import Rule, events_backends

from infra.local.lambda_runtime import LambdaRuntime
from infra.local.moto_repairs import described
from infra.local.moto_server import REGION

UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


class Events:
    """The rules of an account, and what happens to be matched against them."""

    def __init__(self, account: str, runtime: LambdaRuntime) -> None:
        self._account, self._runtime = account, runtime
        self._stopping = threading.Event()

    def execution_ended(self, execution: Mapping[str, Any]) -> None:
        """An execution, as DescribeExecution has it, is over: tell the functions that ask."""
        event = self._status_change(execution)
        for rule in self._rules():
            if not rule.scheduled_expression and rule.event_pattern.matches_event(event):
                self._send(rule, event)

    def tick(self) -> None:
        """Every schedule comes due now; back when what it calls is done."""
        for rule in self._rules():
            if rule.scheduled_expression:
                self._send_due(rule)

    def keep_time(self) -> None:
        """Every schedule comes due in its time, in the background, until stopped."""
        for rule in self._rules():
            if rule.scheduled_expression:
                threading.Thread(target=self._repeat, args=(rule,), daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _rules(self) -> list[Rule]:
        buses = events_backends[self._account][REGION].event_buses
        return [rule for rule in buses["default"].rules.values() if rule.state == "ENABLED"]

    def _repeat(self, rule: Rule) -> None:
        while not self._stopping.wait(period_s(str(rule.scheduled_expression))):
            self._send_due(rule)

    def _send_due(self, rule: Rule) -> None:
        event = self._event("aws.events", "Scheduled Event", [rule.arn], {})
        for delivery in self._send(rule, event):
            delivery.join()

    def _send(self, rule: Rule, event: dict[str, Any]) -> list[threading.Thread]:
        return [self._deliver(target, event) for target in rule.targets]

    def _deliver(self, target: Mapping[str, Any], event: dict[str, Any]) -> threading.Thread:
        """EventBridge calls functions asynchronously: Lambda is who tries again."""
        function = get_backend(self._account, REGION).get_function(target["Arn"])
        said = json.loads(target["Input"]) if "Input" in target else event
        return self._runtime.deliver(described(function), said)

    def _status_change(self, execution: Mapping[str, Any]) -> Any:
        detail = {
            **{name: execution[name] for name in ("executionArn", "stateMachineArn", "name")},
            "status": execution["status"].value,
            "startDate": _ms(execution["startDate"]),
            "stopDate": _ms(execution["stopDate"]),
            **{name: execution.get(name) for name in ("input", "output", "error", "cause")},
        }
        arn = execution["executionArn"]
        return self._event("aws.states", "Step Functions Execution Status Change", [arn], detail)

    def _event(self, source: str, kind: str, resources: list[str], detail: Any) -> Any:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": kind,
            "source": source,
            "account": self._account,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "region": REGION,
            "resources": resources,
            "detail": detail,
        }


def period_s(expression: str) -> int:
    """Of a schedule: 60 of `rate(1 minute)`. Raises ValueError for other kinds of schedule."""
    said = _RATE.fullmatch(expression)
    if said is None:
        raise ValueError(f"Not a rate: {expression}")
    return int(said[1]) * UNIT_SECONDS[said[2]]


def _ms(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
