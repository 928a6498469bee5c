"""Wiring for commands about a stage on AWS, which is found by the outputs of its stack."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from resplice.adapters.bare_logs import keep_bare
from resplice.adapters.cloudwatch.audit import GroupAudit
from resplice.adapters.content_credentials import C2paCredentials
from resplice.adapters.dynamodb.api_keys import DynamoApiKeys
from resplice.adapters.dynamodb.connections import DynamoConnections
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.dynamodb.templates import DynamoTemplates
from resplice.adapters.secrets_manager.secrets import SecretsManager
from resplice.adapters.secrets_manager.signing_secret import SigningSecret
from resplice.adapters.system_clock import SystemClock
from resplice.errors import RespliceError, StorageError
from resplice.ports import Ports
from resplice.wiring.aws import Absent
from resplice.wiring.functions import credentials_secret, secrets_prefix, signing_secret
from resplice.wiring.library import with_library

FAULTS = (BotoCoreError, ClientError, ResponseParserError, ValueError)
"""All that boto3 raises: wrong settings, no way to AWS, its refusal, an answer of somebody else."""
CLIENT = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard"})


def deployed(stage: str, region: str | None = None) -> Ports:
    """API keys, connections, templates, signer, credentials, audit, clock of a
    stage; others answer nothing.

    With the credentials of the environment; region: the environment's when None. AWS_REGION comes
    first there, as in the AWS command line; boto3 by itself does not know it.
    Raises RespliceError when there is no such stage, or AWS cannot be asked.
    """
    keep_bare()
    where = ""
    try:
        session = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None)
        where = f" in {session.region_name}" if session.region_name else ""
        stack = f"Resplice-{stage}"
        name = _output(session, stack, "TableName")
        table = DynamoTable(session.client("dynamodb", config=CLIENT), name)
        client = session.client("secretsmanager", config=CLIENT)
    except FAULTS as error:
        raise RespliceError(f"stage {stage}{where}: {_one_line(error)}") from error
    absent: dict[str, Any] = {port.name: Absent(port.name) for port in fields(Ports)}
    given = {
        "api_keys": DynamoApiKeys(table),
        "connections": DynamoConnections(table, SecretsManager(client, secrets_prefix(stack))),
        "signer": SigningSecret(client, signing_secret(stack)),
        "credentials": C2paCredentials(SigningSecret(client, credentials_secret(stack))),
        "templates": with_library(DynamoTemplates(table)),
        "audit": GroupAudit(
            lambda: session.client("logs", config=CLIENT),
            lambda: _audit_group(session, stack),
        ),
        "clock": SystemClock(),
    }
    return Ports(**{**absent, **given})


def api_url(stage: str, region: str | None = None) -> str:
    """Where the stage's API answers. region: as for `deployed`. Raises RespliceError."""
    try:
        session = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None)
        return _output(session, f"Resplice-{stage}", "ApiUrl")
    except FAULTS as error:
        raise RespliceError(f"stage {stage}: {_one_line(error)}") from error


def _output(session: boto3.Session, stack: str, name: str) -> str:
    """What the stack says under a name. Raises RespliceError, and what boto3 raises."""
    found = session.client("cloudformation", config=CLIENT).describe_stacks(StackName=stack)
    for output in found["Stacks"][0].get("Outputs", ()):
        if output["OutputKey"] == name:
            return str(output["OutputValue"])
    raise RespliceError(f"the stack {stack} has no output {name}: is it being made?")


def _audit_group(session: boto3.Session, stack: str) -> str:
    """Raises StorageError, also for a stack that was deployed before it had one."""
    try:
        return _output(session, stack, "AuditLogGroup")
    except (*FAULTS, RespliceError) as error:
        raise StorageError(_one_line(error)) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
