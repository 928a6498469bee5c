"""What moto 5.2 does not do as AWS does, put right. Each repair has its reason.

They hold for the accounts of stacks that run here; for every other user of moto in this process
nothing changes. moto's insides are touched here, in the other files called moto_… and in events,
nowhere else.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import moto.awslambda.models as functions
import moto.stepfunctions.parser.asl.utils.boto_client as task_clients
from botocore.config import Config
from moto.awslambda.utils import get_backend
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.polly.responses import PollyResponse
from moto.s3.models import FakeBucket, s3_backends
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import (
    ExecutionStatus,
    HistoryEventType,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    distributed_iteration_component as big_maps,
)
from moto.stepfunctions.parser.backend import execution as executions
from moto.stepfunctions.parser.models import (
    StepFunctionsParserBackend,
    stepfunctions_parser_backends,
)
from moto.stepfunctions.responses import StepFunctionResponse
from moto.transcribe.models import TranscribeBackend

from infra.local import moto_speech
from infra.local.code_store import CodeStore
from infra.local.lambda_process import Function
from infra.local.lambda_runtime import LambdaRuntime

CONNECTIONS = 64
WORKFLOW = "workflow"
"""The application id of what executions ask themselves, for nothing but to be told apart."""
FACTORY = "create_from_cloudformation_json"
LOG_TAIL_BYTES = 4096

_PERCENTAGE = re.compile(r'("ToleratedFailurePercentage"\s*:\s*\d+)(?=\s*[,}])')


@dataclass(frozen=True)
class Account:
    """Who does what moto cannot. ended: told how an execution was, once it is over."""

    store: CodeStore
    runtime: LambdaRuntime
    ended: Callable[[dict[str, Any]], None]


_accounts: dict[str, Account] = {}
_starting = threading.Lock()
_ending = threading.Lock()
_making_clients = threading.Lock()


@contextmanager
def repaired(number: str, account: Account) -> Iterator[None]:
    """The repairs hold for the account of this number while the context lasts."""
    _repair()
    _accounts[number] = account
    try:
        yield
    finally:
        del _accounts[number]


def described(function: functions.LambdaFunction) -> Function:
    """A function of an account that is repaired, as the runtime needs it."""
    account = _accounts[function.account_id]
    backend = get_backend(function.account_id, function.region)
    layers = [backend.layers_versions_by_arn(each["Arn"]) for each in function.layers]
    return Function(
        name=function.function_name,
        arn=function.function_arn,
        version=str(function.version),
        region=function.region,
        handler=function.handler or "",
        runtime=function.run_time or "",
        memory_mb=int(function.memory_size),
        timeout_s=int(function.timeout),
        code=account.store.code(function.code_digest),
        opt=account.store.opt(tuple(layer.code_digest for layer in layers if layer)),
        variables=function.environment_vars,
    )


@cache
def _repair() -> None:
    for owner, name, repair in (
        (functions.LambdaFunction, "invoke", _invoke),
        (functions, "_s3_content", _s3_content),
        (functions.LambdaFunction, FACTORY, _whole_function),
        (functions.LambdaVersion, FACTORY, _version_with_arn),
        (functions.LambdaVersion, "physical_resource_id", _reference("function_arn")),
        (functions.LambdaVersion, "get_cfn_attribute", _number),
        (functions.LayerVersion, "physical_resource_id", _reference("arn")),
        (
            FakeBucket,
            FACTORY,
            _taken_over(lambda number, region: s3_backends[number]["aws"].buckets),
        ),
        (
            Table,
            FACTORY,
            _taken_over(lambda number, region: dynamodb_backends[number][region].tables),
        ),
        (StateMachine, FACTORY, _state_machine_that_runs),
        (StateMachine, "has_cfn_attr", _state_machine_attributes),
        (StateMachine, "get_cfn_attribute", _state_machine_attribute),
        (StepFunctionsParserBackend, "start_execution", _start_in_turns),
        (StepFunctionResponse, "stop_execution", _stop_with_reason),
        (executions.Execution, "stop", _stop_at_once),
        (executions.Execution, "to_describe_output", _describe_whole),
        (executions.BaseExecutionWorkerCommunication, "terminated", _tell_of_end),
        (big_maps.DistributedIterationComponent, "_map_run", _count_failures),
        (task_clients, "boto3", _kept_clients),
        (PollyResponse, "speech", moto_speech.speaking(_accounts.__contains__)),
        (
            TranscribeBackend,
            "start_transcription_job",
            moto_speech.listening(_accounts.__contains__),
        ),
    ):
        setattr(owner, name, repair(getattr(owner, name, None)))


def _invoke(original: Any) -> Any:
    """moto runs functions in Docker, asynchronous ones while the caller waits."""

    def invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> Any:
        account = _accounts.get(self.account_id)
        if account is None:
            return original(self, body, request_headers, response_headers)
        function, event = described(self), json.loads(body) if body else {}
        if request_headers.get("x-amz-invocation-type") == "Event":
            account.runtime.deliver(function, event)
            return b""
        outcome = account.runtime.invoke(function, event)
        tail = outcome.log.encode()[-LOG_TAIL_BYTES:]
        response_headers["x-amz-log-result"] = base64.b64encode(tail).decode()
        response_headers["x-amz-executed-version"] = function.version
        if outcome.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return outcome.payload.encode()

    return invoke


def _s3_content(original: Any) -> Any:
    """moto holds each archive in memory, hundreds of megabytes for as long as it runs."""

    def s3_content(key: Any) -> Any:
        account = _accounts.get(key.account_id)
        if account is None:
            return original(key)
        with key.lock:
            archive = account.store.keep(key._value_buffer)
        return b"", archive.size_bytes, archive.digest_base64, archive.digest

    return s3_content


def _whole_function(original: Any) -> Any:
    """CloudFormation's Layers, EphemeralStorage, Architectures and more are dropped."""

    def create(name: str, made: Any, number: str, region: str, **rest: Any) -> Any:
        if number not in _accounts:
            return original(name, made, number, region, **rest)
        spec = {k: v for k, v in made["Properties"].items() if k not in ("Tags", "LoggingConfig")}
        return get_backend(number, region).create_function({**spec, "FunctionName": name})

    return staticmethod(create)


