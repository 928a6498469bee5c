"""The stack as it is deployed: each function as its row says, and around them what keeps watch."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import synthesized
from lazy import lazy
from resplice.adapters.lambda_.prices import DOLLARS_A_GIB_SECOND, MAX_FUNCTION_MB
from resplice.adapters.lambda_.telemetry import RENDERER_GIB
from resplice.core.tools import Tools

from infra.rows import ROWS, layers_of, variables_of
from infra.states import PATIENCE

cdk = lazy("declared")
VARIABLES_BYTES = 4096
POWERTOOLS = {
    "POWERTOOLS_SERVICE_NAME": "resplice-dev",
    "POWERTOOLS_METRICS_NAMESPACE": "Resplice",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


def one(kind: str) -> dict[str, Any]:
    (found,) = synthesized.resources(kind).values()
    return found


def called(value: Any) -> str:
    """The function that a value of the template leads to: always by its alias."""
    aliases = synthesized.resources("AWS::Lambda::Alias")
    (alias,) = [name for name in aliases if name in str(value)]
    name = synthesized.resources("AWS::Lambda::Function")[aliases[alias]["FunctionName"]["Ref"]]
    return str(name["FunctionName"]).removeprefix("resplice-dev-")


def test_each_function_is_as_its_row_says() -> None:
    assert synthesized.functions().keys() == ROWS.keys()
    layers = synthesized.resources("AWS::Lambda::LayerVersion")
    names = {name: each["Description"].removeprefix("Resplice: ") for name, each in layers.items()}
    logs = synthesized.resources("AWS::Logs::LogGroup")
    for name, function in synthesized.functions().items():
        row = ROWS[name]
        assert function["MemorySize"] == row.memory_mb
        assert function["Timeout"] == row.timeout_s
        assert function["EphemeralStorage"]["Size"] == row.tmp_mb
        assert {names[layer["Ref"]] for layer in function["Layers"]} == set(layers_of(name))
        assert function["Architectures"] == ["x86_64"]
        traced = name != "api"
        assert function["TracingConfig"] == {"Mode": "Active" if traced else "PassThrough"}
        kept_days = 30 if name == "api" else 7
        assert logs[function["LoggingConfig"]["LogGroup"]["Ref"]]["RetentionInDays"] == kept_days
        handler = synthesized.asset(function["Code"]) / "handler.py"
        assert re.search(r"^(def handler\(|handler = )", handler.read_text(), re.MULTILINE)


def test_each_function_has_the_variables_it_needs_and_no_other() -> None:
    for name, function in synthesized.functions().items():
        variables = function["Environment"]["Variables"]
        ours = {f"RESPLICE_{each}" for each in variables_of(name)}
        untraced = {"POWERTOOLS_TRACE_DISABLED"} if name == "api" else set()
        assert variables.keys() == ours | POWERTOOLS.keys() | untraced
        assert POWERTOOLS.items() <= variables.items()
        size = sum(len(key) + len(synthesized.text(said)) for key, said in variables.items())
        assert size < VARIABLES_BYTES, name


def test_who_looks_things_up_keeps_what_is_used() -> None:
    """Each of these also may: a copy is a write. Half of the time is left for the next use."""
    told = {
        name: each["Environment"]["Variables"]["RESPLICE_REFRESH_AFTER_DAYS"]
        for name, each in synthesized.functions().items()
        if "REFRESH_AFTER_DAYS" in variables_of(name)
    }
    assert told.keys() == {"api", "prepare", "plan", "movie", "finish", "lane"}
    (said,) = set(told.values())
    assert json.loads(said) == {"elements/": 15, "scenes/": 7, "movies/": 15}


def test_all_functions_name_the_tools_alike() -> None:
    said = {
        each["Environment"]["Variables"]["RESPLICE_TOOLS"]
        for each in synthesized.functions().values()
    }
    (tools,) = said
    told = json.loads(tools)
    assert all(told.values())
    assert asdict(Tools(**told)).keys() - told.keys() == {"credentials"}, "which is a setting"


def test_what_runs_keeps_the_code_that_it_began_with() -> None:
    every = synthesized.template()["Resources"].values()
    versions = [each for each in every if each["Type"] == "AWS::Lambda::Version"]
    assert len(versions) == len(ROWS)
    assert {each["UpdateReplacePolicy"] for each in versions} == {"Retain"}
    assert called(one("AWS::ApiGatewayV2::Integration")["IntegrationUri"]) == "api"


def test_the_api_is_throttled_and_keeps_a_log() -> None:
    stage = one("AWS::ApiGatewayV2::Stage")
    limits = {"ThrottlingRateLimit": 50, "ThrottlingBurstLimit": 100}
    assert stage["DefaultRouteSettings"] == limits
    assert stage["AutoDeploy"] is True
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"status", "requestId", "responseLatency"} <= logged.keys()
    assert one("AWS::ApiGatewayV2::Route")["RouteKey"] == "$default"
    assert one("AWS::ApiGatewayV2::Integration")["PayloadFormatVersion"] == "2.0"


def test_movies_and_files_are_served_over_https_uncompressed_and_nothing_else_is() -> None:
    """A file may be replaced, so it is not kept on the way."""
    config = one("AWS::CloudFront::Distribution")["DistributionConfig"]
    served = {each["PathPattern"]: each for each in config["CacheBehaviors"]}
    assert {path: each["CachePolicyId"] for path, each in served.items()} == {
        "movies/*": cdk.CachePolicy.CACHING_OPTIMIZED.cache_policy_id,
        "media/*": cdk.CachePolicy.CACHING_DISABLED.cache_policy_id,
    }
    assert all(each["ResponseHeadersPolicyId"] for each in served.values())
    for behaviour in (*served.values(), config["DefaultCacheBehavior"]):
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert behaviour["Compress"] is False
    (origin,) = config["Origins"]
    (control,) = synthesized.resources("AWS::CloudFront::OriginAccessControl")
    assert synthesized.text(origin["OriginAccessControlId"]) == f"<{control}.Id>"
    assert one("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"] | {
        "Name": ""
    } == {
        "Name": "",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }


def test_a_bad_end_of_an_execution_and_every_minute_reach_finish() -> None:
    rules = list(synthesized.resources("AWS::Events::Rule").values())
    (queue,) = synthesized.resources("AWS::SQS::Queue")
    for rule in rules:
        (target,) = rule["Targets"]
        assert called(target["Arn"]) == "finish"
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] > 0
    (ends,) = [rule["EventPattern"] for rule in rules if "EventPattern" in rule]
    assert ends["source"] == ["aws.states"]
    assert ends["detail-type"] == ["Step Functions Execution Status Change"]
    assert set(ends["detail"]["status"]) == {"FAILED", "TIMED_OUT", "ABORTED"}
    (machine,) = synthesized.texts(ends["detail"]["stateMachineArn"])
    assert machine.endswith(":stateMachine:resplice-dev")
    (clock,) = [rule for rule in rules if "ScheduleExpression" in rule]
    assert clock["ScheduleExpression"] == "rate(1 minute)"
    assert json.loads(clock["Targets"][0]["Input"]) == {"sweep": True}
    asked = synthesized.resources("AWS::Lambda::EventInvokeConfig").values()
    later = {called(each["Qualifier"]): each.get("DestinationConfig") for each in asked}
    assert later == {
        "finish": {"OnFailure": {"Destination": {"Fn::GetAtt": [queue, "Arn"]}}},
        "deliver": None,  # The sweep makes up for what it fails at.
    }


def test_the_workflow_tells_of_its_errors() -> None:
    machine = one("AWS::StepFunctions::StateMachine")
    assert machine["StateMachineName"] == "resplice-dev"
    assert machine["LoggingConfiguration"]["Level"] == "ERROR"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert "StateMachineType" not in machine or machine["StateMachineType"] == "STANDARD"


def test_every_alarm_goes_to_the_topic() -> None:
    (topic,) = synthesized.resources("AWS::SNS::Topic")
    alarms = synthesized.resources("AWS::CloudWatch::Alarm")
    assert {each["AlarmActions"][0]["Ref"] for each in alarms.values()} == {topic}
    told = [
        each["Principal"]
        for each in one("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
        if each["Effect"] == "Allow"
    ]
    assert told == [{"Service": "cloudwatch.amazonaws.com"}]
    watched = ("ExecutionFailed", "ExecutionTimedOut", "FunctionErrors", "FunctionThrottles")
    for name in (
        *watched,
        "ApiErrors",
        "EventsLost",
        "Faults",
        "StoreFaults",
        "Crashes",
        "CacheDiffers",
    ):
        assert any(each.startswith(f"Alarms{name}") for each in alarms), name


def test_nothing_is_made_anew_unless_the_stage_says_so() -> None:
    rules = synthesized.resources("AWS::Events::Rule").values()
    assert "prove" not in json.dumps([*rules])


def alarm(name: str) -> dict[str, Any]:
    found = synthesized.resources("AWS::CloudWatch::Alarm")
    (each,) = [each for key, each in found.items() if key.startswith(f"Alarms{name}")]
    return each


def counted(by_alarm: str) -> dict[str, Any]:
    """The one metric that an alarm watches."""
    (metric,) = alarm(by_alarm)["Metrics"]
    found: dict[str, Any] = metric["MetricStat"]["Metric"]
    return found


def test_no_alarm_counts_what_a_user_may_bring_about() -> None:
    """What a function of the workflow raises is counted as its error, whoever's it is."""
    watched = {
        metric["Id"]
        for each in synthesized.resources("AWS::CloudWatch::Alarm").values()
        for metric in each.get("Metrics", ())
        if metric.get("MetricStat", {}).get("Metric", {}).get("MetricName") == "Errors"
    }
    assert watched == {"api", "finish", "deliver"}
    assert alarm("Faults")["Threshold"] == 0
    assert counted("Faults") == {
        "MetricName": "Faults",
        "Namespace": "Resplice",
        "Dimensions": [{"Name": "service", "Value": "resplice-dev"}],
    }
    assert alarm("StoreFaults")["Threshold"] == PATIENCE["MaxAttempts"]


