"""One execution environment of a function: a process that sees its own code, layers and variables.

It can import its task folder, its layers and the standard library, and nothing else.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
INIT_SECONDS = 60.0
"""Lambda gives 10, on a machine that does nothing else."""
EXIT_SECONDS = 5.0


class Exited(Exception):
    """The process is gone without an answer. The message ends as Lambda's does."""


@dataclass(frozen=True)
class Function:
    """A function as its processes need it. code, opt: folders. runtime: as `python3.13`."""

    name: str
    arn: str
    version: str
    region: str
    handler: str
    runtime: str
    memory_mb: int
    timeout_s: int
    code: Path
    opt: Path
    variables: Mapping[str, str]


class LambdaProcess:
    """Starts at once. id: the application id that its requests to AWS carry.

    ready: it has loaded its handler, and may be asked (again).
    """

    def __init__(
        self,
        id: str,
        function: Function,
        python: Path,
        endpoint: str,
        folder: Path,
    ) -> None:
        """folder: for its log and its /tmp."""
        self.id, self.function = id, function
        self._tmp = Path(tempfile.mkdtemp(prefix="tmp-", dir=folder))
        self.log = folder / f"{id}.log"
        self.ready = False
        requests, self._requests = os.pipe()
        self._replies, replies = os.pipe()
        alone = (str(python), "-I", "-S", "-B", str(BOOTSTRAP))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*alone, str(requests), str(replies), function.arn, str(function.opt)],
                env={**function.variables, **self._of_lambda(endpoint)},
                cwd=function.code,
                pass_fds=(requests, replies),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        os.close(requests)
        os.close(replies)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _of_lambda(self, endpoint: str) -> dict[str, str]:
        """Lambda's own variables, of which a function can set none."""
        function = self.function
        return {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": function.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": self.id,
            "AWS_SDK_UA_APP_ID": self.id,
            "POWERTOOLS_TRACE_DISABLED": "true",
            "_HANDLER": function.handler,
            "LAMBDA_TASK_ROOT": str(function.code),
            "HOME": str(self._tmp / "home"),
            "TMPDIR": str(self._tmp),
            "PATH": f"{function.opt}/bin:/usr/bin:/bin",
            "LD_LIBRARY_PATH": f"{function.opt}/lib",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }

    def answer(self, request_id: str, event: Any) -> dict[str, Any]:
        """The bootstrap's reply: {"result": …} or {"error": …}.

        Raises TimeoutError after the function's time, Exited when the process is gone. After
        either, and after an error at the start, it must be killed.
        """
        if not self.ready:
            started = self._reply(INIT_SECONDS)
            if "error" in started:
                return started
            self.ready = True
        deadline_s = time.time() + self.function.timeout_s
        asked = {"id": request_id, "event": event, "deadline_s": deadline_s}
        left = memoryview(json.dumps(asked).encode() + b"\n")
        try:
            while left:
                left = left[os.write(self._requests, left) :]
        except BrokenPipeError:
            raise Exited(self._reason()) from None
        return self._reply(self.function.timeout_s)

    def _reply(self, most_s: float) -> dict[str, Any]:
        """One line, however long, within a time."""
        deadline_s, got = time.monotonic() + most_s, bytearray()
        waiting = select.poll()
        waiting.register(self._replies, select.POLLIN)
        while not got.endswith(b"\n"):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0 or not waiting.poll(left_s * 1000):
                raise TimeoutError
            chunk = os.read(self._replies, 1 << 16)
            if not chunk:
                raise Exited(self._reason())
            got += chunk
        reply: dict[str, Any] = json.loads(got)
        return reply

    def _reason(self) -> str:
        try:
            code = self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self._process.wait()
        if code < 0:
            name = signal.strsignal(-code) or str(-code)
            return f"Runtime exited with error: signal: {name.lower()}"
        said = f"with error: exit status {code}" if code else "without providing a reason"
        return f"Runtime exited {said}"

    def kill(self) -> None:
        """End it with all that it started in its group. What it has sent is not undone."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill it and remove what it left. Its log stays."""
        self.kill()
        self._process.wait()
        for end in (self._requests, self._replies):
            os.close(end)
        shutil.rmtree(self._tmp, ignore_errors=True)
