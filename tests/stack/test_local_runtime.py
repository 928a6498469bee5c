"""What runs stacks on this machine: functions as Lambda runs them, and what moto leaves out."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cloud import client as client_of_others
from small_stack import write_stack

from infra.local import lambda_runtime
from infra.local.events import period_s
from infra.local.stack import FunctionFailed, Stack, running
from infra.local.template import NoSubstitute, localise
from infra.runtime import runtime_version


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(write_stack(tmp_path_factory.mktemp("cdk")), variables={"EXTRA": "yes"}) as made:
        yield made


def failure(stack: Stack, event: Any, function: str = "work") -> FunctionFailed:
    with pytest.raises(FunctionFailed) as failed:
        stack.invoke(function, event)
    return failed.value


def keys(stack: Stack, prefix: str) -> list[str]:
    listed = stack.client("s3").list_objects_v2(
        Bucket=stack.outputs["BucketName"], Prefix=f"{prefix}/"
    )
    return [each["Key"] for each in listed.get("Contents", ())]


def read(stack: Stack, key: str) -> Any:
    got = stack.client("s3").get_object(Bucket=stack.outputs["BucketName"], Key=key)
    return json.loads(got["Body"].read())


def execute(stack: Stack, name: str = "", **said: Any) -> str:
    """Start it; the ARN."""
    started = stack.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["StateMachineArn"],
        name=name or uuid.uuid4().hex,
        input=json.dumps({"bucket": stack.outputs["BucketName"], "bad": [], **said}),
    )
    return str(started["executionArn"])


def ended(stack: Stack, arn: str) -> dict[str, Any]:
    client = stack.client("stepfunctions")
    eventually(lambda: client.describe_execution(executionArn=arn)["status"] != "RUNNING")
    described: dict[str, Any] = client.describe_execution(executionArn=arn)
    return described


def eventually(true: Callable[[], Any], most_s: float = 60) -> None:
    deadline_s = time.monotonic() + most_s
    while not true():
        assert time.monotonic() < deadline_s, "it did not come true in time"
        time.sleep(0.02)


def test_a_function_sees_its_layers_and_variables_and_nothing_else(stack: Stack) -> None:
    seen = stack.invoke("work", {"do": "look"})
    assert seen["found"] == []
    assert (seen["tool"], seen["file"]) == ("tool\n", "two")
    assert ".".join(map(str, seen["python"])) == runtime_version()
    variables = seen["variables"]
    assert variables["BUCKET"] == stack.outputs["BucketName"]
    assert variables["URL"] == f"{stack.base_url}/x"
    assert variables["EXTRA"] == "yes"
    assert variables["AWS_ENDPOINT_URL"] == stack.endpoint
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "MOTO_PORT"} & variables.keys()


def test_variables_may_be_others_for_a_while(stack: Stack) -> None:
    def seen() -> tuple[str, str]:
        variables = stack.invoke("work", {"do": "look"})["variables"]
        return variables["EXTRA"], variables["URL"]

    before = seen()
    with stack.changed(EXTRA="no", URL="elsewhere"):
        assert seen() == ("no", "elsewhere")
    assert seen() == before


def test_a_context_is_lambdas(stack: Stack) -> None:
    seen = stack.invoke("work", {"do": "look"})
    assert 0 < seen["left_ms"] <= 2000
    assert seen["arn"].endswith(":function:small-work:1")
    assert seen["memory"] == "256"


def test_processes_stay_warm_and_have_their_own_tmp(stack: Stack) -> None:
    first, second = (stack.invoke("work", {"do": "look"}) for _ in range(2))
    assert first["pid"] == second["pid"]
    assert first["id"] != second["id"]
    assert first["tmp"] == second["tmp"] != "/tmp"


def test_errors_are_worded_as_lambda_words_them(stack: Stack) -> None:
    raised = failure(stack, {"do": "fail"})
    assert (raised.kind, raised.message) == ("NotFound", "it is gone")
    left = failure(stack, {"do": "leave"})
    assert left.kind == "Runtime.ExitError"
    assert left.message.endswith("Error: Runtime exited with error: exit status 3")
    late = failure(stack, {"do": "sleep", "s": 9})
    assert late.kind == "Sandbox.Timedout"
    assert late.message.endswith("Error: Task timed out after 2.00 seconds")
    assert failure(stack, {"do": "odd"}).kind == "Runtime.MarshalError"


def test_what_fails_at_the_start_fails_each_invocation(stack: Stack) -> None:
    for _ in range(2):
        broken = failure(stack, {}, "broken")
        assert broken.kind == "Runtime.ImportModuleError"
        assert broken.message == "Unable to import module 'handler': No module named 'nowhere'"


def test_a_function_dies_at_the_moment_that_was_ordered(stack: Stack) -> None:
    for when, written in (("start", 0), (2, 2), ("end", 3)):
        prefix = f"died-{when}"
        stack.faults.kill("work", when)  # type: ignore[arg-type]
        wanted = {"do": "write", "keys": [f"{prefix}/{n}" for n in range(3)]}
        died = failure(stack, wanted)
        assert died.kind == "Runtime.ExitError"
        assert died.message.endswith("signal: killed")
        assert len(keys(stack, prefix)) == written
        assert stack.invoke("work", wanted) == 3
    assert stack.faults.left() == 0


def test_an_event_is_delivered_twice_when_ordered(stack: Stack) -> None:
    before = stack.invocations["work"]
    stack.faults.duplicate("work")
    stack.invoke("work", {"do": "write", "keys": ["twice/1"]})
    assert stack.invocations["work"] == before + 2


def test_logs_are_kept(stack: Stack) -> None:
    stack.invoke("work", {"do": "write", "keys": [], "index": "these words"})
    assert "writing these words" in stack.logs("work")


def test_an_asynchronous_event_is_tried_three_times(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_runtime, "RETRY_PAUSES_SECONDS", (0.01, 0.01))
    client = stack.client("lambda")
    payload = json.dumps({"do": "once_broken"}).encode()
    answer = client.invoke(FunctionName="small-work", InvocationType="Event", Payload=payload)
    assert answer["StatusCode"] == 202
    eventually(lambda: len(keys(stack, "tries")) == 3)


def test_a_step_is_retried_after_its_function_died(stack: Stack) -> None:
    stack.faults.kill("work", 1)
    execution = ended(stack, execute(stack, how="step", do="write", keys=["step/1", "step/2"]))
    assert (execution["status"], execution["output"]) == ("SUCCEEDED", "2")


@pytest.mark.parametrize(
    ("how", "bad", "healed"),
    [("small", [], False), ("small", [2], True), ("big", [0, 1], False), ("big", [0, 1, 2], True)],
)
def test_maps_fail_as_on_aws(stack: Stack, how: str, bad: list[int], healed: bool) -> None:
    """The big one tolerates 40 % of five."""
    tasks, items = [{"index": index} for index in range(5)], f"runs/{uuid.uuid4().hex}"
    stack.client("s3").put_object(
        Bucket=stack.outputs["BucketName"], Key=items, Body=json.dumps(tasks).encode()
    )
    execution = ended(stack, execute(stack, how=how, tasks=tasks, items=items, bad=bad))
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"]).get("healed", False) == healed


def test_an_aborted_execution_ends_at_once_and_functions_are_told(stack: Stack) -> None:
    arn = execute(stack, name="aborted", how="step", do="sleep", s=1.5)
    stack.client("stepfunctions").stop_execution(executionArn=arn, error="Mine", cause="why not")
    [execution] = [each for each in stack.executions() if each["name"] == "aborted"]
    assert (execution["status"], execution["error"]) == ("ABORTED", "Mine")
    eventually(lambda: keys(stack, "told"))
    [event] = [read(stack, key) for key in keys(stack, "told")]
    assert event["detail-type"] == "Step Functions Execution Status Change"
    detail = event["detail"]
    assert (detail["executionArn"], detail["name"]) == (arn, "aborted")
    assert (detail["status"], detail["error"], detail["cause"]) == ("ABORTED", "Mine", "why not")
    assert json.loads(detail["input"])["do"] == "sleep"


def test_schedules_come_due_when_told(stack: Stack) -> None:
    stack.tick()
    assert {"sweep": True} in [read(stack, key) for key in keys(stack, "told")]


def test_schedules_are_rates() -> None:
    assert (period_s("rate(1 minute)"), period_s("rate(2 hours)")) == (60, 7200)
    with pytest.raises(ValueError, match="Not a rate"):
        period_s("cron(0 12 * * ? *)")


def test_the_api_answers_at_the_base_url(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.base_url}/v2/x") as answer:
        assert answer.read() == b"/v2/x"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{stack.base_url}/broken")
    assert refused.value.code == 500


def test_callers_reach_the_version_that_the_alias_leads_to(stack: Stack) -> None:
    """The API and the rules, before it is moved and after. The version before can be called."""
    assert (api_version(stack), rule_version(stack)) == ("1", "1")
    lambda_ = stack.client("lambda")
    for function in ("api", "finish"):
        named = {"FunctionName": f"small-{function}"}
        lambda_.update_function_configuration(**named, Description="another")
        assert lambda_.publish_version(**named)["Version"] == "2"
    assert (api_version(stack), rule_version(stack)) == ("1", "1")
    for function in ("api", "finish"):
        named = {"FunctionName": f"small-{function}", "Name": "live"}
        lambda_.update_alias(**named, FunctionVersion="2")
    assert (api_version(stack), rule_version(stack)) == ("2", "2")
    called = lambda_.invoke(FunctionName="small-finish:1", Payload=b"{}")
    assert called["ExecutedVersion"] == "1"


def api_version(stack: Stack) -> str:
    with urllib.request.urlopen(f"{stack.base_url}/v2/x") as answer:
        return str(answer.headers["x-version"])


def rule_version(stack: Stack) -> str:
    before = set(keys(stack, "told-by"))
    stack.tick()
    (told,) = set(keys(stack, "told-by")) - before
    return str(read(stack, told))


def test_what_cloudformation_leaves_out_is_there(stack: Stack) -> None:
    name = stack.outputs["TableName"]
    told = stack.client("dynamodb").describe_time_to_live(TableName=name)
    assert told["TimeToLiveDescription"]["AttributeName"] == "expires_at"
    rules = stack.client("s3").get_bucket_lifecycle_configuration(
        Bucket=stack.outputs["BucketName"]
    )["Rules"]
    assert [rule.get("Expiration", {}).get("Days") for rule in rules] == [None, 3]


def test_a_stack_shares_nothing_with_other_users_of_moto(stack: Stack) -> None:
    theirs = client_of_others("s3").list_buckets()["Buckets"]
    assert stack.outputs["BucketName"] not in [bucket["Name"] for bucket in theirs]


def test_many_invocations_at_once_leave_few_processes(stack: Stack, tmp_path: Path) -> None:
    arns = [execute(stack, how="step", do="sleep", s=0.3) for _ in range(10)]
    ends = [ended(stack, arn) for arn in arns]
    assert {each["status"] for each in ends} == {"SUCCEEDED"}, ends
    pids = {each["output"] for each in ends}
    assert len(pids) > lambda_runtime.MAX_IDLE_PER_FUNCTION
    eventually(lambda: sum(Path(f"/proc/{pid}").exists() for pid in pids) <= 4)


def test_a_type_that_moto_cannot_create_needs_a_substitute() -> None:
    template = {"Resources": {"Odd": {"Type": "AWS::Odd::Thing"}}}
    with pytest.raises(NoSubstitute, match="Odd: moto cannot create AWS::Odd::Thing"):
        localise(template, (), {}, {})


def test_references_to_what_is_gone_are_values() -> None:
    template = {
        "Resources": {
            "Web": {"Type": "A::Web"},
            "Kept": {
                "Type": "A::Kept",
                "DependsOn": ["Web", "Other"],
                "Properties": {
                    "Name": {"Ref": "Web"},
                    "Url": {"Fn::Join": ["", ["https://", {"Fn::GetAtt": ["Web", "Host"]}, "/v2"]]},
                },
            },
        },
        "Rules": {},
    }
    stands_for = {"A::Web": {"Ref": "web", "Host": "web.invalid"}}
    local = localise(template, {"A::Kept"}, stands_for, {"https://web.invalid": "http://here"})
    url = {"Fn::Join": ["", ["http://here/v2"]]}
    kept = {"Type": "A::Kept", "DependsOn": ["Other"], "Properties": {"Name": "web", "Url": url}}
    assert local == {"Resources": {"Kept": kept}}
    with pytest.raises(NoSubstitute, match=r"Web .A::Web.: nothing stands for Port"):
        asked = {"Type": "A::Kept", "Properties": {"Fn::GetAtt": ["Web", "Port"]}}
        localise(
            {"Resources": {**template["Resources"], "Asks": asked}}, {"A::Kept"}, stands_for, {}
        )
