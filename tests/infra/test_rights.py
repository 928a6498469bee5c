"""What each role may do: what its work needs, to the letter, and nothing that a star would add."""

from __future__ import annotations

import json
from typing import Any

import pytest
import synthesized
from resplice.core import lane
from resplice.wiring.functions import SECRETS

from infra.rows import ROWS

XRAY = {
    *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
}
NAMELESS = ("xray:", "logs:", "polly:SynthesizeSpeech", "transcribe:StartTranscriptionJob")
"""Actions for which AWS has no resource to name."""


PAYING = ("speak", "transcribe", "generate")
"""Who makes elements that cost money."""


def granted(name: str) -> dict[str, set[str]]:
    """Action to the resources that the role of a function may do it on."""
    found: dict[str, set[str]] = {}
    for statement in synthesized.statements(name):
        assert statement["Effect"] == "Allow"
        for action in synthesized.texts(statement["Action"]):
            found.setdefault(action, set()).update(synthesized.texts(statement["Resource"]))
    return found


def bucket() -> str:
    return f"<{synthesized.logical_id('Storage', 'AWS::S3::Bucket')}.Arn>"


def table() -> str:
    return f"<{synthesized.logical_id('Storage', 'AWS::DynamoDB::Table')}.Arn>"


def objects(*prefixes: str) -> set[str]:
    return {f"{bucket()}/{prefix}/*" for prefix in prefixes}


def own_log(name: str) -> set[str]:
    group = synthesized.functions()[name]["LoggingConfig"]["LogGroup"]["Ref"]
    return {f"<{group}.Arn>"}


def test_a_scene_reads_elements_and_writes_scenes_and_may_do_nothing_else() -> None:
    assert granted("scene") == {
        "logs:CreateLogStream": own_log("scene"),
        "logs:PutLogEvents": own_log("scene"),
        **{action: {"*"} for action in XRAY},
        "s3:ListBucket": {bucket()},
        "s3:GetObject": objects("elements", "scenes", "runs"),
        "s3:PutObject": objects("scenes"),
        "s3:AbortMultipartUpload": objects("scenes"),
        "s3:DeleteObject": objects("scenes"),
        "dynamodb:UpdateItem": {table()},
    }


@pytest.mark.parametrize(
    ("name", "reads", "writes", "deletes"),
    [
        (
            "api",
            ["elements", "scenes", "movies", "components", "media"],
            ["movies", "media"],
            ["elements", "scenes", "movies", "media"],
        ),
        (
            "prepare",
            ["elements", "runs", "components", "media"],
            ["elements", "runs"],
            ["elements", "runs"],
        ),
        *(
            (name, ["elements", "runs", "media"], ["elements", "runs"], ["elements", "runs"])
            for name in ("element", "paint")
        ),
        *(
            (name, ["elements", "runs"], ["elements", "runs"], ["elements", "runs"])
            for name in PAYING
        ),
        ("plan", ["scenes", "runs"], ["scenes", "runs"], ["scenes", "runs"]),
        (
            "movie",
            ["elements", "scenes", "movies", "runs"],
            ["scenes", "movies", "runs"],
            ["scenes", "runs"],
        ),
        (
            "lane",
            ["elements", "runs", "components", "media", "scenes", "movies"],
            ["elements", "runs", "scenes", "movies"],
            ["elements", "runs", "scenes"],
        ),
        ("finish", ["movies", "runs"], ["movies", "runs"], ["movies", "runs"]),
        ("deliver", ["movies"], [], []),
    ],
)
def test_each_function_has_its_own_part_of_the_bucket(
    name: str, reads: list[str], writes: list[str], deletes: list[str]
) -> None:
    may = granted(name)
    assert may["s3:GetObject"] == objects(*reads)
    assert may.get("s3:PutObject", set()) == objects(*writes)
    assert may.get("s3:AbortMultipartUpload", set()) == objects(*writes)
    assert may.get("s3:DeleteObject", set()) == objects(*deletes)
    every = synthesized.statements(name)
    (listing,) = [each for each in every if each["Action"] == "s3:ListBucket"]
    seen = listing["Condition"]["StringLikeIfExists"]["s3:prefix"]
    assert synthesized.texts(seen) == {f"{prefix}/*" for prefix in {*reads, *writes}}


def test_only_those_that_keep_records_reach_the_table() -> None:
    """And only those that list projects, or look for what nobody finished, reach an index."""
    verbs = {
        "api": ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem", "Query"],
        "prepare": ["GetItem", "UpdateItem", "Query"],
        "element": ["GetItem", "PutItem"],
        "paint": ["GetItem", "PutItem"],
        **{paying: ["GetItem", "PutItem", "UpdateItem"] for paying in PAYING},
        "plan": ["UpdateItem"],
        "scene": ["UpdateItem"],
        "finish": ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem"],
        "deliver": ["GetItem", "UpdateItem", "Query"],
        "lane": ["GetItem", "PutItem", "UpdateItem", "Query"],
    }
    for name in ROWS:
        may = {each: to for each, to in granted(name).items() if each.startswith("dynamodb:")}
        wanted = {f"dynamodb:{verb}": {table()} for verb in verbs.get(name, ())}
        for index in {"api": ["by_owner"], "finish": ["open", "by_owner"]}.get(name, ()):
            wanted["dynamodb:Query"].add(f"{table()}/index/{index}")
        assert may == wanted