def _version_with_arn(original: Any) -> Any:
    """A version does not know its ARN."""

    def create(name: str, made: Any, number: str, region: str, **rest: Any) -> Any:
        version = original(name, made, number, region, **rest)
        of = made["Properties"]["FunctionName"]
        function = get_backend(number, region).get_function(of, str(version.version))
        version.function_arn = function.function_arn
        return version

    return staticmethod(create)


def _number(original: Any) -> Any:
    """A version has no attributes."""
    return lambda self, name: str(self.version) if name == "Version" else original(self, name)


def _reference(attribute: str) -> Any:
    """A Ref of a layer or of a version gives the Python object."""
    return lambda original: property(lambda self: getattr(self, attribute))


def _taken_over(there: Callable[[str, str], Any]) -> Callable[[Any], Any]:
    """ImportExistingResources is not known: what has the name and is to be retained is made anew.
    It stays as it is: a template changes nothing of what it takes over.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
    """

    def repair(original: Any) -> Any:
        def create(name: str, made: Any, number: str, region: str, **rest: Any) -> Any:
            if number in _accounts and made.get("DeletionPolicy") == "Retain":
                found = there(number, region).get(name)
                if found is not None:
                    return found
            return original(name, made, number, region, **rest)

        return staticmethod(create)

    return repair


def _state_machine_that_runs(original: Any) -> Any:
    """CloudFormation makes those that never run, under names of its own. The parser of those that
    do takes no whole number for a percentage.
    """

    def create(name: str, made: Any, number: str, region: str, **rest: Any) -> Any:
        if number not in _accounts:
            return original(name, made, number, region, **rest)
        properties = made["Properties"]
        definition = _PERCENTAGE.sub(r"\1.0", properties["DefinitionString"])
        backend = stepfunctions_parser_backends[number][region]
        named = properties.get("StateMachineName", name)
        return backend.create_state_machine(named, definition, properties["RoleArn"])

    return staticmethod(create)


