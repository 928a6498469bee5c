"""A synthesized stack as CDK leaves it, made by hand: small, for tests of what runs stacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.runtime import runtime_version

NAME = "Small"

LAYER = """
import json, os, time, urllib.request

def put(key, text):
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{os.environ['BUCKET']}/{key}"
    scope = "local/20260101/us-east-1/s3/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "text/plain",
        "User-Agent": f"test app/{os.environ['AWS_SDK_UA_APP_ID']}",
    }
    request = urllib.request.Request(url, text.encode(), headers, method="PUT")
    urllib.request.urlopen(request).read()

class NotFound(Exception):
    pass
"""

WORK = """
import importlib, os, subprocess, sys, tempfile, time
from words import NotFound, put

def handler(event, context):
    return globals()[event["do"]](event, context)

def look(event, context):
    found = []
    for name in ("resplice", "moto", "boto3", "pip", "infra"):
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return {
        "pid": os.getpid(), "found": found, "python": sys.version_info[:2],
        "variables": dict(os.environ), "tmp": tempfile.gettempdir(),
        "tool": subprocess.run(["tool"], capture_output=True, text=True).stdout,
        "file": open(os.path.dirname(importlib.import_module("words").__file__) + "/which").read(),
        "left_ms": context.get_remaining_time_in_millis(), "id": context.aws_request_id,
        "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb,
    }

def fail(event, context):
    raise NotFound("it is gone")

def leave(event, context):
    os._exit(3)

def sleep(event, context):
    time.sleep(event["s"])
    return os.getpid()

def odd(event, context):
    return {1, 2}

def write(event, context):
    print("writing", event.get("index", ""))
    for key in event["keys"]:
        put(key, context.aws_request_id)
    return len(event["keys"])

def item(event, context):
    if event["index"] in event["bad"]:
        raise NotFound("it is gone")
    put(f"items/{event['index']}", "x")

def once_broken(event, context):
    put(f"tries/{context.aws_request_id}", "x")
    raise ValueError("never")
"""

API = """
def handler(event, context):
    if event["rawPath"] == "/broken":
        raise ValueError
    headers = {"content-type": "text/plain", "x-version": context.function_version}
    return {"statusCode": 200, "headers": headers, "body": event["rawPath"]}
"""

FINISH = """
import json
from words import put

def handler(event, context):
    if event.get("fails"):
        raise ValueError("once more")
    put(f"told/{context.aws_request_id}", json.dumps(event))
    put(f"told-by/{context.aws_request_id}", context.function_version)
