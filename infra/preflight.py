"""python -m infra.preflight: what would stop a deployment, asked before it begins. Changes nothing.

Each check asks AWS one thing and says what to do. What AWS does not let one ask (a new account
that CloudFront has not verified yet) is said as a hint.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from resplice.steps import makers
from resplice.wiring.functions import credentials_secret

from infra.owned import Client, shell_client, stack_of
from infra.rows import CALLED, ROWS
from infra.settings import PYTHON, TAG, Settings, WrongSettings, parsed, row_of

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
"""Where CDK notes that it has prepared an account and region.
https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
"""
OLDEST_BOOTSTRAP = 6
"""The first that can deploy what CDK 2 synthesizes."""
UNRESERVED = 100
"""Lambda keeps as many for functions that reserve none.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""
STUCK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
"""A stack whose first deployment failed, or that is half deleted: it can only be deleted."""
TASKED = (*makers.functions(), "scene")
"""Functions that do the tasks of a movie, many at once."""
KEYS = {"pk": "HASH", "sk": "RANGE"}
CONTEXT = Path(__file__).parents[1] / "cdk.json"
ABSENT = ("ResourceNotFoundException", "StateMachineDoesNotExist", "ParameterNotFound")
OK, HINT, PROBLEM = "ok", "hint", "PROBLEM"


@dataclass(frozen=True)
class Finding:
    """how: OK, HINT (look at it) or PROBLEM (the deployment would fail, or the stage not work)."""

    how: str
    said: str


