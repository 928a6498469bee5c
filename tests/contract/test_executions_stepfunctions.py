"""Executions of Step Functions as it behaves: they are named by projects, and names stay taken."""

from __future__ import annotations

import json
from collections.abc import Iterator

import cloud
import pytest
from execution_places import StateMachine, state_machine
from resplice.adapters.stepfunctions.executions import SfnExecutions
from resplice.errors import StorageError


@pytest.fixture
def machine() -> Iterator[StateMachine]:
    with state_machine() as made:
        yield made


def test_an_execution_has_the_name_of_its_project_and_hears_it(machine: StateMachine) -> None:
    assert machine.executions.start("p1")
    (started,) = machine.arns()
    told = cloud.client("stepfunctions").describe_execution(executionArn=started)
    assert (told["name"], json.loads(told["input"])) == ("p1", {"project": "p1"})


def test_who_is_not_traced_says_nothing_of_the_trace_of_what_it_starts(
    machine: StateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda's header would say that it is not sampled."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "api")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0")
    sent: list[str] = []
    events = cloud.client("stepfunctions").meta.events
    events.register("before-send.sfn", lambda request, **_: sent.extend(request.headers), "seen")
    assert machine.executions.start("p1")
    events.unregister("before-send.sfn", unique_id="seen")
    assert sent and "X-Amzn-Trace-Id" not in sent


def test_what_has_ended_is_not_started_again(machine: StateMachine) -> None:
    assert machine.executions.start("p1")
    machine.end_all()
    assert not machine.executions.start("p1")
    assert machine.begun() == ["p1"]


def test_one_that_runs_with_another_input_runs(machine: StateMachine) -> None:
    """As when it was started by hand, or by an earlier version."""
    client = cloud.client("stepfunctions")
    client.start_execution(stateMachineArn=machine.arn, name="p1", input="{}")
    assert machine.executions.start("p1")


def test_a_state_machine_that_is_not_there(machine: StateMachine) -> None:
    gone = SfnExecutions(cloud.client("stepfunctions"), f"{machine.arn}-gone")
    with pytest.raises(StorageError, match=r"cannot start p1 on .*-gone: "):
        gone.start("p1")


def test_what_runs_is_stopped_and_not_started_again(machine: StateMachine) -> None:
    assert machine.executions.start("p1") and machine.executions.start("p2")
    machine.executions.cancel("p1")
    assert (machine.named("RUNNING"), machine.named("ABORTED")) == (["p2"], ["p1"])
    assert not machine.executions.start("p1")


def test_a_machine_that_is_gone_cannot_be_stopped(machine: StateMachine) -> None:
    far = cloud.boto3.client(
        "stepfunctions",
        endpoint_url="http://127.0.0.1:9",
        region_name=cloud.REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    with pytest.raises(StorageError, match="cannot stop p1"):
        SfnExecutions(far, machine.arn).cancel("p1")