LOGGED = {
    "2026-11-29T02:00:00.123Z 52fdfc07-2182-454f-963f-5f0f9a621d72 Task timed out after 3.00 s": 1,
    "RequestId: 52fdfc07-2182 Error: Runtime exited with error: signal: killed": 1,
    "INIT_REPORT Init Duration: 9 ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown": 1,
    "INIT_REPORT Init Duration: 9999 ms\tPhase: init\tStatus: timeout": 0,
    '{"level":"ERROR","message":"a 52fdfc07 Task timed out after RequestId: 5 Error: Runtime"}': 0,
    "REPORT RequestId: 52fdfc07-2182-454f-963f-5f0f9a621d72\tDuration: 102.25 ms": 0,
}


def test_what_ends_a_function_is_counted_from_its_log() -> None:
    filters = synthesized.resources("AWS::Logs::MetricFilter").values()
    groups = [each["LogGroupName"]["Ref"] for each in filters]
    assert len(set(groups)) == len(groups) == len(ROWS)
    (pattern,) = {each["FilterPattern"] for each in filters}
    assert pattern[0] == pattern[-1] == "%"
    found = {line: int(bool(re.search(pattern[1:-1], line))) for line in LOGGED}
    assert found == LOGGED
    names = {each["MetricTransformations"][0]["MetricName"] for each in filters}
    assert names == {counted("Crashes")["MetricName"]} == {"resplice-dev-Crashes"}


