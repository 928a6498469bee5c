"""What cdk-nag's AwsSolutions rules find in the stack and we accept, each with its reason.

Everything that is not here stops the synthesis.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
from constructs import IConstruct
from resplice.core import lane
from resplice.wiring.functions import secrets_prefix

from infra.rights import MAKERS_OF_MODELS
from infra.rows import COMPONENTS, MEDIA, ROWS
from infra.settings import DAYS_KEPT, Settings

RULES = (
    ("Storage/Objects", "S1", "only our roles and CloudFront can read, and objects hold no secret"),
    ("Movies/Distribution", "CFR1", "whoever may see a movie may be anywhere"),
    ("Movies/Distribution", "CFR2", "serves immutable files; there is nothing to inject into"),
    ("Movies/Distribution", "CFR3", "movies have names nobody can guess; the API logs who asked"),
    ("Movies/Distribution", "CFR4", "CloudFront's own name allows no other choice of TLS versions"),
    ("Functions", "L1", "the wheels in the layers and the tests are for this version of Python"),
    ("Undelivered", "SQS3", "is itself the queue for what could not be delivered"),
    (
        "Workflow/Workflow",
        "SF1",
        "Step Functions keeps each execution's history; errors are logged",
    ),
    (
        "Api/Http",
        "APIG4",
        "the function checks the key: JSON2Video's refusals are 400 in its words",
    ),
)
"""Where, which rule, and why it is all right."""

KEYS = "keys are fingerprints: a prefix is the finest that can be named"
NAMES = "components are the users' to name"
FILES = "files are their owners' to name"
NAMELESS = "X-Ray and the deliveries of logs have no ARNs to name"
UNNAMED = (
    "X-Ray, what Polly says and jobs of Transcribe that are not yet there have no ARNs to name"
)
JOBS = "jobs are named by the bucket and by what is heard in them"
MODELS = "which model is said by who writes a movie, and a profile chooses the region"
PROJECTS = "executions are named by their projects"
CONNECTIONS = "connections are the operator's to name"
VERSIONS = "an execution calls the versions that it began with"


def accept(stack: Stack, settings: Settings) -> None:
    """Note the accepted findings where they are. Raises RuntimeError for a place that is gone."""
    for place, rule, reason in RULES:
        if place.startswith("Movies/") and not settings.cdn:
            continue
        _acknowledge(_at(stack, place), rule, reason)
    for place, resource, reason in _wildcards(stack, settings):
        _acknowledge(_at(stack, place), f"IAM5[Resource::{resource}]", reason)


def _wildcards(stack: Stack, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Each resource with a star that a role names, as cdk-nag writes it."""
    bucket, bucket_name = _arn(stack, "Storage/Objects"), f"<{_id(stack, 'Storage/Objects')}>"
    here = "<AWS::Region>:<AWS::AccountId>"
    execution = f"arn:<AWS::Partition>:states:{here}:execution"
    secrets = f"arn:<AWS::Partition>:secretsmanager:{here}:secret"
    jobs = f"arn:<AWS::Partition>:transcribe:{here}:transcription-job"
    bedrock = "arn:<AWS::Partition>:bedrock:*"
    yield "Functions", "*", UNNAMED
    yield "Workflow/Role", "*", NAMELESS
    for prefix in DAYS_KEPT:
        yield "Functions", f"{bucket}/{prefix}*", KEYS
    yield "Functions", f"{bucket}/{COMPONENTS}*", NAMES
    yield "Functions", f"{bucket}/{MEDIA}*", FILES
    yield "Workflow/Role", f"{bucket}/runs/*", KEYS
    yield "Functions", f"{execution}:{settings.name}:*", PROJECTS
    yield "Functions", f"{secrets}:{secrets_prefix(stack.stack_name)}*", CONNECTIONS
    yield "Functions", f"{jobs}/{bucket_name}-*", JOBS
    for maker in MAKERS_OF_MODELS:
        yield "Functions", f"{bedrock}::foundation-model/{maker}.*", MODELS
        profiles = f"arn:<AWS::Partition>:bedrock:{here}:inference-profile"
        yield "Functions", f"{profiles}/*.{maker}.*", MODELS
    for mark in (":", "/"):
        yield "Workflow/Role", f"{execution}:{settings.name}{mark}*", PROJECTS
    called = f"arn:<AWS::Partition>:lambda:{here}:function:{settings.name}"
    for function in lane.CALLED:
        yield "Functions", f"{called}-{function}:*", VERSIONS
    for function in ROWS:
        yield "Workflow/Role", f"{_arn(stack, f'Functions/{function.title()}')}:*", VERSIONS


def _acknowledge(place: IConstruct, rule: str, reason: str) -> None:
    rule = f"AwsSolutions::AwsSolutions-{rule}"
    Validations.of(place).acknowledge(Acknowledgment(id=rule, reason=reason))


def _at(stack: Stack, place: str) -> IConstruct:
    found: IConstruct = stack
    for name in place.split("/"):
        found = found.node.find_child(name)
    return found


def _arn(stack: Stack, place: str) -> str:
    return f"<{_id(stack, place)}.Arn>"


def _id(stack: Stack, place: str) -> str:
    element = _at(stack, place).node.default_child
    assert isinstance(element, CfnElement)
    return str(stack.get_logical_id(element))