@dataclass(frozen=True)
class Preflight:
    """The checks of one stage, in the region of the clients."""

    client: Client
    settings: Settings

    @property
    def stack(self) -> str:
        return stack_of(self.settings.stage)

    def findings(self) -> Iterator[Finding]:
        """In the order in which one meets them. Without an account there is nothing to ask."""
        try:
            yield self._account()
        except (BotoCoreError, ClientError) as error:
            said = "it takes AWS_REGION and credentials: `aws sts get-caller-identity` answers then"
            yield Finding(PROBLEM, f"AWS cannot be asked: {_one_line(error)}; {said}")
            return
        for what, check in self._checks():
            try:
                yield check()
            except (BotoCoreError, ClientError) as error:
                # Who deploys may be allowed less than we ask.
                yield Finding(HINT, f"{what} could not be looked at: {_one_line(error)}")

    def _checks(self) -> Sequence[tuple[str, Callable[[], Finding]]]:
        return (
            ("the bootstrap", self._bootstrap),
            ("the stack", self._stack),
            ("names", self._names),
            *((("the bucket", self._bucket),) if self.settings.bucket else ()),
            *((("the table", self._table),) if self.settings.table else ()),
            ("Lambda's concurrency", self._concurrency),
            ("reserved concurrency", self._reserved),
            *((("CloudFront", self._cloudfront),) if self.settings.cdn else ()),
            *((("the budget's tag", self._tag),) if self.settings.has_budget else ()),
            *((("the certificate", self._signed),) if self.settings.content_credentials else ()),
        )

    def _account(self) -> Finding:
        # STS would answer without any region.
        region = self.client("cloudformation").meta.region_name
        account = self.client("sts").get_caller_identity()["Account"]
        return Finding(OK, f"account {account} in {region}")

    def _bootstrap(self) -> Finding:
        version = 0
        with suppress(ValueError), _absent():
            found = self.client("ssm").get_parameter(Name=BOOTSTRAP)
            version = int(found["Parameter"]["Value"])
        if version >= OLDEST_BOOTSTRAP:
            return Finding(OK, f"CDK's bootstrap has version {version}")
        return Finding(PROBLEM, "CDK has not prepared this account and region: make bootstrap")

    def _stack(self) -> Finding:
        state = self._state()
        if state is None:
            return Finding(OK, f"{self.stack} will be new")
        if state.endswith("_IN_PROGRESS") and state != "REVIEW_IN_PROGRESS":
            return Finding(PROBLEM, f"{self.stack} is {state}: wait until that has ended")
        if state == "UPDATE_ROLLBACK_FAILED":
            remedy = f"aws cloudformation continue-update-rollback --stack-name {self.stack}"
            return Finding(PROBLEM, f"{self.stack} is {state}: {remedy}")
        if state not in STUCK:
            return Finding(OK, f"{self.stack} is there: {state}")
        remedies = (
            f"aws cloudformation update-termination-protection --stack-name {self.stack}"
            " --no-enable-termination-protection",
            f"aws cloudformation delete-stack --stack-name {self.stack}",
        )
        return Finding(PROBLEM, f"{self.stack} is {state}: {' && '.join(remedies)}")

    def _state(self) -> str | None:
        """None when there is no such stack."""
        try:
            found = self.client("cloudformation").describe_stacks(StackName=self.stack)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        return str(found["Stacks"][0]["StackStatus"])

    def _names(self) -> Finding:
        """Of a stack that is new, nothing may be there yet."""
        if self._state() is not None:
            return Finding(OK, "names are those of the stack that is there")
        taken = [*self._functions(), *self._machines(), *self._logs()]
        if taken:
            return Finding(PROBLEM, f"delete first what has our names: {', '.join(taken)}")
        return Finding(OK, "nothing has the names that it will need")

    def _functions(self) -> Iterator[str]:
        client = self.client("lambda")
        for function in ROWS:
            with _absent():
                name = f"{self.settings.name}-{function}"
                client.get_function_configuration(FunctionName=name)
                yield f"the function {name}"

    def _machines(self) -> Iterator[str]:
        for page in self.client("stepfunctions").get_paginator("list_state_machines").paginate():
            for each in page["stateMachines"]:
                if each["name"] == self.settings.name:
                    yield f"the state machine {each['name']}"

    def _logs(self) -> Iterator[str]:
        name = f"/aws/vendedlogs/states/{self.settings.name}"
        found = self.client("logs").describe_log_groups(logGroupNamePrefix=name)
        yield from (
            f"the log group {name}" for each in found["logGroups"] if each["logGroupName"] == name
        )

    def _bucket(self) -> Finding:
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html"""
        name, client = self.settings.bucket, self.client("s3")
        try:
            place = client.head_bucket(Bucket=name).get("BucketRegion")
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404:
                return Finding(OK, f"the bucket {name} is not there: it will be made, empty")
            if status == 301:
                return Finding(PROBLEM, f"the bucket {name} is in another region")
            if status == 403:
                said = "is another account's, or you may not ask for it (s3:ListBucket)"
                return Finding(PROBLEM, f"the bucket {name} {said}")
            raise
        here = self.client("cloudformation").meta.region_name
        if place and place != here:
            return Finding(PROBLEM, f"the bucket {name} is in {place}, and the stage in {here}")
        return self._free("bucket", name)

    def _table(self) -> Finding:
        name = self.settings.table
        found = None
        with _absent():
            found = self.client("dynamodb").describe_table(TableName=name)["Table"]
        if found is None:
            return Finding(OK, f"the table {name} is not there: it will be made, empty")
        if {each["AttributeName"]: each["KeyType"] for each in found["KeySchema"]} != KEYS:
            return Finding(PROBLEM, f"the table {name} is no table of ours: its keys are others")
        if found["TableStatus"] != "ACTIVE":
            return Finding(PROBLEM, f"the table {name} is {found['TableStatus']}: wait for it")
        return self._free("table", name)

    def _free(self, what: str, name: str) -> Finding:
        """Whether it is no other stack's: only what is nobody's is taken over.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
        """
        try:
            asked = self.client("cloudformation").describe_stack_resources
            found = asked(PhysicalResourceId=name)["StackResources"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            found = []
        owners = {each["StackName"] for each in found} - {self.stack}
        if owners:
            return Finding(PROBLEM, f"the {what} {name} is of the stack {', '.join(owners)}")
        return Finding(OK, f"the {what} {name} is there, and of no other stack")

    def _concurrency(self) -> Finding:
        """Of those that reserve none: they share what is left, and who asks must find room too."""
        most = self.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        reserved = self.settings.reserved_concurrency
        shared = most - sum(reserved.values())
        if reserved and shared < UNRESERVED:
            said = f"Lambda lets you reserve {max(0, most - UNRESERVED)}: less reserved_concurrency"
            return Finding(PROBLEM, f"{said}, or a higher quota (L-B99A9384)")
        room = shared - sum(function not in reserved for function in CALLED)
        if self.settings.tasks_at_once > room and not reserved.keys() >= {*TASKED}:
            left = f", of which {shared} are not reserved" if reserved else ""
            said = f"this account runs {most} functions at once{left}: say"
            row = f'"tasks_at_once": {max(1, room)} in the row of {self.settings.stage} in cdk.json'
            return Finding(PROBLEM, f"{said} {row}, or ask for more (L-B99A9384)")
        return Finding(OK, f"{most} functions may run at once")

    def _reserved(self) -> Finding:
        """What is reserved is also the most that a function gets."""
        reserved, wanted = self.settings.reserved_concurrency, self.settings.tasks_at_once
        if stopped := [name for name, most in reserved.items() if most < 1]:
            return Finding(PROBLEM, f"with none reserved {', '.join(stopped)} would never run")
        few = [name for name in TASKED if reserved.get(name, wanted) < wanted]
        if few:
            said = f"less is reserved for {', '.join(few)} than tasks_at_once, {wanted}"
            return Finding(HINT, f"{said}: what is too much waits, and rings as throttled")
        return Finding(OK, "nothing is reserved that tasks would wait for")

    def _cloudfront(self) -> Finding:
        found = self.client("cloudfront").list_distributions(MaxItems="1")
        if found["DistributionList"].get("Items"):
            return Finding(OK, "CloudFront has a distribution in this account")
        said = "CloudFront may have to verify an account that never had a distribution, and nobody"
        row = f'"cdn": false in the row of {self.settings.stage} in cdk.json'
        remedy = f"ask AWS Support, or do without it: {row}"
        return Finding(HINT, f"{said} can ask it before. If it refuses, {remedy}")

    def _tag(self) -> Finding:
        """https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostAllocationTag.html"""
        found = self.client("ce").list_cost_allocation_tags(TagKeys=[TAG], Status="Active")
        if found["CostAllocationTags"]:
            return Finding(OK, f"costs are known by the tag '{TAG}'")
        said = f"the budget sees no costs until the tag '{TAG}' is active, a day after it is first"
        activating = (
            "aws ce update-cost-allocation-tags-status --cost-allocation-tags-status"
            f" TagKey={TAG},Status=Active"
        )
        return Finding(HINT, f"{said} deployed, in the account that pays: {activating}")

    def _signed(self) -> Finding:
        """A stage that is not there yet can have none."""
        found, name = None, credentials_secret(self.stack)
        with _absent():
            found = self.client("secretsmanager").describe_secret(SecretId=name)
        if found and not found.get("DeletedDate"):
            return Finding(OK, f"movies are signed with the certificate in {name}")
        how = HINT if self._state() is None else PROBLEM
        command = f"resplice sign certificate CHAIN KEY --stage {self.settings.stage}"
        said = "content_credentials is true: without a certificate every movie is refused"
        return Finding(how, f"{said}; once the stage is there: {command}")


@contextmanager
def _absent() -> Iterator[None]:
    """What is not there ends the block quietly; every other refusal is raised."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def main(argv: Sequence[str] | None = None) -> int:
    """0 when nothing would stop the deployment."""
    parser = argparse.ArgumentParser(prog="python -m infra.preflight", description=__doc__)
    parser.add_argument("--stage", default="dev")
    try:
        settings = _settings(parser.parse_args(argv).stage)
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return 1
    found = []
    for finding in Preflight(shell_client(), settings).findings():
        print(f"{finding.how:8}{finding.said}", flush=True)
        found.append(finding.how)
    return int(PROBLEM in found)


def _settings(stage: str) -> Settings:
    """As cdk.json says. Raises WrongSettings."""
    context = json.loads(CONTEXT.read_text())["context"]
    return parsed(stage, PYTHON, row_of(stage, context["stages"]))


if __name__ == "__main__":
    sys.exit(main())
