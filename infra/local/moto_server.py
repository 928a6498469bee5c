"""moto behind a socket of this process, every request in an account that nobody else has.

So a stack begins with nothing, meets no other user of moto in this process, and leaves nothing.
One runs at a time in a process.
"""

from __future__ import annotations

import logging
import os
import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

HOST, REGION = "127.0.0.1", "us-east-1"
CONNECTIONS = 64

_APP_ID = re.compile(r"\bapp/(\S+)")
_SERVICE = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/")
_WRITES = {
    "StartExecution",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
}

Changed = Callable[[str], None]
"""Told the application id of whoever has changed something, before the answer goes out."""


@dataclass(frozen=True)
class Server:
    """Where moto listens, and the account in which all that it is asked happens."""

    endpoint: str
    account: str

    def client(self, service: str) -> Any:
        """A client of boto3. Safe to use from many threads."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(max_pool_connections=CONNECTIONS),
        )


@contextmanager
def serving(changed: Changed) -> Iterator[Server]:
    """Serve on any free port until the end of the context; then the account is empty again."""
    account = f"{random.SystemRandom().randrange(10**11, 10**12)}"
    application = _Observed(DomainDispatcherApplication(create_backend_app), account, changed)
    server = make_server(HOST, 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    with _settings(str(server.server_port)):
        thread.start()
        try:
            yield Server(f"http://{HOST}:{server.server_port}", account)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            _forget(account)


@contextmanager
def _settings(port: str) -> Iterator[None]:
    """Executions are run, not only noted; their tasks find moto by its port."""
    step_functions = default_user_config["stepfunctions"]
    before = step_functions.get("execute_state_machine"), os.environ.get("MOTO_PORT")
    step_functions["execute_state_machine"], os.environ["MOTO_PORT"] = True, port
    # It logs every failed task with its whole state as an error: failures are what tests play.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        step_functions["execute_state_machine"] = bool(before[0])
        os.environ.pop("MOTO_PORT")
        if before[1] is not None:
            os.environ["MOTO_PORT"] = before[1]


def _forget(account: str) -> None:
    instances: list[Any] = BackendDict._instances  # type: ignore[misc]
    for backends in list(instances):
        if account in backends:
            backends[account].reset()
            del backends[account]


class _Quiet(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not logged."""


class _Observed:
    """moto's application, for one account; tells of changes."""

    def __init__(self, application: Any, account: str, changed: Changed) -> None:
        self._application, self._account, self._changed = application, account, changed
        # moto looks at conditions and then writes, and replaces objects under their readers.
        self._turns = {"s3": threading.Lock(), "dynamodb": threading.Lock()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        statuses: list[str] = []

        def started(status: str, *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, *rest)

        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account
        with self._turns.get(_service(environ), nullcontext()):
            body: Iterable[bytes] = self._application(environ, started)
        asker = _APP_ID.search(environ.get("HTTP_USER_AGENT", ""))
        if asker and statuses and statuses[0].startswith("2") and _changes(environ):
            self._changed(asker[1])
        return body


def _service(environ: dict[str, Any]) -> str:
    """Whose signature the request carries."""
    signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return signed[1] if signed else ""


def _changes(environ: dict[str, Any]) -> bool:
    """Whether a request that went well has changed what S3, DynamoDB or Step Functions hold."""
    if _service(environ) == "s3":
        return environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE")
    return environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2] in _WRITES
