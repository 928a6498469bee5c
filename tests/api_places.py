"""The HTTP API over a real socket on both kinds of records: SQLite and a disk, DynamoDB and S3.

The one is `resplice serve`. The other is what the API's function is on AWS, made by its own wiring
from an environment, before moto; its executions run here in threads, and so does what its function
`deliver` is. So what follows from a stack (state machine, rights, functions apart) is not seen
here: `tests/stack` does that.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cloud
import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.disk.secret_file import kept_secret
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.adapters.threads.executions import ThreadExecutions
from resplice.adapters.threads.telling import ThreadTelling
from resplice.adapters.web.own_media import OwnMedia
from resplice.api import app
from resplice.api.service import Service
from resplice.core.addresses import AllowedSource
from resplice.core.quotas import UNBOUNDED, Bounds
from resplice.ports import Ports
from resplice.ports.api_keys import ApiKey, ApiKeys
from resplice.ports.objects import Objects
from resplice.ports.projects import Projects
from resplice.steps.access import digest_of
from resplice.steps.deliver.rounds import Deliverer
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.local import execute
from resplice.steps.execution.progress import ProjectProgress
from resplice.steps.messages import log_failure
from resplice.wiring import aws, aws_exports, exports
from resplice.wiring.functions import PORTS
from resplice.wiring.local import local
from served import KEY, Calls, running

from infra.local.front import file_of_owner, fronting, reserved

PLACES = ("sqlite", "dynamodb")
HERE = ("telling",)
"""What would call other functions of a stack."""
PAGE = "https://studio.example"
"""Whose scripts may call."""
QUOTAS = {
    "hasty": {"requests-per-second": 1},
    "crowded": {"movies-in-flight": 1},
    "spent": {"seconds-per-day": 1},
    "heavy": {"bytes-per-day": 1},
}
"""By owner: others are not limited."""
SETTINGS = {
    "RESPLICE_QUOTAS": json.dumps({"owners": QUOTAS}),
    "RESPLICE_CORS_ORIGINS": PAGE,
}
SECRET = "Resplice-test/webhook"


@dataclass(frozen=True)
class Place(Calls):
    """The API at a port. keys: those that it knows, beside KEY. secret: of webhooks. projects,
    objects: what it keeps.
    """

    port: int
    keys: ApiKeys
    secret: Callable[[], bytes]
    projects: Projects
    objects: Objects

    def let_in(self, name: str, owner: str | None = None, bounds: Bounds = UNBOUNDED) -> None:
        """From now on the name is a key with which that owner may do all; without one it is the
        owner's too.
        """
        digest, now_ms = digest_of(name), int(time.time() * 1000)
        if self.keys.get(digest) is None:
            key = ApiKey(digest, name, "admin", now_ms, owner=owner or name, bounds=bounds)
            self.keys.add(key)


def placed(name: str, folder: Path, *sources: str) -> AbstractContextManager[Place]:
    """The API on the records of that name. sources: HOST:PORT that movies may be made from."""
    return on_aws(folder, sources) if name == "dynamodb" else on_disk(folder, sources)


@contextmanager
def on_disk(folder: Path, sources: Sequence[str] = ()) -> Iterator[Place]:
    opened = [word for source in sources for word in ("--allow-source", source)]
    with ExitStack() as stack:
        with environment(SETTINGS):
            served = stack.enter_context(running(folder, "--api-key", KEY, *opened))
        rows = SqliteFile(folder / "records.sqlite")
        secret = partial(kept_secret, folder / "webhook.secret")
        objects = stack.enter_context(closing(DiskObjects(folder, None, protects=False)))
        yield Place(served.port, SqliteApiKeys(rows), secret, SqliteProjects(rows), objects)


@contextmanager
def on_aws(folder: Path, sources: Sequence[str] = ()) -> Iterator[Place]:
    allowed = [AllowedSource.parse(source) for source in sources]
    with local(folder, allowed=allowed, one_run=False) as here, reserved(0) as port:
        base_url = f"http://127.0.0.1:{port}"
        bucket = cloud.new_bucket()
        service, deliverer = _functions(here, folder, base_url, bucket, sources)
        given = {name: getattr(service.ports, name) for name in PORTS["api"] if name not in HERE}
        web = OwnMedia(here.web, service.ports.media_bytes, service.ports.own_urls)
        own = {
            name: getattr(service.ports, name)
            for name in ("scratch", "own_urls", "quotas", "offered")
        }
        ports = replace(here, **given, **own, web=web, splicer=given["objects"])
        ports = replace(ports, parts=WholeParts(ports.objects))
        ports.api_keys.add(ApiKey(digest_of(KEY), "local", "admin", here.clock.now_ms()))

        def execute_here(project: str) -> None:
            with_all = replace(service.coalescer, ports=ports)
            end = execute(project, with_all, ProjectProgress(project, ports, lambda: False))
            if isinstance(end, Exception):
                log_failure(end, project)

        executions = ThreadExecutions(execute_here, str)
        assert isinstance(here.telling, ThreadTelling)
        here.telling.begin(deliverer.deliver, partial(exports.owner_of, ports))
        coalescer = Coalescer(replace(service.ports, telling=here.telling), executions)
        handler = app.handler(replace(service, coalescer=coalescer, posted=lambda *_: None))
        opened = partial(file_of_owner, cloud.client("s3"), bucket, ports.scratch)
        with fronting(port, lambda event: handler(event, None), ports.objects, opened, {PAGE}):
            yield Place(port, ports.api_keys, _secret, ports.projects, ports.objects)
        executions.stop(10)
        exports.stop(ports)


def _functions(
    here: Ports, folder: Path, base_url: str, bucket: str, sources: Sequence[str]
) -> tuple[Service, Deliverer]:
    """What the functions `api` and `deliver` work with, as their wiring makes it in an environment.

    Clients that are made when something is first sent are made outside it, so they are given.
    """
    said = {
        **SETTINGS,
        "AWS_ENDPOINT_URL": cloud.endpoint(),
        "AWS_DEFAULT_REGION": cloud.REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "RESPLICE_BUCKET": bucket,
        "RESPLICE_TABLE": cloud.new_table(),
        "RESPLICE_WORKFLOW": "arn:aws:states:us-east-1:123456789012:stateMachine:none",
        "RESPLICE_BASE_URL": base_url,
        "RESPLICE_TOOLS": json.dumps(asdict(here.tools)),
        "RESPLICE_AT_HAND": json.dumps({"espeak": ""}),
        "RESPLICE_SECRETS": "Resplice-test/connections/",
        "RESPLICE_DELIVER": "arn:aws:lambda:us-east-1:123456789012:function:none",
        "RESPLICE_WEBHOOK_SECRET": SECRET,
        "RESPLICE_ALLOWED_SOURCES": ",".join(sources),
    }
    with environment(said) as patched:
        patched.setattr(tempfile, "tempdir", str(folder))
        # It takes over the logging, and botocore, of the process that is a function.
        patched.setattr(aws, "telemetry", lambda: SimpleNamespace(posted=None))
        deliverer = aws_exports.deliverer()
        senders = aws_exports.aws_senders(cloud.client, SECRET)
        return aws.service(), replace(deliverer, ports=replace(deliverer.ports, senders=senders))


@contextmanager
def environment(said: Mapping[str, str]) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in said.items():
            patched.setenv(name, value)
        yield patched


def _secret() -> bytes:
    told: dict[str, Any] = cloud.client("secretsmanager").get_secret_value(SecretId=SECRET)
    return str(told["SecretString"]).encode()