def test_the_lane_may_do_with_records_what_each_of_its_steps_may_and_no_more() -> None:
    """So it puts pointers to elements, and counts, but rewrites no project as it likes."""

    def rules(name: str) -> set[str]:
        every = synthesized.statements(name)
        about = [each for each in every if "dynamodb:" in str(each["Action"])]
        return {json.dumps(each, sort_keys=True) for each in about}

    assert rules("lane") == set().union(*map(rules, lane.PARTS))
    (puts,) = [json.loads(each) for each in rules("lane") if "dynamodb:PutItem" in each]
    keys = puts["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert keys == "pointer#elements/*" or keys == ["pointer#elements/*"]


def test_the_lane_reads_no_secret_starts_and_ends_nothing_and_reaches_no_provider() -> None:
    """It reads foreign bytes as `element` and `scene` do, and has no right that none of its steps
    has, but to call other functions of ours.
    """
    own = {action for action in granted("lane") if not action.startswith("logs:")}
    steps = {action for part in lane.PARTS for action in granted(part)}
    assert own - steps == {"lambda:InvokeFunction"}
    others = [each for each in own if each.startswith(("secretsmanager:", "states:", "polly:"))]
    assert others == ["secretsmanager:DescribeSecret"], "whether there is one, not what it says"


@pytest.mark.parametrize("name", ["element", "paint", *PAYING])
def test_who_makes_elements_reaches_only_their_pointers(name: str) -> None:
    """And who pays for them also leases, so that one at a time does."""
    (about,) = [
        each
        for each in synthesized.statements(name)
        if "dynamodb:GetItem" in synthesized.texts(each["Action"])
    ]
    keys = ["pointer#elements/*", *["lease#make/elements/*"] * (name in PAYING)]
    assert about["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


@pytest.mark.parametrize("name", ["plan", "scene"])
def test_who_renders_counts_what_is_rendered_and_reaches_no_other_record(name: str) -> None:
    (about,) = [
        each
        for each in synthesized.statements(name)
        if "dynamodb:UpdateItem" in synthesized.texts(each["Action"])
    ]
    keys = ["progress#*", *["counter#ALL#*", "counter#key/*"] * (name == "plan")]
    assert about["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def test_only_the_api_stops_executions_and_only_of_this_machine() -> None:
    states = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
    may = {name: granted(name).get("states:StopExecution") for name in ROWS}
    assert may.pop("api") == {f"{states}:execution:resplice-dev:*"}
    assert set(may.values()) == {None}


def named(secret: str) -> set[str]:
    """As AWS names it when it is there, and when it is not."""
    return {f"{secret}-??????", secret}


def test_nobody_reads_secrets_who_is_not_said_to() -> None:
    secrets = "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret"
    for name in ROWS:
        may = {each: to for each, to in granted(name).items() if "secretsmanager" in each}
        read = {"secretsmanager:GetSecretValue": {f"{secrets}:Resplice-dev/connections/*"}}
        if name == "deliver":
            signing = named(f"{secrets}:Resplice-dev/webhook")
            read["secretsmanager:GetSecretValue"] |= signing
            read["secretsmanager:CreateSecret"] = signing
        kept = (named(f"{secrets}:Resplice-dev/{each}") for each in ("signing", "credentials"))
        attests = {"secretsmanager:GetSecretValue": set[str]().union(*kept)}
        foresees = {"secretsmanager:DescribeSecret": named(f"{secrets}:Resplice-dev/credentials")}
        others = {"finish": attests, "prepare": foresees, "lane": foresees}.get(name, {})
        assert may == (read if name in SECRETS else others)
    assert not SECRETS & {"api", "prepare", "plan", "scene", "movie", "finish"}


def test_only_who_speaks_speaks_and_only_who_listens_has_jobs_of_this_bucket() -> None:
    services = ("polly:", "transcribe:", "bedrock:")
    may = {
        name: {each: to for each, to in granted(name).items() if each.startswith(services)}
        for name in ROWS
    }
    bucket_name = f"<{synthesized.logical_id('Storage', 'AWS::S3::Bucket')}>"
    here = "arn:<AWS::Partition>:transcribe:<AWS::Region>:<AWS::AccountId>"
    jobs = {f"{here}:transcription-job/{bucket_name}-*"}
    assert {name: rights for name, rights in may.items() if rights} == {
        "speak": {"polly:SynthesizeSpeech": {"*"}},
        "transcribe": {
            "transcribe:StartTranscriptionJob": {"*"},
            "transcribe:GetTranscriptionJob": jobs,
            "transcribe:DeleteTranscriptionJob": jobs,
        },
    }
    (starting,) = [
        each
        for each in synthesized.statements("transcribe")
        if each["Action"] == "transcribe:StartTranscriptionJob"
    ]
    results = starting["Condition"]["StringLike"]
    assert synthesized.text(results["transcribe:OutputBucketName"]) == bucket_name
    assert results["transcribe:OutputKey"] == "runs/heard/*"


def test_only_api_and_finish_start_executions_and_only_of_this_machine() -> None:
    states = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
    may = {name: granted(name) for name in ROWS}
    starters = {name for name in may if "states:StartExecution" in may[name]}
    assert starters == {"api", "finish"}
    for name in starters:
        assert may[name]["states:StartExecution"] == {f"{states}:stateMachine:resplice-dev"}
        assert may[name]["states:DescribeExecution"] == {f"{states}:execution:resplice-dev:*"}
    assert {name for name in may if "sqs:SendMessage" in may[name]} == {"finish"}


def test_only_who_ends_projects_calls_who_tells_of_it() -> None:
    here = "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>"
    deliver = f"{here}:function:resplice-dev-deliver:live"
    may = {name: granted(name).get("lambda:InvokeFunction") for name in ROWS}
    called = {f"{here}:function:resplice-dev-{name}:*" for name in lane.CALLED}
    assert may.pop("lane") == called
    assert {name: to for name, to in may.items() if to} == {"api": {deliver}, "finish": {deliver}}


def test_who_tells_reaches_only_what_it_tells_of() -> None:
    (about,) = [
        each
        for each in synthesized.statements("deliver")
        if "dynamodb:GetItem" in synthesized.texts(each["Action"])
    ]
    keys = ["project#*", "outbox#*", "connections*"]
    assert about["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def roles() -> list[dict[str, Any]]:
    return list(synthesized.resources("AWS::IAM::Role").values())


def test_no_action_has_a_star_and_no_resource_is_one_that_could_be_named() -> None:
    for role in roles():
        assert "ManagedPolicyArns" not in role
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = synthesized.texts(statement["Action"])
                assert not any("*" in action for action in actions)
                if "*" in synthesized.texts(statement["Resource"]):
                    assert all(action.startswith(NAMELESS) for action in actions)
    assert synthesized.resources("AWS::IAM::Policy") == {}


def test_the_workflow_calls_our_functions_and_nothing_else() -> None:
    (role,) = [each for each in roles() if "states.amazonaws.com" in str(each)]
    (policy,) = role["Policies"]
    calls = policy["PolicyDocument"]["Statement"][0]
    functions = synthesized.resources("AWS::Lambda::Function")
    assert calls["Action"] == "lambda:InvokeFunction"
    assert synthesized.texts(calls["Resource"]) == {f"<{name}.Arn>:*" for name in functions}


def test_the_workflow_looks_after_its_children_by_both_forms_of_their_names() -> None:
    """Those of the documentation, and those that children of a map with a label have."""
    (role,) = [each for each in roles() if "states.amazonaws.com" in str(each)]
    (policy,) = role["Policies"]
    (children,) = [
        each
        for each in policy["PolicyDocument"]["Statement"]
        if "states:DescribeExecution" in synthesized.texts(each["Action"])
    ]
    executions = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:resplice-dev"
    assert set(children["Action"]) == {"states:DescribeExecution", "states:StopExecution"}
    assert synthesized.texts(children["Resource"]) == {f"{executions}:*", f"{executions}/*"}


def test_the_world_is_only_ever_refused() -> None:
    kinds = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
    policies = [each for kind in kinds for each in synthesized.resources(kind).values()]
    assert len(policies) == len(kinds)
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            everyone = statement["Principal"] in ("*", {"AWS": "*"})
            assert statement["Effect"] == ("Deny" if everyone else "Allow")
    for permission in synthesized.resources("AWS::Lambda::Permission").values():
        assert permission["Principal"] != "*"
        assert "SourceArn" in permission


def test_cloudfront_reads_movies_and_files_of_owners_and_nothing_else() -> None:
    """No manifest: that is beside its movie, and its owner's to show."""
    (policy,) = synthesized.resources("AWS::S3::BucketPolicy").values()
    (allowed,) = [
        each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"
    ]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    (movies,), endings = objects("movies"), ("mp4", "ass", "jpg", "png")
    public = {*objects("media"), *(f"{movies}.{ending}" for ending in endings)}
    assert {*synthesized.texts(allowed["Resource"])} == public
    distribution = synthesized.logical_id("Movies", "AWS::CloudFront::Distribution")
    (source,) = synthesized.texts(allowed["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert source.endswith(f":distribution/<{distribution}>")
