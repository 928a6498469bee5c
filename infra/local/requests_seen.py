"""What functions ask of AWS, as the rights that AWS would want for it: moto asks for none.

Whose rights suffice is not judged here.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

ARN = "arn:aws"
OF_OBJECTS = {
    ("GET", ""): "GetObject",
    ("HEAD", ""): "GetObject",
    ("PUT", ""): "PutObject",
    ("POST", "uploads"): "PutObject",
    ("PUT", "partNumber uploadId"): "PutObject",
    ("POST", "uploadId"): "PutObject",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("DELETE", ""): "DeleteObject",
}
"""By method and the names in the query."""
OF_BUCKETS = {("HEAD", ""), ("GET", "list-type")}
OF_SECRETS = {"GetSecretValue": "SecretId", "CreateSecret": "Name", "DescribeSecret": "SecretId"}
"""Each with what says its name."""
OF_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
MORE_RIGHTS = ("HTTP_X_AMZ_ACL", "HTTP_X_AMZ_GRANT", "HTTP_X_AMZ_TAGGING", "HTTP_X_AMZ_OBJECT_LOCK")
"""Headers of S3 that want actions of their own."""

SPEECH = "/v1/speech"
PROFILES = ("us", "eu", "apac", "global")

_MODEL = re.compile(r"/model/([^/]+)/invoke")
_INVOKES = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_PARTITION = re.compile(r"^\s*#(\w+) = (:\w+)")
_KIND = re.compile(
    rf"{ARN}:s3:::[^/]+/[^/]+/|{ARN}:states:.+:execution:[^:]+:|{ARN}:transcribe:.+/|"
    r"[^:/#]+#([^/]+/)?|runs/heard/"
)
"""The beginning of a resource or of a partition key that many have in common. No role may tell
finer kinds apart, or one of each would be too few.
"""


class UnknownRequest(Exception):
    """A function asked something of which we do not know what rights it takes."""


@dataclass(frozen=True)
class Asked:
    """A right that somebody (a function's short name) needed.

    context: the condition keys of the request that roles look at, with their values.
    """

    who: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """One request as it came in. target: of services that are told what to do by a header."""

    who: str
    service: str
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    target: str
    body: bytes


def read(environ: dict[str, Any], who: str, service: str) -> Request:
    """Leaves the body to be read once more; that of an upload is not looked at."""
    target, body = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2], b""
    if target:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    headers = {name: each for name, each in environ.items() if name.startswith("HTTP_")}
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    return Request(who, service, method, path, query, headers, target, body)


class RequestsSeen:
    """Keeps one of each kind, so it stays small. Safe to use from many threads."""

    def __init__(self, account: str, region: str) -> None:
        self._place = f"{region}:{account}"
        self._kinds: dict[tuple[str, ...], Asked] = {}
        self._unknown: dict[tuple[str, ...], str] = {}
        self._lock = threading.Lock()

    def note(self, request: Request, status: str) -> None:
        """status: what the answer began with."""
        try:
            needed = list(self._needed(request, status))
        except (UnknownRequest, LookupError, TypeError, ValueError) as error:
            kind = request.who, request.service, request.method, request.target
            with self._lock:
                self._unknown.setdefault(kind, f"{' '.join(kind)} {request.path}: {error!r}")
            return
        with self._lock:
            for asked in needed:
                self._kinds.setdefault(_kind(asked), asked)

    def all(self) -> frozenset[Asked]:
        """One of each kind. Raises UnknownRequest, as long as there has been one."""
        with self._lock:
            if self._unknown:
                raise UnknownRequest("; ".join(self._unknown.values()))
            return frozenset(self._kinds.values())

    def _needed(self, request: Request, status: str) -> Iterator[Asked]:
        if request.who == "":
            raise UnknownRequest("a function that does not say which it is")
        if request.service == "s3":
            yield from _of_s3(request, status)
        elif request.service == "dynamodb":
            for verb, resource, key in _of_table(request.target, json.loads(request.body)):
                arn = f"{ARN}:dynamodb:{self._place}:table/{resource}"
                context = (("dynamodb:LeadingKeys", key),)
                yield Asked(request.who, f"dynamodb:{verb}", arn, context)
        elif request.service == "states":
            named = dict.fromkeys(("DescribeExecution", "StopExecution"), "executionArn")
            named["StartExecution"] = "stateMachineArn"
            resource = json.loads(request.body)[named[request.target]]
            yield Asked(request.who, f"states:{request.target}", resource)
        elif request.service == "secretsmanager" and request.target in OF_SECRETS:
            secret = f"secret:{json.loads(request.body)[OF_SECRETS[request.target]]}-xxxxxx"
            arn = f"{ARN}:secretsmanager:{self._place}:{secret}"
            yield Asked(request.who, f"secretsmanager:{request.target}", arn)
        elif request.service == "polly" and (request.method, request.path) == ("POST", SPEECH):
            yield Asked(request.who, "polly:SynthesizeSpeech", "*")
        elif request.service == "transcribe":
            place = f"{ARN}:transcribe:{self._place}:transcription-job"
            yield from _of_jobs(request, place)
        elif request.service == "bedrock" and (model := _MODEL.fullmatch(request.path)):
            for resource in self._models(unquote(model[1])):
                yield Asked(request.who, "bedrock:InvokeModel", resource)
        elif request.service == "lambda" and (invokes := _INVOKES.fullmatch(request.path)):
            yield Asked(request.who, "lambda:InvokeFunction", unquote(invokes[1]))
        else:
            raise UnknownRequest("another service, or another of its requests")

    def _models(self, name: str) -> Iterator[str]:
        """The name of a profile begins with where its models are: then both are asked."""
        region = self._place.partition(":")[0]
        where, _, rest = name.partition(".")
        if where in PROFILES:
            yield f"{ARN}:bedrock:{self._place}:inference-profile/{name}"
        yield f"{ARN}:bedrock:{region}::foundation-model/{rest if where in PROFILES else name}"


def _of_jobs(request: Request, place: str) -> Iterator[Asked]:
    """Transcribe reads and writes objects with the rights of who starts a job."""
    said = json.loads(request.body)
    if request.target == "StartTranscriptionJob":
        bucket, key = said["OutputBucketName"], said["OutputKey"]
        result = (("transcribe:OutputBucketName", bucket), ("transcribe:OutputKey", key))
        yield Asked(request.who, "transcribe:StartTranscriptionJob", "*", result)
        sound = said["Media"]["MediaFileUri"].removeprefix("s3://")
        yield Asked(request.who, "s3:GetObject", f"{ARN}:s3:::{sound}")
        yield Asked(request.who, "s3:PutObject", f"{ARN}:s3:::{bucket}/{key}")
    elif request.target in ("GetTranscriptionJob", "DeleteTranscriptionJob"):
        name = said["TranscriptionJobName"]
        yield Asked(request.who, f"transcribe:{request.target}", f"{place}/{name}")
    else:
        raise UnknownRequest("of jobs")


def _of_s3(request: Request, status: str) -> Iterator[Asked]:
    bucket, _, key = request.path.removeprefix("/").partition("/")
    how = request.method, " ".join(sorted(request.query))
    if any(name.startswith(MORE_RIGHTS) for name in request.headers):
        raise UnknownRequest("with rights, tags or locks")
    listing = Asked(request.who, "s3:ListBucket", f"{ARN}:s3:::{bucket}")
    if not key:
        if (how[0], "list-type" if "list-type" in request.query else how[1]) not in OF_BUCKETS:
            raise UnknownRequest("of a bucket")
        prefix = request.query.get("prefix", [""])[0]
        yield Asked(listing.who, listing.action, listing.resource, (("s3:prefix", prefix),))
        return
    resource = f"{ARN}:s3:::{bucket}/{key}"
    yield Asked(request.who, f"s3:{OF_OBJECTS[how]}", resource)
    if request.headers.get("HTTP_IF_MATCH", "*") != "*":
        # To compare an ETag is to read, whatever is done then.
        yield Asked(request.who, "s3:GetObject", resource)
    if source := request.headers.get("HTTP_X_AMZ_COPY_SOURCE"):
        copied = unquote(source).removeprefix("/")
        yield Asked(request.who, "s3:GetObject", f"{ARN}:s3:::{copied}")
    if request.method in ("GET", "HEAD") and status.startswith("404"):
        yield listing


def _of_table(verb: str, said: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Verbs, the tables or indexes that they are for, and their partition keys."""
    if verb == "TransactWriteItems":
        for part in said["TransactItems"]:
            for name, write in part.items():
                yield from _of_table(OF_PARTS[name], write)
    elif verb == "BatchGetItem":
        for table, wanted in said["RequestItems"].items():
            for key in wanted["Keys"]:
                yield verb, table, key["pk"]["S"]
    elif verb == "Query":
        partition = _PARTITION.match(said["KeyConditionExpression"])
        if not partition:
            raise UnknownRequest(said["KeyConditionExpression"])
        [key] = said["ExpressionAttributeValues"][partition[2]].values()
        index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
        yield verb, f"{said['TableName']}{index}", key
    elif verb in OF_PARTS.values() or verb == "GetItem":
        item = said["Item"] if verb == "PutItem" else said["Key"]
        yield verb, said["TableName"], item["pk"]["S"]
    else:
        raise UnknownRequest("of the table")


def _kind(asked: Asked) -> tuple[str, ...]:
    values = (asked.resource, *(value for each in asked.context for value in each))
    kinds = (beginning[0] if (beginning := _KIND.match(value)) else value for value in values)
    return asked.who, asked.action, *kinds