def test_the_dashboard_shows_hits_of_each_layer_times_errors_and_cost() -> None:
    shown = synthesized.text(one("AWS::CloudWatch::Dashboard")["DashboardBody"])
    for layer in ("Movie", "Scene", "Element"):
        for outcome in ("Hit", "Miss", "Bypass"):
            assert f'"{layer}{outcome}"' in shown
    for said in (
        "MovieSeconds",
        "p50",
        "p95",
        "Failed",
        "SavedDollars",
        f"{DOLLARS_A_GIB_SECOND:.10f} /",
    ):
        assert said in shown
    json.loads(shown)


def test_records_are_found_by_owner_and_by_being_open() -> None:
    table = one("AWS::DynamoDB::Table")
    indexes = {each["IndexName"]: each for each in table["GlobalSecondaryIndexes"]}
    keys = {
        name: [key["AttributeName"] for key in each["KeySchema"]] for name, each in indexes.items()
    }
    assert keys == {"by_owner": ["owner", "created"], "open": ["open", "created"]}
    assert {each["Projection"]["ProjectionType"] for each in indexes.values()} == {"KEYS_ONLY"}
    assert {each["AttributeType"] for each in table["AttributeDefinitions"]} == {"S"}


def test_the_stack_says_where_it_is() -> None:
    outputs = synthesized.template()["Outputs"]
    assert outputs.keys() == {
        *("ApiUrl", "MoviesUrl", "BucketName"),
        *("TableName", "StateMachineArn", "DashboardUrl", "AuditLogGroup"),
    }


def test_cfn_lint_has_no_error() -> None:
    tool = Path(sys.executable).with_name("cfn-lint")
    file = synthesized.folder() / f"{synthesized.STACK}.template.json"
    command = [str(tool), "--non-zero-exit-code", "error", "--format", "parseable", str(file)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_cdk_nag_passes_and_bites() -> None:
    report = json.loads((synthesized.folder() / "validation-report.json").read_text())
    (plugin,) = report["pluginReports"]
    assert (plugin["pluginName"], plugin["conclusion"]) == ("AwsSolutions", "success")
    app = cdk.App()
    cdk.Bucket(cdk.Stack(app, "Open"), "Bucket")
    cdk.Validations.of(app).add_plugins(cdk.AwsSolutionsChecks(app))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()


def test_what_is_saved_is_counted_by_the_memory_of_the_function_that_renders() -> None:
    assert ROWS["scene"].memory_mb / 1024 == RENDERER_GIB
    assert max(row.memory_mb for row in ROWS.values()) <= MAX_FUNCTION_MB
