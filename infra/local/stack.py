"""The whole stack, running: what a test or a person does with it."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from moto.awslambda.utils import get_backend
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.dynamodb.api_keys import DynamoApiKeys
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.s3.objects import S3Objects
from resplice.core.quotas import UNBOUNDED, Bounds
from resplice.ports.api_keys import ApiKey, Role
from resplice.steps.access import digest_of
from resplice.wiring.service import origins_of

from infra.layers import ROOT
from infra.local.code_store import CodeStore, folder_within
from infra.local.deploy import Deployed, deploy, only_stack
from infra.local.events import Events
from infra.local.faults import Faults
from infra.local.front import file_of_owner, fronting, reserved
from infra.local.lambda_process import Function, LambdaProcess
from infra.local.lambda_runtime import NO_MORE, LambdaRuntime, short
from infra.local.moto_repairs import Account, described, repaired
from infra.local.moto_server import REGION, Server, serving
from infra.local.requests_seen import Asked
from infra.rows import LIVE

CORS_ORIGINS, QUOTAS = "RESPLICE_CORS_ORIGINS", "RESPLICE_QUOTAS"

BUILD = ROOT / "build"
SERVES_FILES = "RESPLICE_SERVES_FILES"


class FunctionFailed(Exception):
    """What a function that was invoked directly failed with: its errorType and errorMessage."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        self.kind, self.message = error["errorType"], error["errorMessage"]
        super().__init__(f"{self.kind}: {self.message}")


@dataclass(frozen=True)
class Stack:
    """Functions have short names here: `scene`. base_url: of the API and of the movies."""

    base_url: str
    outputs: Mapping[str, str]
    _server: Server
    _runtime: LambdaRuntime
    _events: Events
    _ended: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Of every service of AWS."""
        return self._server.endpoint

    @property
    def faults(self) -> Faults:
        return self._runtime.faults

    @property
    def invocations(self) -> Counter[str]:
        """How often each function was run, from the start on; each try counts."""
        return self._runtime.invocations

    @property
    def requests(self) -> frozenset[Asked]:
        """What functions and executions needed rights for, one of each kind.

        Raises UnknownRequest.
        """
        return self._server.requests()

    def age_objects(self, days: int) -> None:
        """All that is in the bucket is so much older: what is used then, is made new."""
        self._server.age(self.outputs["BucketName"], days)

    def client(self, service: str) -> Any:
        """A client of boto3."""
        return self._server.client(service)

    def invoke(self, function: str, event: Any) -> Any:
        """The result. Raises FunctionFailed."""
        outcome = self._runtime.invoke(_function(self._server, function), event)
        said = json.loads(outcome.payload)
        if outcome.failed:
            raise FunctionFailed(said)
        return said

    def environment(self, function: str) -> LambdaProcess:
        """A new environment of the function, beside those that calls find. To be closed."""
        return self._runtime.environment(_function(self._server, function))

    def executions(self) -> list[dict[str, Any]]:
        """Each as DescribeExecution has it, oldest first."""
        client = self.client("stepfunctions")
        return [self._described(client, each) for each in _executions(client)]

    def _described(self, client: Any, listed: Mapping[str, Any]) -> dict[str, Any]:
        """Of one that has ended nothing changes any more."""
        arn = listed["executionArn"]
        if arn in self._ended:
            return self._ended[arn]
        described: dict[str, Any] = client.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            self._ended[arn] = described
        return described

    def logs(self, function: str) -> str:
        """All that the function's processes wrote."""
        return self._runtime.log_text(function)

    def tick(self) -> None:
        """Every schedule comes due now; back when what it calls is done."""
        self._events.tick()

    def keep_time(self) -> None:
        """From now on schedules come due in their time."""
        self._events.keep_time()

    @contextmanager
    def changed(self, **variables: str) -> Iterator[None]:
        """Meanwhile all functions have these variables."""
        before = dict(self._runtime.variables)
        self._runtime.variables.update(variables)
        try:
            yield
        finally:
            self._runtime.variables = before

    def add_key(self, text: str, role: Role = "admin", bounds: Bounds = UNBOUNDED) -> None:
        """Callers may show this API key."""
        table, now_ms = self.client("dynamodb"), int(time.time() * 1000)
        key = ApiKey(digest_of(text), "local", role, now_ms, bounds=bounds)
        DynamoApiKeys(DynamoTable(table, self.outputs["TableName"])).add(key)


