"""What every runner of executions must do, on Step Functions as it behaves."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cloud
import pytest
from resplice.adapters.stepfunctions.executions import SfnExecutions
from resplice.errors import StorageError

WAITING = {
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": 300, "End": True}},
}


@pytest.fixture
def arn() -> Iterator[str]:
    """Of a state machine that goes on until it is stopped."""
    client = cloud.client("stepfunctions")
    made = client.create_state_machine(
        name=f"test-{uuid.uuid4().hex}",
        definition=json.dumps(WAITING),
        roleArn="arn:aws:iam::123456789012:role/test",
    )
    yield made["stateMachineArn"]
    for execution in _executions(made["stateMachineArn"], "RUNNING"):
        client.stop_execution(executionArn=execution)
    client.delete_state_machine(stateMachineArn=made["stateMachineArn"])


@pytest.fixture
def executions(arn: str) -> SfnExecutions:
    return SfnExecutions(cloud.client("stepfunctions"), arn)


def _executions(arn: str, *status: str) -> list[str]:
    asked = {"statusFilter": status[0]} if status else {}
    listed = cloud.client("stepfunctions").list_executions(stateMachineArn=arn, **asked)
    return [execution["executionArn"] for execution in listed["executions"]]


def test_started_twice_is_one_execution(executions: SfnExecutions, arn: str) -> None:
    assert executions.start("p1") and executions.start("p1")
    (started,) = _executions(arn)
    told = cloud.client("stepfunctions").describe_execution(executionArn=started)
    assert (told["name"], json.loads(told["input"])) == ("p1", {"project": "p1"})


def test_each_project_has_its_own(executions: SfnExecutions, arn: str) -> None:
    assert executions.start("p1") and executions.start("p2")
    assert len(_executions(arn)) == 2


def test_started_many_times_at_once_is_one_execution(executions: SfnExecutions, arn: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: executions.start("p1"), range(16)))
    assert len(_executions(arn)) == 1


def test_what_has_ended_is_not_started_again(executions: SfnExecutions, arn: str) -> None:
    assert executions.start("p1")
    cloud.client("stepfunctions").stop_execution(executionArn=_executions(arn)[0])
    assert not executions.start("p1")
    assert len(_executions(arn)) == 1


def test_one_that_runs_with_another_input_runs(executions: SfnExecutions, arn: str) -> None:
    """As when it was started by hand, or by an earlier version."""
    cloud.client("stepfunctions").start_execution(stateMachineArn=arn, name="p1", input="{}")
    assert executions.start("p1")


def test_a_state_machine_that_is_not_there(arn: str) -> None:
    gone = SfnExecutions(cloud.client("stepfunctions"), f"{arn}-gone")
    with pytest.raises(StorageError, match=r"cannot start p1 on .*-gone: "):
        gone.start("p1")


def test_what_is_cancelled_is_stopped_and_what_is_not_there_is_no_error(
    executions: SfnExecutions, arn: str
) -> None:
    assert executions.start("p1") and executions.start("p2")
    for project_id in ("p1", "p1", "unknown"):
        executions.cancel(project_id)
    assert [each.rpartition(":")[2] for each in _executions(arn, "RUNNING")] == ["p2"]
    assert [each.rpartition(":")[2] for each in _executions(arn, "ABORTED")] == ["p1"]
    assert not executions.start("p1")


def test_a_machine_that_is_gone_cannot_be_stopped(arn: str) -> None:
    far = cloud.boto3.client(
        "stepfunctions",
        endpoint_url="http://127.0.0.1:9",
        region_name=cloud.REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    with pytest.raises(StorageError, match="cannot stop p1"):
        SfnExecutions(far, arn).cancel("p1")
