"""Secrets Manager in its bad hours, as its documentation has them, and a process that dies.

A server over a real socket gives the answers that moto does not: it knows no secret on its way out.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Iterator, Mapping
from http.server import ThreadingHTTPServer
from typing import Any

import boto3
import cloud
import pytest
from botocore.config import Config
from resplice.adapters.dynamodb.connections import DynamoConnections
from resplice.adapters.dynamodb.table import DynamoTable, Item
from resplice.adapters.secrets_manager.secrets import PAUSES_SECONDS, SecretsManager
from resplice.core.providers import Connection
from resplice.errors import NotFound, StorageError
from web_server import Handler

HIDDEN = "sk-qK7hidden9"
PREFIX = "Resplice-prod/connections/"
MINE = Connection("mine", "elevenlabs")
DONE = (200, {"Name": f"{PREFIX}mine"})
CREATE, PUT, RESTORE, GET = "CreateSecret", "PutSecretValue", "RestoreSecret", "GetSecretValue"


def fault(code: str, message: str = "no") -> tuple[int, Any]:
    return 400, {"__type": code, "Message": message}


EXISTS, MISSING = fault("ResourceExistsException"), fault("ResourceNotFoundException")
LEAVING = fault("InvalidRequestException", "already scheduled for deletion")


class Asked(Handler):
    """Gives the next answer of the script."""

    server: Manager  # type: ignore[assignment]

    def do_POST(self) -> None:  # noqa: N802
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.headers["X-Amz-Target"].partition(".")[2], said))
        status, answer = self.server.script.pop(0)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.give(status, body, Content_Type="application/x-amz-json-1.1")


class Manager(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.script: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, Any]] = []
        self.slept: list[float] = []

    def secrets(self, *script: tuple[int, Any], tries: int = 1) -> SecretsManager:
        self.script = list(script)
        client = boto3.client(
            "secretsmanager",
            endpoint_url=f"http://127.0.0.1:{self.server_port}",
            region_name=cloud.REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"mode": "standard", "total_max_attempts": tries}),
        )
        return SecretsManager(client, PREFIX, self.slept.append)

    @property
    def operations(self) -> list[str]:
        assert not self.script
        return [operation for operation, _ in self.asked]


@pytest.fixture
def manager() -> Iterator[Manager]:
    with Manager() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("script", "operations"),
    [
        ([DONE], [CREATE]),
        ([EXISTS, DONE], [CREATE, PUT]),
        ([LEAVING, DONE, EXISTS, DONE], [CREATE, RESTORE, CREATE, PUT]),
        ([LEAVING, MISSING, DONE], [CREATE, RESTORE, CREATE]),
        ([LEAVING, LEAVING, LEAVING, MISSING, DONE], [CREATE, RESTORE, CREATE, RESTORE, CREATE]),
        ([EXISTS, MISSING, DONE], [CREATE, PUT, CREATE]),
        ([EXISTS, LEAVING, DONE, EXISTS, DONE], [CREATE, PUT, RESTORE, CREATE, PUT]),
    ],
)
def test_a_secret_is_made_whatever_was_there(
    manager: Manager, script: list[tuple[int, Any]], operations: list[str]
) -> None:
    manager.secrets(*script).put("mine", {"key": HIDDEN})
    assert manager.operations == operations
    assert manager.slept == list(PAUSES_SECONDS[: operations.count(CREATE) - 1])
    (name, text) = (manager.asked[-1][1].get(key) for key in ("Name", "SecretString"))
    assert json.loads(text) == {"key": HIDDEN}
    assert (name or manager.asked[-1][1]["SecretId"]) == f"{PREFIX}mine"


def test_a_secret_that_never_goes_is_told(manager: Manager) -> None:
    script = [LEAVING, LEAVING] * len(PAUSES_SECONDS)
    with pytest.raises(StorageError, match=f"{PREFIX}mine: it is still being deleted: try again"):
        manager.secrets(*script).put("mine", {"key": HIDDEN})
    assert manager.operations.count(CREATE) == len(PAUSES_SECONDS)


def test_throttling_is_waited_for_and_then_told(manager: Manager) -> None:
    slow = fault("ThrottlingException", "Rate exceeded")
    held = {"SecretString": json.dumps({"key": HIDDEN})}
    assert manager.secrets(slow, (200, held), tries=3).get("mine") == {"key": HIDDEN}
    assert manager.operations == [GET, GET]
    with pytest.raises(StorageError, match="Rate exceeded") as told:
        manager.secrets(slow).get("mine")
    assert told.value.retry


def test_a_refusal_is_told_in_the_words_of_aws_but_never_with_the_secret(manager: Manager) -> None:
    denied = fault("AccessDeniedException", "not authorized to perform: secretsmanager:Create")
    with pytest.raises(StorageError, match="not authorized to perform: secretsmanager:Create"):
        manager.secrets(denied).put("mine", {"key": HIDDEN})
    echo = fault("ValidationException", f"Value '{HIDDEN}' at 'secretString' failed")
    with pytest.raises(StorageError, match=f"{PREFIX}mine: ValidationException") as told:
        manager.secrets(echo).put("mine", {"key": HIDDEN})
    assert HIDDEN not in f"{told.value!r} {told.value.__cause__!r}"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"SecretString": HIDDEN},
        {"SecretString": f'["{HIDDEN}"]'},
        {"SecretString": f'"{HIDDEN}"'},
        {"SecretBinary": "c2VjcmV0"},
        [HIDDEN],
        f'{{"SecretString": "{HIDDEN}'.encode(),
        f"<html>{HIDDEN}".encode(),
        b"",
    ],
)
def test_what_is_no_secret_of_ours_is_told_without_it(manager: Manager, answer: Any) -> None:
    with pytest.raises(StorageError, match=f"cannot use the secret {PREFIX}mine: ") as told:
        manager.secrets((200, answer)).get("mine")
    assert HIDDEN not in f"{told.value!r} {told.value.__cause__!r}"


def test_no_way_to_secrets_manager(manager: Manager) -> None:
    secrets = manager.secrets()
    manager.server_close()
    with pytest.raises(StorageError, match="cannot use the secret"):
        secrets.remove("mine")


class DyingTable(DynamoTable):
    """A process that ends when it writes a row."""

    def put(self, item: Item) -> None:
        raise KeyboardInterrupt


class DyingSecrets(SecretsManager):
    """A process that ends when it changes a secret."""

    def put(self, id: str, secret: Mapping[str, str]) -> None:
        raise KeyboardInterrupt

    def remove(self, id: str) -> None:
        raise KeyboardInterrupt


def test_whenever_a_process_dies_who_is_listed_has_a_secret_and_doing_it_again_mends() -> None:
    client, prefix = cloud.client("secretsmanager"), f"{uuid.uuid4().hex}/"
    secrets, dynamodb, name = SecretsManager(client, prefix), cloud.client("dynamodb"), "mine"
    table = DynamoTable(dynamodb, cloud.new_table())
    connections = DynamoConnections(table, secrets)
    dying = DynamoConnections(table, DyingSecrets(client, prefix))
    with pytest.raises(KeyboardInterrupt):
        dying.add(MINE, {"key": HIDDEN})
    assert list(connections.list()) == []
    with pytest.raises(KeyboardInterrupt):
        DynamoConnections(DyingTable(dynamodb, "any"), secrets).add(MINE, {"key": HIDDEN})
    assert list(connections.list()) == [] and secrets.get(name) == {"key": HIDDEN}
    connections.add(MINE, {"key": "again"})
    assert (connections.secret(name), list(connections.list())) == ({"key": "again"}, [MINE])

    with pytest.raises(KeyboardInterrupt):
        dying.remove(name)
    assert list(connections.list()) == [] and secrets.get(name)
    assert not connections.remove(name)
    with pytest.raises(NotFound):
        connections.secret(name)


def test_a_secret_that_somebody_marked_to_be_deleted_is_none() -> None:
    client, prefix = cloud.client("secretsmanager"), f"{uuid.uuid4().hex}/"
    secrets = SecretsManager(client, prefix)
    secrets.put("mine", {"key": HIDDEN})
    client.delete_secret(SecretId=f"{prefix}mine", RecoveryWindowInDays=7)
    assert secrets.get("mine") is None
    secrets.remove("mine")
    secrets.put("mine", {"key": "again"})
    assert secrets.get("mine") == {"key": "again"}


def test_the_token_of_our_own_session_is_in_no_log(
    manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = boto3.client(
        "secretsmanager",
        endpoint_url=f"http://127.0.0.1:{manager.server_port}",
        region_name=cloud.REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        aws_session_token="a-token-of-a-session",
    )
    manager.script = [DONE]
    SecretsManager(client, PREFIX).put("mine", {"key": "a-key-of-a-provider"})
    assert "secretsmanager" in caplog.text
    assert "a-token-of-a-session" not in caplog.text and "a-key-of" not in caplog.text
