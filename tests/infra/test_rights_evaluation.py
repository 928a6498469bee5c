"""Policies are decided as AWS does, and requests are read as the rights that they take."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rights_evaluation import allowed

from infra.local.requests_seen import RequestsSeen, UnknownRequest, read

BUCKET = "arn:aws:s3:::things"
TABLE = "arn:aws:dynamodb:here:1:table/records"
POINTERS = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
    "Resource": TABLE,
    "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["pointer#elements/*"]}},
}
LISTING = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": BUCKET,
    "Condition": {"StringLikeIfExists": {"s3:prefix": ["runs/*", "scenes/*"]}},
}
READING = {
    "Effect": "Allow",
    "Action": "s3:Get*",
    "Resource": [f"{BUCKET}/runs/*", f"{BUCKET}/a?c"],
}
STATEMENTS = [POINTERS, LISTING, READING]


@pytest.mark.parametrize(
    ("action", "resource", "context", "may"),
    [
        ("s3:GetObject", f"{BUCKET}/runs/1/state", {}, True),
        ("S3:getobject", f"{BUCKET}/runs/1", {}, True),
        ("s3:GetObject", f"{BUCKET}/abc", {}, True),
        ("s3:GetObject", f"{BUCKET}/a/bc", {}, False),
        ("s3:GetObject", f"{BUCKET}/scenes/1", {}, False),
        ("s3:GetObject", f"{BUCKET}2/runs/1", {}, False),
        ("s3:PutObject", f"{BUCKET}/runs/1", {}, False),
        ("s3:ListBucket", BUCKET, {}, True),
        ("s3:ListBucket", BUCKET, {"s3:prefix": ["runs/1"]}, True),
        ("s3:ListBucket", BUCKET, {"s3:prefix": [""]}, False),
        ("s3:ListBucket", f"{BUCKET}/runs/1", {}, False),
        ("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": ["pointer#elements/1"]}, True),
        ("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": ["pointer#movies/1"]}, False),
        (
            "dynamodb:PutItem",
            TABLE,
            {"dynamodb:LeadingKeys": ["pointer#elements/1", "project#1"]},
            False,
        ),
        ("dynamodb:DeleteItem", TABLE, {"dynamodb:LeadingKeys": ["pointer#elements/1"]}, False),
        ("dynamodb:GetItem", f"{TABLE}/index/open", {}, False),
    ],
)
def test_what_no_statement_allows_is_denied(
    action: str, resource: str, context: dict[str, list[str]], may: bool
) -> None:
    assert allowed(STATEMENTS, action, resource, context) is may
    assert not allowed([], action, resource, context)


def test_a_star_stays_in_its_part_of_an_arn() -> None:
    statements = [{"Effect": "Allow", "Action": "a:B", "Resource": "arn:aws:a:*:1:x/*"}]
    assert allowed(statements, "a:B", "arn:aws:a:here:1:x/y:z", {})
    assert not allowed(statements, "a:B", "arn:aws:a:here:1:1:x/y", {})


@pytest.mark.parametrize(
    "odd",
    [
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"},
        {**LISTING, "Condition": {"StringNotLike": {"s3:prefix": "runs/*"}}},
    ],
)
def test_what_is_not_understood_is_no_answer(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        allowed([READING, odd], "s3:GetObject", f"{BUCKET}/runs/1", {})


def seen(
    service: str,
    method: str = "POST",
    path: str = "/",
    *,
    query: str = "",
    target: str = "",
    said: Any = None,
    status: str = "200 OK",
    who: str = "scene",
    **headers: str,
) -> set[tuple[str, str, Any]]:
    body = json.dumps(said).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **({"HTTP_X_AMZ_TARGET": f"X_2012.{target}"} if target else {}),
        **{f"HTTP_{name.upper()}": each for name, each in headers.items()},
    }
    requests = RequestsSeen("1", "here")
    requests.note(read(environ, who, service), status)
    assert environ["wsgi.input"].read() == body
    every = requests.all()
    assert {asked.who for asked in every} == {who}
    return {(each.action, each.resource, *(v for _, v in each.context)) for each in every}


@pytest.mark.parametrize(
    ("method", "query", "action"),
    [
        ("GET", "", "GetObject"),
        ("HEAD", "", "GetObject"),
        ("PUT", "", "PutObject"),
        ("POST", "uploads", "PutObject"),
        ("PUT", "partNumber=1&uploadId=x", "PutObject"),
        ("POST", "uploadId=x", "PutObject"),
        ("DELETE", "uploadId=x", "AbortMultipartUpload"),
        ("DELETE", "", "DeleteObject"),
    ],
)
def test_requests_for_objects(method: str, query: str, action: str) -> None:
    key = f"{BUCKET}/runs/1"
    assert seen("s3", method, "/things/runs/1", query=query) == {(f"s3:{action}", key)}


def test_requests_for_objects_that_take_more_than_one_right() -> None:
    key, listing = f"{BUCKET}/runs/1", ("s3:ListBucket", BUCKET)
    read_it, write = ("s3:GetObject", key), ("s3:PutObject", key)
    path = "/things/runs/1"
    assert seen("s3", "HEAD", path, status="404 NOT FOUND") == {read_it, listing}
    assert seen("s3", "PUT", path, if_match='"x"') == {read_it, write}
    assert seen("s3", "PUT", path, if_none_match="*") == {write}
    copied = seen("s3", "PUT", path, x_amz_copy_source="/other/a%2Fb")
    assert copied == {write, ("s3:GetObject", "arn:aws:s3:::other/a/b")}
    listed = seen("s3", "GET", "/things", query="list-type=2&prefix=runs%2F")
    assert listed == {(*listing, "runs/")}


def test_requests_for_records() -> None:
    def of(target: str, said: Any) -> set[Any]:
        return seen("dynamodb", target=target, said=said)

    named, key = {"TableName": "records"}, {"pk": {"S": "pointer#1"}, "sk": {"S": "x"}}
    for verb in ("GetItem", "UpdateItem", "DeleteItem"):
        assert of(verb, {**named, "Key": key}) == {(f"dynamodb:{verb}", TABLE, "pointer#1")}
    put = ("dynamodb:PutItem", TABLE, "pointer#1")
    assert of("PutItem", {**named, "Item": key}) == {put}
    parts = [{"Put": {**named, "Item": key}}, {"ConditionCheck": {**named, "Key": key}}]
    checked = ("dynamodb:ConditionCheckItem", TABLE, "pointer#1")
    assert of("TransactWriteItems", {"TransactItems": parts}) == {put, checked}
    batch = {"records": {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}]}}
    got = {("dynamodb:BatchGetItem", TABLE, key) for key in "ab"}
    assert of("BatchGetItem", {"RequestItems": batch}) == got
    query = {
        **named,
        "IndexName": "open",
        "KeyConditionExpression": "#open = :it AND #created > :then",
        "ExpressionAttributeValues": {":it": {"S": "yes"}, ":then": {"S": "0"}},
    }
    assert of("Query", query) == {("dynamodb:Query", f"{TABLE}/index/open", "yes")}


def test_requests_for_executions_secrets_and_functions() -> None:
    machine, execution = "arn:aws:states:here:1:stateMachine:m", "arn:aws:states:here:1:execution:m"
    start = {"stateMachineArn": machine, "name": "p"}
    assert seen("states", target="StartExecution", said=start) == {
        ("states:StartExecution", machine)
    }
    asked = {"executionArn": f"{execution}:p"}
    assert seen("states", target="DescribeExecution", said=asked) == {
        ("states:DescribeExecution", f"{execution}:p")
    }
    secret = seen("secretsmanager", target="GetSecretValue", said={"SecretId": "S/connections/a"})
    arn = "arn:aws:secretsmanager:here:1:secret:S/connections/a-xxxxxx"
    assert secret == {("secretsmanager:GetSecretValue", arn)}
    invoked = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Af%3A1/invocations"
    assert seen("lambda", path=invoked) == {("lambda:InvokeFunction", "arn:aws:lambda:f:1")}


def test_requests_for_speech_and_transcripts() -> None:
    spoken = seen("polly", path="/v1/speech", said={"Text": "x"})
    assert spoken == {("polly:SynthesizeSpeech", "*")}
    start = {
        "TranscriptionJobName": "things-1",
        "Media": {"MediaFileUri": "s3://things/runs/heard/1.flac"},
        "OutputBucketName": "things",
        "OutputKey": "runs/heard/1.json",
    }
    assert seen("transcribe", target="StartTranscriptionJob", said=start) == {
        ("transcribe:StartTranscriptionJob", "*", "things", "runs/heard/1.json"),
        ("s3:GetObject", f"{BUCKET}/runs/heard/1.flac"),
        ("s3:PutObject", f"{BUCKET}/runs/heard/1.json"),
    }
    for verb in ("Get", "Delete"):
        action, said = f"{verb}TranscriptionJob", {"TranscriptionJobName": "things-1"}
        job = "arn:aws:transcribe:here:1:transcription-job/things-1"
        assert seen("transcribe", target=action, said=said) == {(f"transcribe:{action}", job)}


def test_requests_for_pictures() -> None:
    model = "arn:aws:bedrock:here::foundation-model/amazon.nova-canvas-v1:0"
    own, profile = (f"/model/{name}amazon.nova-canvas-v1%3A0/invoke" for name in ("", "us."))
    assert seen("bedrock", path=own) == {("bedrock:InvokeModel", model)}
    wide = "arn:aws:bedrock:here:1:inference-profile/us.amazon.nova-canvas-v1:0"
    assert seen("bedrock", path=profile) == {
        ("bedrock:InvokeModel", wide),
        ("bedrock:InvokeModel", model),
    }


@pytest.mark.parametrize(
    "request_",
    [
        {"service": "s3", "method": "GET", "path": "/things/a", "query": "tagging"},
        {"service": "s3", "method": "POST", "path": "/things", "query": "delete"},
        {"service": "s3", "method": "PUT", "path": "/things/a", "x_amz_acl": "private"},
        {"service": "s3", "method": "GET", "path": "/things/a", "who": ""},
        {"service": "dynamodb", "target": "Scan", "said": {"TableName": "records"}},
        {"service": "dynamodb", "target": "GetItem", "said": {"TableName": "records"}},
        {"service": "states", "target": "SendTaskSuccess", "said": {"taskToken": "x"}},
        {"service": "secretsmanager", "target": "GetSecretValue", "said": {}},
        {"service": "secretsmanager", "target": "PutSecretValue", "said": {"SecretId": "x"}},
        {"service": "polly", "method": "GET", "path": "/v1/voices"},
        {"service": "transcribe", "target": "ListTranscriptionJobs", "said": {}},
        {"service": "bedrock", "path": "/model/x/converse"},
        {"service": "", "method": "GET", "path": "/"},
    ],
)
def test_no_request_is_dropped(request_: dict[str, Any]) -> None:
    with pytest.raises(UnknownRequest):
        seen(**request_)


def test_of_many_alike_one_is_kept() -> None:
    requests = RequestsSeen("1", "here")
    for number in range(50):
        for prefix in ("elements", "runs"):
            environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/things/{prefix}/{number}"}
            requests.note(read(environ, "scene", "s3"), "200 OK")
    assert {each.resource for each in requests.all()} == {
        f"{BUCKET}/elements/0",
        f"{BUCKET}/runs/0",
    }
