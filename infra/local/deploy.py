"""A synthesized stack (cdk.out) to moto: its assets to S3, its template to CloudFormation."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from moto.s3.models import s3_backends

from infra.local.code_store import ELSEWHERE
from infra.local.moto_aliases import creatable
from infra.local.moto_server import REGION, Server
from infra.local.template import Substitutes, Template, localise

BOOTSTRAP_PARAMETER, BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version", "30"
CLOUDFRONT = "movies.resplice.invalid"
"""The domain of the distribution in the template, until the address that we serve replaces it."""


@dataclass(frozen=True)
class Deployed:
    """outputs: of the stack. names: physical ids by logical ids."""

    outputs: Mapping[str, str]
    names: Mapping[str, str]


def only_stack(cdk_out: Path) -> str:
    """The name of the stack in the folder. Raises LookupError unless it is the only one."""
    names = [path.name.removesuffix(".template.json") for path in cdk_out.glob("*.template.json")]
    if len(names) != 1:
        raise LookupError(f"{cdk_out} has {len(names)} stacks, not one")
    return names[0]


def deploy(server: Server, cdk_out: Path, stack_name: str, base_url: str) -> Deployed:
    """Create the stack. base_url: where the API and the movies are served."""
    template = json.loads((cdk_out / f"{stack_name}.template.json").read_text())
    _publish(server, cdk_out, json.loads((cdk_out / f"{stack_name}.assets.json").read_text()))
    server.client("ssm").put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )
    stands_for = substitutes(base_url)
    addresses = {f"https://{CLOUDFRONT}": base_url}
    local = localise(template, creatable(), stands_for, addresses)
    cloudformation = server.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack_name,
        TemplateBody=json.dumps(local),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    deployed = _deployed(cloudformation, stack_name)
    _complete(server, local, deployed.names)
    return deployed


def substitutes(base_url: str) -> Substitutes:
    """What stands for the types that moto cannot create."""
    return {
        "AWS::ApiGatewayV2::Api": {"Ref": "local", "ApiEndpoint": base_url},
        "AWS::ApiGatewayV2::Integration": {"Ref": "local"},
        "AWS::ApiGatewayV2::Route": {"Ref": "local"},
        "AWS::ApiGatewayV2::Stage": {"Ref": "$default"},
        "AWS::CDK::Metadata": {},
        "AWS::CloudFront::Distribution": {"Ref": "LOCAL", "DomainName": CLOUDFRONT},
        "AWS::CloudFront::OriginAccessControl": {"Id": "LOCAL"},
        "AWS::CloudFront::ResponseHeadersPolicy": {"Ref": "local"},
        "AWS::CloudWatch::Alarm": {"Ref": "local", "Arn": "arn:aws:cloudwatch:local"},
        "AWS::Lambda::EventInvokeConfig": {},
        "AWS::Logs::MetricFilter": {},
        "AWS::S3::BucketPolicy": {},
        "AWS::SNS::Subscription": {},
        "AWS::SNS::TopicPolicy": {},
        "AWS::SQS::QueuePolicy": {},
    }


def _publish(server: Server, cdk_out: Path, manifest: Mapping[str, Any]) -> None:
    """Into moto's own hands: over a socket it would hold each archive in memory several times."""
    backend = s3_backends[server.account]["aws"]
    for asset in manifest["files"].values():
        [destination] = asset["destinations"].values()
        bucket = destination["bucketName"].replace("${AWS::AccountId}", server.account)
        bucket = bucket.replace("${AWS::Region}", REGION)
        if bucket not in backend.buckets:
            backend.create_bucket(bucket, REGION)
        source = cdk_out / asset["source"]["path"]
        with _archive(source) if source.is_dir() else source.open("rb") as file:
            backend.put_object(bucket, destination["objectKey"], file.read())


@contextmanager
def _archive(folder: Path) -> Iterator[BinaryIO]:
    """A zip file that only says where the folder is: it does not travel."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(ELSEWHERE, str(folder.resolve()))
        file.seek(0)
        yield file


def _deployed(cloudformation: Any, stack_name: str) -> Deployed:
    [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
    resources = [each for page in pages for each in page["StackResourceSummaries"]]
    return Deployed(
        outputs={each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())},
        names={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
    )


def _complete(server: Server, template: Template, names: Mapping[str, str]) -> None:
    """What moto's CloudFormation leaves out: the table's time to live, the bucket's lifecycle."""
    for name, properties in _of_type(template, "AWS::DynamoDB::Table").items():
        if ttl := properties.get("TimeToLiveSpecification"):
            server.client("dynamodb").update_time_to_live(
                TableName=names[name], TimeToLiveSpecification=ttl
            )
    for name, properties in _of_type(template, "AWS::S3::Bucket").items():
        if lifecycle := properties.get("LifecycleConfiguration"):
            rules = [_rule(number, rule) for number, rule in enumerate(lifecycle["Rules"])]
            server.client("s3").put_bucket_lifecycle_configuration(
                Bucket=names[name], LifecycleConfiguration={"Rules": rules}
            )


def _rule(number: int, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A lifecycle rule in the words of the API."""
    said = {
        "ID": rule.get("Id", f"rule-{number}"),
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
    }
    if "ExpirationInDays" in rule:
        said["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        said["AbortIncompleteMultipartUpload"] = abort
    return said


def _of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the template's resources of a type, by name."""
    resources = template["Resources"].items()
    return {name: each.get("Properties", {}) for name, each in resources if each["Type"] == kind}
