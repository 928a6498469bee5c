"""Where executions run, for tests of all that run them: a state machine, or threads.

Each execution goes on until it is cancelled, or until the test lets all of them end.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import cloud
from resplice.adapters.stepfunctions.executions import SfnExecutions
from resplice.adapters.threads.executions import ThreadExecutions

WAITING = {
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": 300, "End": True}},
}
WAIT_S = 20


class StateMachine:
    """One of Step Functions, as moto has them."""

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self.executions = SfnExecutions(cloud.client("stepfunctions"), arn)

    def named(self, *status: str) -> list[str]:
        """The names of executions, sorted; of those with that status, when one is said."""
        return sorted(arn.rpartition(":")[2] for arn in self.arns(*status))

    def arns(self, *status: str) -> list[str]:
        asked = {"statusFilter": status[0]} if status else {}
        client = cloud.client("stepfunctions")
        listed = client.list_executions(stateMachineArn=self.arn, **asked)
        return [execution["executionArn"] for execution in listed["executions"]]

    def going_on(self) -> list[str]:
        return self.named("RUNNING")

    def end_all(self) -> None:
        for arn in self.arns("RUNNING"):
            cloud.client("stepfunctions").stop_execution(executionArn=arn)

    def begun(self) -> list[str]:
        """Each execution that there ever was, by its project."""
        return self.named()


class Threads:
    """One thread, so that what comes later waits for it."""

    def __init__(self) -> None:
        self.executions = ThreadExecutions(self._execute, lambda _: "owner", max_threads=1)
        self._go_on, self._begun = threading.Event(), list[str]()

    def _execute(self, project_id: str) -> None:
        self._begun.append(project_id)
        self._go_on.wait(WAIT_S)

    def going_on(self) -> list[str]:
        return sorted(self.executions.going_on())

    def end_all(self) -> None:
        self._go_on.set()
        until_s = time.monotonic() + WAIT_S
        while self.executions.going_on() and time.monotonic() < until_s:
            time.sleep(0.005)

    def begun(self) -> list[str]:
        """Each execution that there ever was, by its project; all of them have to have ended."""
        return sorted(self._begun)


Place = StateMachine | Threads


@contextmanager
def state_machine() -> Iterator[StateMachine]:
    client = cloud.client("stepfunctions")
    made = client.create_state_machine(
        name=f"test-{uuid.uuid4().hex}",
        definition=json.dumps(WAITING),
        roleArn="arn:aws:iam::123456789012:role/test",
    )
    machine = StateMachine(made["stateMachineArn"])
    yield machine
    machine.end_all()
    client.delete_state_machine(stateMachineArn=machine.arn)


@contextmanager
def threads() -> Iterator[Threads]:
    made = Threads()
    yield made
    made.end_all()
    assert made.executions.stop(WAIT_S)


PLACES = {"stepfunctions": state_machine, "threads": threads}