"""


def write_stack(folder: Path) -> Path:
    """The folder, filled."""
    assets = {
        "one": {
            "python/words.py": LAYER,
            "python/which": "one",
            "bin/tool": "#!/bin/sh\necho tool",
        },
        "two": {"python/which": "two"},
        "work": {"handler.py": WORK},
        "api": {"handler.py": API},
        "finish": {"handler.py": FINISH},
        "broken": {"handler.py": "import nowhere"},
    }
    for name, files in assets.items():
        for path, text in files.items():
            file = folder / f"asset.{name}" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(0o755 if "bin" in path else 0o644)
    manifest = {"files": {name: _asset(name) for name in assets}}
    (folder / f"{NAME}.assets.json").write_text(json.dumps(manifest))
    (folder / f"{NAME}.template.json").write_text(json.dumps(_template()))
    return folder


def _asset(name: str) -> dict[str, Any]:
    bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
    return {
        "source": {"path": f"asset.{name}", "packaging": "zip"},
        "destinations": {"here": {"bucketName": bucket, "objectKey": f"{name}.zip"}},
    }


def _code(name: str) -> dict[str, Any]:
    bucket = {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}
    return {"S3Bucket": bucket, "S3Key": f"{name}.zip"}


def _function(name: str) -> dict[str, Any]:
    properties = {
        "FunctionName": f"small-{name}",
        "Code": _code(name),
        "Handler": "handler.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Runtime": f"python{runtime_version()}",
        "Layers": [{"Ref": "LayerOne"}, {"Ref": "LayerTwo"}],
        "MemorySize": 256,
        "Timeout": 2,
        "Environment": {"Variables": {"BUCKET": {"Ref": "Bucket"}, "URL": _url()}},
    }
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def _alias(function: str) -> dict[str, Any]:
    properties = {
        "Name": "live",
        "FunctionName": {"Ref": function},
        "FunctionVersion": {"Fn::GetAtt": [f"{function}Version", "Version"]},
    }
    return {"Type": "AWS::Lambda::Alias", "Properties": properties}


def _url() -> dict[str, Any]:
    return {"Fn::Join": ["", ["https://", {"Fn::GetAtt": ["Distribution", "DomainName"]}, "/x"]]}


def _template() -> dict[str, Any]:
    functions = ("work", "api", "finish", "broken")
    resources: dict[str, Any] = {
        **{name.title(): _function(name) for name in functions},
        **{
            f"{name.title()}Version": {
                "Type": "AWS::Lambda::Version",
                "Properties": {"FunctionName": {"Ref": name.title()}},
            }
            for name in functions
        },
        **{f"{name.title()}Live": _alias(name.title()) for name in ("api", "finish")},
        **{
            f"Layer{name.title()}": {
                "Type": "AWS::Lambda::LayerVersion",
                "Properties": {"Content": _code(name)},
            }
            for name in ("one", "two")
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        "Distribution": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": _rules()}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": _table()},
        "Undelivered": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": _machine()},
        "BadEnds": {"Type": "AWS::Events::Rule", "Properties": _bad_ends()},
        "Sweep": {"Type": "AWS::Events::Rule", "Properties": _sweep()},
    }
    outputs = {
        "BucketName": {"Value": {"Ref": "Bucket"}},
        "TableName": {"Value": {"Ref": "Table"}},
        "StateMachineArn": {"Value": {"Fn::GetAtt": ["Machine", "Arn"]}},
    }
    return {"Resources": resources, "Outputs": outputs}


def _rules() -> dict[str, Any]:
    days = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
    return {
        "Rules": [
            {"Status": "Enabled", **days},
            {"Status": "Enabled", "Prefix": "x/", "ExpirationInDays": 3},
        ]
    }


def _table() -> dict[str, Any]:
    return {
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
    }


def _machine() -> dict[str, Any]:
    """One step, a small Map or a big one, by `how`. Texts and Refs in turns, as CDK writes it."""
    text = json.dumps(_states())
    before, *after = text.split("WORK")
    parts: list[Any] = [before]
    for part in after:
        parts += [{"Ref": "WorkVersion"}, part]
    return {
        "StateMachineName": "small",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "DefinitionString": {"Fn::Join": ["", parts]},
    }


def _states() -> dict[str, Any]:
    kinds = ("step", "small", "big")
    choices = [{"Variable": "$.how", "StringEquals": kind, "Next": kind} for kind in kinds]
    items = {
        "ItemSelector": {
            "do": "item",
            "bad.$": "$.bad",
            "index.$": "$$.Map.Item.Value.index",
        },
        "MaxConcurrency": 4,
        "ResultPath": None,
        "Catch": [
            {"ErrorEquals": [error], "ResultPath": "$.error", "Next": "Heal"}
            for error in ("NotFound", "States.ExceedToleratedFailureThreshold")
        ],
        "End": True,
    }
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket.$": "$.bucket", "Key.$": "$.items"},
    }
    return {
        "StartAt": "How",
        "States": {
            "How": {"Type": "Choice", "Choices": choices},
            "step": {**_task(), "End": True},
            "small": {
                "Type": "Map",
                "ItemsPath": "$.tasks",
                "ItemProcessor": _each("INLINE"),
                **items,
            },
            "big": {
                "Type": "Map",
                "ItemReader": reader,
                "ToleratedFailurePercentage": 40,
                "ItemProcessor": _each("DISTRIBUTED"),
                **items,
            },
            "Heal": {"Type": "Pass", "Result": True, "ResultPath": "$.healed", "End": True},
        },
    }


def _task() -> dict[str, Any]:
    retry = {
        "ErrorEquals": ["Runtime.ExitError", "Sandbox.Timedout"],
        "IntervalSeconds": 1,
        "MaxAttempts": 2,
        "BackoffRate": 1,
        "JitterStrategy": "FULL",
        "MaxDelaySeconds": 20,
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "WORK", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "TimeoutSeconds": 60,
        "Retry": [retry],
    }


def _each(mode: str) -> dict[str, Any]:
    kind = {"ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {}
    return {
        "ProcessorConfig": {"Mode": mode, **kind},
        "StartAt": "Item",
        "States": {"Item": {**_task(), "End": True}},
    }


def _bad_ends() -> dict[str, Any]:
    return {
        "EventPattern": {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {
                "stateMachineArn": [{"Fn::GetAtt": ["Machine", "Arn"]}],
                "status": ["FAILED", "TIMED_OUT", "ABORTED"],
            },
        },
        "Targets": [{"Id": "T", "Arn": {"Ref": "FinishLive"}}],
    }


def _sweep() -> dict[str, Any]:
    return {
        "ScheduleExpression": "rate(1 minute)",
        "Targets": [{"Id": "T", "Arn": {"Ref": "FinishLive"}, "Input": '{"sweep":true}'}],
    }
