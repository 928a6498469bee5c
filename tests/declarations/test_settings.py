"""The settings of a stage: what is wrong is said by name, before anything is made."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from lazy import lazy
from synthesized import texts

from infra import rows
from infra.layers import ROOT
from infra.runtime import runtime_version
from infra.settings import DAYS_KEPT, LOGS_KEPT, PYTHON, Settings, WrongSettings, parsed, read

cdk = lazy("declared")
CONTEXT = json.loads((ROOT / "cdk.json").read_text())["context"]


def settings(**context: str) -> Settings:
    return read({**CONTEXT, **context}.get)


def test_dev_is_what_one_gets_and_prod_keeps_its_data() -> None:
    assert settings() == settings(stage="dev")
    assert not settings().retain
    assert settings(stage="prod").retain
    assert settings().fast_lane and settings(stage="prod").fast_lane
    assert settings(stage="prod").python == PYTHON
    assert settings(stage="prod", python="3.12").python == "3.12"
    assert settings(stage="prod").days_kept == DAYS_KEPT
    assert (settings().deployment, settings(deployment="again").deployment) == ("", "again")


def test_what_is_used_is_made_new_before_it_goes() -> None:
    brief = parsed("dev", PYTHON, {"days_kept": dict.fromkeys(DAYS_KEPT, 1)})
    assert brief.refresh_after_days == {"elements/": 0.5, "scenes/": 0.5, "movies/": 0.5}


def test_a_stage_that_keeps_its_data_is_advised_to_have_somebody_told_of_alarms() -> None:
    (said,) = settings(stage="prod").advice
    assert "alarm_email" in said and not settings().advice
    assert not parsed("prod", PYTHON, {"alarm_email": "on-call@example.com"}).advice


def test_a_budget_that_nobody_hears_of_is_advised_against_in_any_stage() -> None:
    (said,) = parsed("dev", PYTHON, {"retain": False, "monthly_budget_usd": 5}).advice
    assert said.startswith("Nobody is told of alarms, nor of the budget: name somebody as alarm_em")
    told = {"monthly_budget_usd": 5, "alarm_email": "on-call@example.com"}
    assert not parsed("dev", PYTHON, told).advice


def test_an_unknown_stage_is_refused_with_those_that_there_are() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        env={"CDK_CONTEXT_JSON": '{"stage": "pord"}', "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "There is no stage 'pord' in cdk.json: dev, prod" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"retian": True}, "there is no setting 'retian'"),
        ({"stage": "x"}, "there is no setting 'stage'"),
        ({"retain": "yes"}, "retain cannot be 'yes'"),
        ({"fast_lane": 1}, "fast_lane cannot be 1"),
        ({"rate": True}, "rate cannot be True"),
        ({"days_kept": 3}, "days_kept cannot be 3"),
        ({"days_kept": {"elements/": 1}}, "days_kept has each prefix once"),
        ({"logs_kept": "FOREVER"}, "not 'FOREVER'"),
        ({"tasks_at_once": 0}, "tasks_at_once is 1 or more, not 0"),
        ({"verify_percent": 101}, "verify_percent is 0 to 100, not 101"),
        ({"max_cost_usd": True}, "max_cost_usd cannot be True"),
        ({"max_cost_usd": math.nan}, "max_cost_usd cannot be nan"),
        ({"voices": ["poly"]}, "voices may be polly, espeak, not 'poly'"),
        ({"generators": [["bedrock"]]}, "generators may be bedrock, not \\['bedrock'\\]"),
        ({"monthly_budget_usd": 0}, "monthly_budget_usd is more than 0, or -1 for none"),
        ({"quotas": {"together": {"movies": 5}}}, "quotas: together has no 'movies'"),
        ({"cdn": "no"}, "cdn cannot be 'no'"),
        ({"domain": "movies.example.com"}, "A domain needs a certificate"),
        ({"bucket": "Objects"}, "bucket is the name of one, not 'Objects'"),
        ({"bucket": "arn:aws:s3:::objects"}, "bucket is the name of one"),
        ({"table": "a/b"}, "table is the name of one, not 'a/b'"),
        ({"table": "restored", "retain": False}, "A table that is named is kept: it needs retain"),
    ],
)
def test_a_wrong_setting_is_named(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(WrongSettings, match=complaint):
        parsed("dev", PYTHON, said)


SAID_OF_MOVIES = {
    **dict.fromkeys(("STRICT_VOICES", "STRICT_FONTS", "CONTENT_CREDENTIALS"), "1"),
    "FONTS_URL": "off",
}
"""What the stage `full` says to those that accept documents."""


def test_what_would_reach_no_function_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    nobodys = lambda stack, settings: {"NOBODYS": "1"}  # noqa: E731
    monkeypatch.setattr(cdk.RespliceStack, "_allowed", nobodys)
    with pytest.raises(ValueError, match="no function has NOBODYS"):
        cdk.RespliceStack(cdk.App(context=CONTEXT), parsed("dev", runtime_version(), {}))


def only_asks(statements: Any) -> set[str]:
    """The secrets of which it may ask whether they are there, and which it may not read."""
    (statement,) = statements
    assert statement["Action"] == "secretsmanager:DescribeSecret"
    return {text.rpartition(":secret:")[2] for text in texts(statement["Resource"])}


def told_of(template: Any, variable: str, value: str) -> set[str]:
    """The functions of the stage `full` in whose environment it says that."""
    return {
        each["Properties"]["FunctionName"].removeprefix("resplice-full-")
        for each in template.find_resources("AWS::Lambda::Function").values()
        if each["Properties"]["Environment"]["Variables"].get(f"RESPLICE_{variable}") == value
    }


def said_each_hour(template: Any) -> Any:
    hourly = {"Properties": {"ScheduleExpression": "rate(1 hour)"}}
    (rule,) = template.find_resources("AWS::Events::Rule", hourly).values()
    (target,) = rule["Properties"]["Targets"]
    return json.loads(target["Input"])


def test_logs_are_kept_as_long_as_cdk_has_names_for() -> None:
    assert [*LOGS_KEPT] == [*cdk.RetentionDays.__members__]


def test_all_that_a_stage_may_have_is_in_its_stack_and_passes_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for where in (rows, cdk.functions):
        monkeypatch.setattr(where, "SECRETS", {"element"})
    app = cdk.App(context=CONTEXT, asks=True)
    stack = cdk.RespliceStack(
        app,
        parsed(
            "full",
            runtime_version(),
            {
                "alarm_email": "on-call@example.com",
                "domain": "movies.example.com",
                "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1",
                "reserved_concurrency": {"scene": 50},
                "logs_kept": "ONE_YEAR",
                "rate": 7,
                "burst": 9,
                "voices": ["espeak"],
                "generators": ["bedrock"],
                "max_cost_usd": 5,
                "verify_percent": 2.5,
                "monthly_budget_usd": 40.5,
                "quotas": {"together": {"usd-per-day": 2}},
                "strict_voices": True,
                "require_sandbox": True,
                "content_credentials": True,
                "strict_fonts": True,
                "fonts_url": "",
                "bucket": "kept-objects",
                "table": "restored",
                "fast_lane": False,
            },
        ),
    )
    cdk.Validations.of(app).add_plugins(cdk.AwsSolutionsChecks(app))
    template = cdk.Template.from_stack(stack)
    assert stack.termination_protection and not cdk.Annotations.from_stack(stack).find_warning(
        "*", cdk.Match.any_value()
    )
    assert said_each_hour(template) == {"prove": 2.5}
    told = told_of(template, "REQUIRE_SANDBOX", "1")
    assert told >= {"prepare", "element", "paint", "speak", "scene", "movie", "lane"}
    assert not told & {"api", "finish", "deliver"}, "they start no program"
    for name, value in SAID_OF_MOVIES.items():
        assert told_of(template, name, value) == {"api", "prepare", "lane"}, name
    email = {"Protocol": "email", "Endpoint": "on-call@example.com"}
    template.has_resource_properties("AWS::SNS::Subscription", email)
    name = {"DomainName": "movies.example.com"}
    template.has_resource_properties("AWS::ApiGatewayV2::DomainName", name)
    template.resource_count_is("AWS::ApiGatewayV2::ApiMapping", 1)
    template.has_output("ApiUrl", {"Value": "https://movies.example.com"})
    reserved = {"FunctionName": "resplice-full-scene", "ReservedConcurrentExecutions": 50}
    template.has_resource_properties("AWS::Lambda::Function", reserved)
    template.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Retain"})
    limits = {"ThrottlingRateLimit": 7, "ThrottlingBurstLimit": 9}
    template.has_resource_properties("AWS::ApiGatewayV2::Stage", {"DefaultRouteSettings": limits})
    readers = {
        policy["PolicyName"]: [
            each
            for each in policy["PolicyDocument"]["Statement"]
            if "secretsmanager:" in str(each["Action"])
        ]
        for role in template.find_resources("AWS::IAM::Role").values()
        for policy in role["Properties"]["Policies"]
        if "secretsmanager" in str(policy)
    }
    assert [only_asks(readers.pop(name)) for name in ("prepare", "lane")] == [
        {"Resplice-full/credentials", "Resplice-full/credentials-??????"}
    ] * 2
    assert readers.keys() == {"element", "deliver", "finish"}
    (attesting,) = readers["finish"]
    assert attesting["Action"] == "secretsmanager:GetSecretValue"
    named = [text.rpartition(":secret:")[2] for text in texts(attesting["Resource"])]
    kept = ("Resplice-full/signing", "Resplice-full/credentials")
    assert {*named} == {*kept, *(f"{each}-??????" for each in kept)}
    (signing,) = readers["deliver"]
    verbs = ["secretsmanager:GetSecretValue", "secretsmanager:CreateSecret"]
    assert signing["Action"] == verbs
    assert "connections" not in str(signing["Resource"]), "only what webhooks are signed with"
    (reading,) = readers["element"]
    (resource,) = texts(reading["Resource"])
    assert reading["Action"] == "secretsmanager:GetSecretValue" and resource.endswith(
        ":secret:Resplice-full/connections/*"
    )
    variables = {"Environment": {"Variables": {"RESPLICE_SECRETS": "Resplice-full/connections/"}}}
    template.resource_properties_count_is("AWS::Lambda::Function", variables, 1)
    services = [each for each in all_rights(template) if each.startswith(("polly", "bedrock"))]
    assert services == ["bedrock:InvokeModel"]
    (accepting,) = [
        each["Properties"]["Environment"]["Variables"]
        for each in template.find_resources("AWS::Lambda::Function").values()
        if each["Properties"]["FunctionName"] == "resplice-full-prepare"
    ]
    assert [*json.loads(accepting["RESPLICE_AT_HAND"])] == [
        "espeak",
        "amazon-transcribe",
        "bedrock",
    ]
    assert accepting["RESPLICE_MAX_COST_MICRO_USD"] == "5000000"
    assert accepting["RESPLICE_STRICT_VOICES"] == "1"
    assert json.loads(accepting["RESPLICE_QUOTAS"]) == {"together": {"usd-per-day": 2}}
    check_budget(template)
    (machine,) = template.find_resources("AWS::StepFunctions::StateMachine").values()
    definition = json.dumps(machine["Properties"]["DefinitionString"])
    assert '\\"StartAt\\": \\"Begin\\"' in definition and "LeftByTheLane" not in definition


def test_without_cloudfront_the_api_has_the_urls_and_the_functions_know_them() -> None:
    app = cdk.App(context=CONTEXT)
    stack = cdk.RespliceStack(app, parsed("plain", runtime_version(), {"cdn": False}))
    cdk.Validations.of(app).add_plugins(cdk.AwsSolutionsChecks(app))
    template = cdk.Template.from_stack(stack)
    assert not [each for each in template.to_json()["Resources"] if each.startswith("Movies")]
    template.resource_count_is("AWS::CloudFront::Distribution", 0)
    (api,) = template.find_resources("AWS::ApiGatewayV2::Api")
    url = {"Fn::GetAtt": [api, "ApiEndpoint"]}
    template.has_output("MoviesUrl", {"Value": url})
    template.has_output("ApiUrl", {"Value": url})
    told = {
        each["Properties"]["FunctionName"]: each["Properties"]["Environment"]["Variables"]
        for each in template.find_resources("AWS::Lambda::Function").values()
    }
    urls = {
        name: each["RESPLICE_BASE_URL"]
        for name, each in told.items()
        if "RESPLICE_BASE_URL" in each
    }
    assert urls["resplice-plain-api"] == urls["resplice-plain-deliver"] == url
    serving = [name for name, each in told.items() if each.get("RESPLICE_SERVES_FILES") == "1"]
    assert serving == ["resplice-plain-api"]
    (rule,) = next(iter(template.find_resources("AWS::S3::Bucket").values()))["Properties"][
        "CorsConfiguration"
    ]["CorsRules"]
    assert rule["AllowedMethods"] == ["GET", "HEAD"] and rule["AllowedOrigins"] == ["*"]
    services = [
        statement["Principal"].get("Service")
        for policy in template.find_resources("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    assert "cloudfront.amazonaws.com" not in services


def check_budget(template: Any) -> None:
    """Of what has the stage's tag, and told to the topic, which lets it."""
    (topic,) = template.find_resources("AWS::SNS::Topic")
    ((_, found),) = template.find_resources("AWS::Budgets::Budget").items()
    named = ("Budget", "NotificationsWithSubscribers")
    budget, notices = (found["Properties"][name] for name in named)
    assert budget["BudgetLimit"] == {"Amount": 40.5, "Unit": "USD"}
    assert (budget["BudgetType"], budget["TimeUnit"]) == ("COST", "MONTHLY")
    assert budget["CostFilters"] == {"TagKeyValue": ["user:resplice$resplice-full"]}
    assert [each["Notification"]["Threshold"] for each in notices] == [80, 100, 100]
    subscriber = {"SubscriptionType": "SNS", "Address": {"Ref": topic}}
    assert all(each["Subscribers"] == [subscriber] for each in notices)
    ((policy, allowed),) = template.find_resources("AWS::SNS::TopicPolicy").items()
    assert policy in found["DependsOn"]
    said = allowed["Properties"]["PolicyDocument"]["Statement"]
    assert {"Service": "budgets.amazonaws.com"} in [each["Principal"] for each in said]
    tagged = [{"Key": "resplice", "Value": "resplice-full"}]
    template.all_resources_properties("AWS::Lambda::Function", {"Tags": tagged})
    template.all_resources_properties("AWS::S3::Bucket", {"Tags": tagged})


def all_rights(template: Any) -> Iterator[str]:
    for role in template.find_resources("AWS::IAM::Role").values():
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield from texts(statement["Action"])