def _state_machine_attributes(original: Any) -> Any:
    """It has no Arn."""
    return staticmethod(lambda name: name == "Arn" or original(name))


def _state_machine_attribute(original: Any) -> Any:
    """It has no Arn."""
    return lambda self, name: self.arn if name == "Arn" else original(self, name)


def _start_in_turns(original: Any) -> Any:
    """Of two starts under one name at the same time, both succeed."""

    def start(self: Any, *given: Any, **named: Any) -> Any:
        with _starting:
            return original(self, *given, **named)

    return start


def _stop_with_reason(original: Any) -> Any:
    """Error and cause are forgotten."""

    def stop_execution(self: Any) -> Any:
        if self.current_account not in _accounts:
            return original(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        error, cause = self._get_param("error"), self._get_param("cause")
        execution.stop(stop_date=utcnow(), error=error, cause=cause)
        return ActionResult({"stopDate": execution.stop_date})

    return stop_execution


def _stop_at_once(original: Any) -> Any:
    """A stopped execution runs on until its state ends."""

    def stop(self: Any, stop_date: Any, error: str | None, cause: str | None) -> None:
        while self.exec_worker.env is None:
            time.sleep(0.01)
        original(self, stop_date, error, cause)
        account = _accounts.get(self.account_id)
        if account is None:
            return
        with _ending:
            if self.exec_status != ExecutionStatus.RUNNING:
                return
            self.error, self.cause = error, cause
            self.stop_date, self.exec_status = stop_date, ExecutionStatus.ABORTED
        account.ended(self.to_describe_output())

    return stop


def _describe_whole(original: Any) -> Any:
    """One that ends is described as ended a moment before its output or error is there."""

    def to_describe_output(self: Any) -> Any:
        with _ending:
            return original(self)

    return to_describe_output


def _tell_of_end(original: Any) -> Any:
    """Nobody is told that an execution has ended."""

    def terminated(self: Any) -> None:
        execution = self.execution
        account = _accounts.get(execution.account_id)
        with _ending:
            if account and execution.exec_status != ExecutionStatus.RUNNING:
                return
            original(self)
        if account:
            account.ended(execution.to_describe_output())

    return terminated


def _count_failures(original: Any) -> Any:
    """A distributed Map never fails from its items' failures, whatever it tolerates."""

    def map_run(self: Any, env: Any, eval_input: Any) -> None:
        original(self, env, eval_input)
        record = eval_input.map_run_record
        counts = record.item_counter.describe()
        failed = counts["failed"] + counts["timedOut"]
        share = counts["total"] * record.tolerated_failure_percentage / 100
        if failed > max(record.tolerated_failure_count, share):
            env.stack.pop()
            raise FailureEventException(_too_many(env))

    return map_run


def _too_many(env: Any) -> FailureEvent:
    name = StatesErrorNameType.StatesExceedToleratedFailureThreshold
    cause = "The specified tolerated failure threshold was exceeded"
    told: Any = {"mapRunFailedEventDetails": {"error": name.to_name(), "cause": cause}}
    return FailureEvent(env, StatesErrorName(typ=name), HistoryEventType.MapRunFailed, told)


def _kept_clients(original: Any) -> Any:
    """Each task makes a client of boto3 anew, which takes longer than the task. It does not ask
    again: on a kept connection, which the server may end just then, a task would fail by chance.
    """
    kept: dict[tuple[str, ...], Any] = {}

    def client(**wanted: Any) -> Any:
        if "endpoint_url" not in wanted:
            return original.client(**wanted)
        endpoint = wanted["endpoint_url"].replace("localhost", "127.0.0.1")
        ours = Config(max_pool_connections=CONNECTIONS, user_agent_appid=WORKFLOW)
        config = wanted["config"].merge(ours)
        key = endpoint, wanted["service_name"], wanted["region_name"]
        with _making_clients:
            if key not in kept:
                made = {**wanted, "endpoint_url": endpoint, "config": config}
                kept[key] = original.client(**made)
                kept[key].meta.events.register("before-send", _last_of_its_connection)
            return kept[key]

    return SimpleNamespace(client=client)


def _last_of_its_connection(request: Any, **_: Any) -> None:
    request.headers["Connection"] = "close"
