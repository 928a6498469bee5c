"""moto behind a socket of this process, every request in an account that nobody else has.

So a stack begins with nothing, meets no other user of moto in this process, and leaves nothing.
Many may be there in a process, one begun and ended within the time of the other, but executions
run only in the one that began last: moto has one place to look for where their tasks go.
"""

from __future__ import annotations

import logging
import os
import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
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
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

from infra.local.moto_speed import quicken, quicken_executions, quicken_stacks
from infra.local.requests_seen import Asked, RequestsSeen, read

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
    _seen: RequestsSeen
    _clients: dict[str, Any] = field(default_factory=dict)
    _making_client: threading.Lock = field(default_factory=threading.Lock)

    def requests(self) -> frozenset[Asked]:
        """One of each kind that functions and executions made. Raises UnknownRequest."""
        return self._seen.all()

    def age(self, bucket: str, days: int) -> None:
        """All objects of the bucket are so much older."""
        for key in s3_backends[self.account]["aws"].buckets[bucket].keys.values():
            key.last_modified -= timedelta(days=days)

    def client(self, service: str) -> Any:
        """The service's one client of boto3. Safe to use from many threads."""
        with self._making_client:
            if service not in self._clients:
                self._clients[service] = boto3.client(
                    service,
                    endpoint_url=self.endpoint,
                    region_name=REGION,
                    aws_access_key_id="local",
                    aws_secret_access_key="local",
                    config=Config(max_pool_connections=CONNECTIONS),
                )
            return self._clients[service]


@contextmanager
def serving(changed: Changed) -> Iterator[Server]:
    """Serve on any free port until the end of the context; then the account is empty again."""
    quicken()
    quicken_executions()
    quicken_stacks()
    account = f"{random.SystemRandom().randrange(10**11, 10**12)}"
    seen = RequestsSeen(account, REGION)
    moto = DomainDispatcherApplication(create_backend_app)
    application = _Observed(moto, account, changed, seen)
    server = make_server(HOST, 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    with _settings(str(server.server_port)):
        thread.start()
        try:
            yield Server(f"http://{HOST}:{server.server_port}", account, seen)
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
            # A reset of S3 closes the objects of all accounts: another stack may be running.
            if backends is s3_backends:
                _forget_objects(account)
            else:
                backends[account].reset()
            del backends[account]


def _forget_objects(account: str) -> None:
    for name, bucket in s3_backends[account]["aws"].buckets.items():
        for key in bucket.keys.values():
            key.dispose()
        s3_backends.bucket_accounts.pop(name, None)


class _Quiet(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not logged."""


class _Observed:
    """moto's application, for one account; tells of changes, and what was asked."""

    def __init__(
        self, application: Any, account: str, changed: Changed, seen: RequestsSeen
    ) -> None:
        self._application, self._account, self._changed = application, account, changed
        self._seen = seen
        # moto looks at conditions and then writes, and replaces objects under their readers.
        self._turns = {"s3": threading.Lock(), "dynamodb": threading.Lock()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        statuses: list[str] = []

        def started(status: str, *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, *rest)

        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account
        service, asker = _service(environ), _asker(environ)
        request = None if asker is None else read(environ, asker.partition("-")[0], service)
        with self._turns.get(service, nullcontext()):
            body: Iterable[bytes] = self._application(environ, started)
        if request:
            self._seen.note(request, "".join(statuses))
        if asker and statuses and statuses[0].startswith("2") and _changes(environ):
            self._changed(asker)
        return body


def _asker(environ: dict[str, Any]) -> str | None:
    """The application id of a function's process; empty when only its credentials tell of it."""
    named = _APP_ID.search(environ.get("HTTP_USER_AGENT", ""))
    if named:
        return named[1]
    return "" if "HTTP_X_AMZ_SECURITY_TOKEN" in environ else None


def _service(environ: dict[str, Any]) -> str:
    """Whose signature the request carries."""
    signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return signed[1] if signed else ""


def _changes(environ: dict[str, Any]) -> bool:
    """Whether a request that went well has changed what S3, DynamoDB or Step Functions hold."""
    if _service(environ) == "s3":
        return environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE")
    return environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2] in _WRITES