@contextmanager
def running(
    cdk_out: Path, *, port: int = 0, variables: Mapping[str, str] = NO_MORE
) -> Iterator[Stack]:
    """Deploy the one stack of a synthesized folder and serve it on this machine.

    port: of API and movies, 0 for any. variables: every function gets them, beside its own and
    instead of them.
    Raises RespliceError when the port cannot be had.
    """
    with simulated(variables) as aws, aws.deployed(cdk_out, port) as stack:
        yield stack


@dataclass(frozen=True)
class Simulated:
    """An account, in which one stack after the other is."""

    _server: Server
    _runtime: LambdaRuntime
    _events: Events
    _folder: Path

    @contextmanager
    def deployed(self, cdk_out: Path, port: int = 0) -> Iterator[Stack]:
        """Its one stack, served until the context ends; deployed it stays. See `running`."""
        server, runtime = self._server, self._runtime
        with ExitStack() as lasting:
            with reserved(port) as had:
                base_url = f"http://127.0.0.1:{had}"
                deployed = deploy(server, cdk_out, only_stack(cdk_out), base_url)
                _serve(lasting, had, server, runtime, deployed, self._folder)
            lasting.callback(_stop, server, self._events)
            yield Stack(base_url, deployed.outputs, server, runtime, self._events)

    def destroy(self, cdk_out: Path) -> None:
        """Delete its stack: what it retains stays."""
        self._server.client("cloudformation").delete_stack(StackName=only_stack(cdk_out))


@contextmanager
def simulated(variables: Mapping[str, str] = NO_MORE) -> Iterator[Simulated]:
    """An account in which there is nothing yet. variables: see `running`."""
    with ExitStack() as lasting:
        folder = Path(lasting.enter_context(tempfile.TemporaryDirectory(prefix="resplice-stack-")))
        BUILD.mkdir(exist_ok=True)
        code = CodeStore(lasting.enter_context(folder_within(BUILD)))
        faults = Faults()
        server = lasting.enter_context(serving(faults.changed))
        runtime = LambdaRuntime(folder, server.endpoint, faults, variables)
        lasting.callback(runtime.close)
        events = Events(server.account, runtime)
        account = Account(code, runtime, events.execution_ended)
        lasting.enter_context(repaired(server.account, account))
        yield Simulated(server, runtime, events, folder)


def _serve(
    lasting: ExitStack,
    port: int,
    server: Server,
    runtime: LambdaRuntime,
    deployed: Deployed,
    folder: Path,
) -> None:
    def invoke(event: dict[str, Any]) -> dict[str, Any] | None:
        outcome = runtime.invoke(_function(server, "api"), event)
        return None if outcome.failed else json.loads(outcome.payload)

    scratch = ScratchFolder(folder / "movies")
    objects = S3Objects(server.client("s3"), deployed.outputs["BucketName"], scratch)
    media = partial(file_of_owner, server.client("s3"), deployed.outputs["BucketName"], scratch)
    said = {**_function(server, "api").variables, **runtime.variables}
    origins = origins_of(*said.get(CORS_ORIGINS, "").split(","))
    cdn = said.get(SERVES_FILES) != "1"
    lasting.enter_context(fronting(port, invoke, objects, media, origins, cdn=cdn))


def _function(server: Server, name: str) -> Function:
    """What the stack calls: the version that its alias leads to, or of one without an alias, which
    executions alone call, the newest. Raises LookupError.
    """
    backend = get_backend(server.account, REGION)
    named = [each for each in backend.list_functions() if short(each.function_name) == name]
    if len(named) != 1:
        raise LookupError(f"{len(named)} functions are called {name}")
    called = named[0].function_name
    if any(alias.name == LIVE for alias in backend.list_aliases(called)):
        return described(backend.get_function(called, LIVE))
    return described(list(backend.list_versions_by_function(called))[-1])


def _executions(client: Any) -> list[dict[str, Any]]:
    """Each as ListExecutions has it, oldest first."""
    arns = [each["stateMachineArn"] for each in client.list_state_machines()["stateMachines"]]
    pages = client.get_paginator("list_executions")
    listed = [
        each
        for arn in arns
        for page in pages.paginate(stateMachineArn=arn)
        for each in page["executions"]
    ]
    return sorted(listed, key=lambda each: each["startDate"])


def _stop(server: Server, events: Events) -> None:
    events.stop()
    client = server.client("stepfunctions")
    for execution in _executions(client):
        if execution["status"] == "RUNNING":
            client.stop_execution(executionArn=execution["executionArn"])
