"""What would stop a deployment is said before it begins, with what to do."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from infra import preflight
from infra.preflight import BOOTSTRAP, HINT, OK, PROBLEM, Finding, Preflight
from infra.settings import PYTHON, parsed

REGION = "eu-central-1"
DEV = parsed("dev", PYTHON, {"tasks_at_once": 40})
EMPTY_TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


class Body:
    """As much of an HTTP body as botocore reads."""

    def __init__(self, text: str) -> None:
        self.text = text

    def stream(self) -> Iterator[bytes]:
        yield self.text.encode()


@cache
def session() -> boto3.Session:
    """One for all tests: it reads what services can do once, and keeps it."""
    return boto3.Session(region_name=REGION)


class Account:
    """moto's account, and what moto does not know: how many functions it may run at once."""

    def __init__(self, concurrency: int = 1000) -> None:
        self.concurrency = concurrency
        self.tags: list[str] = []

    def client(self, service: str) -> Any:
        made = session().client(service)
        if service == "lambda":
            event = "before-send.lambda.GetAccountSettings"
            made.meta.events.register_first(event, self._settings)
        if service == "ce":
            event = "before-call.cost-explorer.ListCostAllocationTags"
            made.meta.events.register_first(event, self._tags)
        return made

    def _tags(self, params: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        assert json.loads(params["body"])["Status"] == "Active"
        found = [{"TagKey": tag, "Type": "UserDefined", "Status": "Active"} for tag in self.tags]
        return AWSResponse("https://ce", 200, {}, Body("")), {"CostAllocationTags": found}

    def _settings(self, **_: Any) -> AWSResponse:
        """https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"""
        said = json.dumps({"AccountLimit": {"ConcurrentExecutions": self.concurrency}})
        return AWSResponse("https://lambda", 200, {}, Body(said))

    def found(self, settings: Any = DEV) -> list[Finding]:
        return list(Preflight(self.client, settings).findings())

    def bootstrap(self, version: str = "21") -> None:
        self.client("ssm").put_parameter(Name=BOOTSTRAP, Value=version, Type="String")


@pytest.fixture(autouse=True)
def _moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


def test_a_budget_is_told_that_its_tag_must_be_active() -> None:
    budget = parsed("dev", PYTHON, {"tasks_at_once": 40, "monthly_budget_usd": 5})
    account = Account()
    account.bootstrap()
    last = account.found(budget)[-1]
    assert last.how == HINT and "TagKey=resplice,Status=Active" in last.said
    account.tags = ["resplice"]
    assert account.found(budget)[-1] == Finding(OK, "costs are known by the tag 'resplice'")


def test_a_stage_that_signs_every_movie_is_told_that_it_has_no_certificate() -> None:
    signing = parsed("dev", PYTHON, {"tasks_at_once": 40, "content_credentials": True})
    account, name = Account(), "Resplice-dev/credentials"
    account.bootstrap()
    last = account.found(signing)[-1]
    assert last.how == HINT and "resplice sign certificate CHAIN KEY --stage dev" in last.said
    deployed(account, "UPDATE_COMPLETE")
    assert account.found(signing)[-1].how == PROBLEM
    account.client("secretsmanager").create_secret(Name=name, SecretString="pem")
    told = Finding(OK, f"movies are signed with the certificate in {name}")
    assert account.found(signing)[-1] == told
    account.client("secretsmanager").delete_secret(SecretId=name)
    assert account.found(signing)[-1].how == PROBLEM


def problems(found: list[Finding]) -> list[str]:
    return [each.said for each in found if each.how == PROBLEM]


def test_an_account_that_is_ready_has_no_problem_and_is_told_of_cloudfront() -> None:
    account = Account()
    account.bootstrap()
    found = account.found()
    assert [each.how for each in found] == [OK, OK, OK, OK, OK, OK, HINT]
    assert found[0].said == f"account 123456789012 in {REGION}"
    assert "verify" in found[-1].said


@pytest.mark.parametrize("version", [None, "5"])
def test_an_account_that_cdk_has_not_prepared_is_told_how(version: str | None) -> None:
    account = Account()
    if version:
        account.bootstrap(version)
    assert problems(account.found()) == [
        "CDK has not prepared this account and region: make bootstrap"
    ]


def test_a_new_account_is_told_how_many_tasks_it_may_run_at_once() -> None:
    account = Account(concurrency=10)
    account.bootstrap()
    (said,) = problems(account.found())
    assert said.startswith("this account runs 10 functions at once")
    assert '"tasks_at_once": 7 in the row of dev' in said
    assert problems(account.found(parsed("dev", PYTHON, {"tasks_at_once": 7}))) == []


def test_what_is_reserved_leaves_what_lambda_keeps() -> None:
    account = Account(concurrency=110)
    account.bootstrap()
    reserving = {"reserved_concurrency": {"api": 20}, "tasks_at_once": 7}
    assert problems(account.found(parsed("dev", PYTHON, reserving))) == [
        "Lambda lets you reserve 10: less reserved_concurrency, or a higher quota (L-B99A9384)"
    ]


def test_names_that_something_else_has_are_told() -> None:
    account = Account()
    account.bootstrap()
    logs = "/aws/vendedlogs/states/resplice-dev"
    account.client("logs").create_log_group(logGroupName=logs)
    account.client("logs").create_log_group(logGroupName=f"{logs}-other")
    (said,) = problems(account.found())
    assert said == f"delete first what has our names: the log group {logs}"


def deployed(account: Account, state: str) -> None:
    from moto.cloudformation.models import cloudformation_backends

    account.client("cloudformation").create_stack(
        StackName="Resplice-dev", TemplateBody=EMPTY_TEMPLATE
    )
    (stack,) = cloudformation_backends["123456789012"][REGION].stacks.values()
    stack.status = state


def test_a_stack_that_is_there_is_no_problem_whatever_has_its_names() -> None:
    account = Account()
    account.bootstrap()
    deployed(account, "UPDATE_COMPLETE")
    account.client("logs").create_log_group(logGroupName="/aws/vendedlogs/states/resplice-dev")
    found = account.found()
    assert problems(found) == []
    assert found[2].said == "Resplice-dev is there: UPDATE_COMPLETE"


def test_a_stack_whose_first_deployment_failed_is_told_how_to_be_deleted() -> None:
    account = Account()
    account.bootstrap()
    deployed(account, "ROLLBACK_COMPLETE")
    (said,) = problems(account.found())
    assert "--no-enable-termination-protection" in said
    assert said.endswith("aws cloudformation delete-stack --stack-name Resplice-dev")


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("UPDATE_IN_PROGRESS", "wait until that has ended"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback"),
    ],
)
def test_a_stack_that_cannot_be_updated_now_is_told(state: str, advice: str) -> None:
    account = Account()
    account.bootstrap()
    deployed(account, state)
    (said,) = problems(account.found())
    assert said.startswith(f"Resplice-dev is {state}: ") and advice in said


