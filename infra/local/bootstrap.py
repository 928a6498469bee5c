"""What runs in a function's process: Lambda's Python runtime, as far as a handler can tell.

Started as `python -I -S bootstrap.py <requests> <replies> <ARN> <layers>`; the first two are
file descriptors with a JSON object on each line. Nothing of ours is imported, nor anything that
is installed here.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

Handler = Callable[[Any, Any], Any]


class Context:
    """What a handler gets beside its event. It has no identity and no client of its own."""

    identity = None
    client_context = None

    def __init__(self, request_id: str, deadline_s: float, arn: str) -> None:
        self.aws_request_id, self._deadline_s = request_id, deadline_s
        self.invoked_function_arn = arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline_s - time.time()) * 1000))


class InitError(Exception):
    """The function could not be loaded: the type as Lambda names it, and why."""


def load() -> Handler:
    """Raises InitError, and what the module itself raises."""
    module_name, _, name = os.environ["_HANDLER"].rpartition(".")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise InitError("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise InitError("Runtime.UserCodeSyntaxError", message) from error
    try:
        handler: Handler = getattr(module, name)
    except AttributeError:
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise InitError("Runtime.HandlerNotFound", message) from None
    return handler


def failure(error: Exception, request_id: str) -> dict[str, Any]:
    kind, message = type(error).__name__, str(error)
    if isinstance(error, InitError):
        kind, message = error.args
    trace = traceback.format_tb(error.__traceback__)
    told = {"errorMessage": message, "errorType": kind, "requestId": request_id}
    return {"error": {**told, "stackTrace": trace}}


def answer(handler: Handler, asked: dict[str, Any], arn: str) -> str:
    """The reply to a request, as JSON."""
    request_id = asked["id"]
    try:
        result = handler(asked["event"], Context(request_id, asked["deadline_s"], arn))
    except Exception as error:
        return json.dumps(failure(error, request_id))
    try:
        return json.dumps({"result": result})
    except (TypeError, ValueError, RecursionError) as error:
        message = f"Unable to marshal response: {error}"
        return json.dumps(failure(InitError("Runtime.MarshalError", message), request_id))


def main(requests_fd: int, replies_fd: int, arn: str, opt: str) -> NoReturn:
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"], f"{opt}/python"]
    with open(requests_fd, "rb") as requests, open(replies_fd, "wb", buffering=0) as replies:
        try:
            handler = load()
        except Exception as error:
            traceback.print_exc()
            replies.write(json.dumps(failure(error, "")).encode() + b"\n")
            sys.exit(1)
        replies.write(b"{}\n")
        for line in requests:
            reply = answer(handler, json.loads(line), arn)
            sys.stdout.flush()
            sys.stderr.flush()
            replies.write(reply.encode() + b"\n")
    sys.exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:5])