def refusing(operation: str) -> Callable[..., AWSResponse]:
    def refuse(**_: Any) -> AWSResponse:
        said = json.dumps({"__type": "AccessDeniedException", "message": "You may not"})
        return AWSResponse("https://aws", 400, {}, Body(said))

    return refuse


def test_what_may_not_be_asked_is_a_hint() -> None:
    account = Account()
    account.bootstrap()
    plain = account.client

    def client(service: str) -> Any:
        made = plain(service)
        if service == "ssm":
            event = "before-send.ssm.GetParameter"
            made.meta.events.register_first(event, refusing("GetParameter"))
        return made

    found = list(Preflight(client, DEV).findings())
    assert problems(found) == []
    (first, *_) = [each.said for each in found if each.how == HINT]
    assert first.startswith("the bootstrap could not be looked at: ")
    assert "You may not" in first


def test_without_a_region_or_an_account_nothing_more_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    assert preflight.main(["--stage", "dev"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("PROBLEM AWS cannot be asked: ") and "AWS_REGION" in line


def test_a_stage_that_nobody_knows_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight.main(["--stage", "nono"]) == 1
    assert "There is no stage 'nono' in cdk.json" in capsys.readouterr().err


ROOMY = {"tasks_at_once": 40, "retain": True}


def kept(account: Account, **named: str) -> tuple[list[str], list[str]]:
    """(problems, what else is said) of the stage's named things."""
    account.bootstrap()
    found = account.found(parsed("prod", PYTHON, {**ROOMY, **named}))
    about = [each for each in found if any(name in each.said for name in named.values())]
    return problems(about), [each.said for each in about if each.how == OK]


def make_bucket(account: Account, name: str, region: str = REGION) -> None:
    place = {"LocationConstraint": region}
    client = session().client("s3", region_name=region)
    client.create_bucket(Bucket=name, CreateBucketConfiguration=place)


def make_table(account: Account, first: str) -> None:
    names = {first: "HASH", "sk": "RANGE"}
    account.client("dynamodb").create_table(
        TableName="restored",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in names.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_bucket_and_a_table_that_are_named_are_looked_for() -> None:
    account = Account()
    said = kept(account, bucket="kept-objects", table="restored")
    assert said == (
        [],
        [
            "the bucket kept-objects is not there: it will be made, empty",
            "the table restored is not there: it will be made, empty",
        ],
    )
    make_bucket(account, "kept-objects")
    make_table(account, "pk")
    account.client("ssm").delete_parameter(Name=BOOTSTRAP)
    assert kept(account, bucket="kept-objects", table="restored") == (
        [],
        [
            "the bucket kept-objects is there, and of no other stack",
            "the table restored is there, and of no other stack",
        ],
    )


def test_what_a_stage_could_not_take_over_is_told() -> None:
    account = Account()
    make_bucket(account, "kept-objects", "eu-west-1")
    make_table(account, "id")
    assert kept(account, bucket="kept-objects", table="restored")[0] == [
        f"the bucket kept-objects is in eu-west-1, and the stage in {REGION}",
        "the table restored is no table of ours: its keys are others",
    ]


@pytest.mark.parametrize(("stack", "told"), [("Other", 1), ("Resplice-prod", 0)])
def test_a_bucket_of_another_stack_cannot_be_taken_over(stack: str, told: int) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html"""
    account = Account()
    make_bucket(account, "theirs")
    plain = account.client

    def owned(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        found = {"StackResources": [{"StackName": stack, "PhysicalResourceId": "theirs"}]}
        return AWSResponse("https://cloudformation", 200, {}, Body("")), found

    def client(service: str) -> Any:
        made = plain(service)
        event = "before-call.cloudformation.DescribeStackResources"
        made.meta.events.register_first(event, owned)
        return made

    account.client = client  # type: ignore[method-assign]
    found = kept(account, bucket="theirs")[0]
    assert found == ["the bucket theirs is of the stack Other"] * told


def test_a_bucket_that_is_somebody_elses_is_told() -> None:
    account = Account()
    plain = account.client

    def client(service: str) -> Any:
        made = plain(service)
        if service == "s3":
            refused = AWSResponse("https://s3", 403, {}, Body(""))
            made.meta.events.register_first("before-send.s3.HeadBucket", lambda **_: refused)
        return made

    account.client = client  # type: ignore[method-assign]
    (said,) = kept(account, bucket="taken")[0]
    assert said.startswith("the bucket taken is another account's")


def test_room_is_reckoned_with_what_is_reserved() -> None:
    """Scenes have room of their own then, and what is left is less."""
    account = Account(concurrency=150)
    account.bootstrap()
    reserving = {"reserved_concurrency": {"scene": 40, "api": 5}, "tasks_at_once": 104}
    (said,) = problems(account.found(parsed("dev", PYTHON, reserving)))
    assert "150 functions at once, of which 105 are not reserved" in said
    assert '"tasks_at_once": 103' in said
    found = account.found(parsed("dev", PYTHON, {**reserving, "tasks_at_once": 103}))
    assert problems(found) == []
    hints = [each.said for each in found if each.how == HINT]
    assert hints[0].startswith("less is reserved for scene than tasks_at_once, 103: ")


def test_a_function_with_none_reserved_never_runs() -> None:
    account = Account()
    account.bootstrap()
    none = parsed("dev", PYTHON, {"tasks_at_once": 4, "reserved_concurrency": {"paint": 0}})
    assert problems(account.found(none)) == ["with none reserved paint would never run"]


def test_a_stage_without_cloudfront_is_not_asked_about_it() -> None:
    account = Account()
    account.bootstrap()
    (told,) = [each.said for each in account.found() if "CloudFront" in each.said]
    assert 'or do without it: "cdn": false in the row of dev in cdk.json' in told
    without = account.found(parsed("dev", PYTHON, {"tasks_at_once": 40, "cdn": False}))
    assert not [each for each in without if "CloudFront" in each.said]
