"""A `resplice serve` process for tests, and calls on it over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from studio import COMMAND

KEY = "sesame"
NO_MORE: Mapping[str, str] = {}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Calls:
    """Calls on the API at a port of this machine."""

    port: int

    def call(
        self, method: str, path: str, body: Any = None, key: str | None = KEY, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        sent = json.dumps(body).encode() if isinstance(body, dict | list) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            named["x-api-key"] = key
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, sent, named)
            response = connection.getresponse()
            return response, response.read()

    def json(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON."""
        response, answer = self.answered(method, path, body, **more)
        return response.status, answer

    def answered(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> tuple[http.client.HTTPResponse, Any]:
        """The answer and its JSON; it checks what is true of every answer."""
        response, raw = self.call(method, path, body, **more)
        answer = json.loads(raw)
        assert response.getheader("Content-Type") == "application/json"
        assert response.getheader("Content-Length") == str(len(raw))
        assert TIMESTAMP.fullmatch(answer.pop("timestamp"))
        return response, answer

    def post(self, movie: dict[str, Any]) -> str:
        status, answer = self.json("POST", "/v2/movies", movie)
        assert status == 200 and answer.keys() == {"success", "project"}, answer
        return str(answer["project"])

    def poll(self, project: str) -> dict[str, Any]:
        status, answer = self.json("GET", f"/v2/movies?project={project}")
        assert status == 200 and answer["success"] and answer["remaining_quota"]["time"] > 0
        return dict(answer["movie"])

    def ended(self, project: str, seconds: float = 50) -> dict[str, Any]:
        return self.until(project, lambda movie: movie["ended_at"] is not None, seconds)

    def until(
        self, project: str, holds: Callable[[dict[str, Any]], bool], seconds: float = 50
    ) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while not holds(movie := self.poll(project)):
            assert time.monotonic() < deadline, movie
            time.sleep(0.05)
        return movie

    def raw(self, sent: bytes, *, close: bool = False) -> list[bytes]:
        """What comes back for some bytes, piece by piece as it arrives."""
        with closing(socket.create_connection(("127.0.0.1", self.port), 10)) as connection:
            connection.sendall(sent)
            if close:
                connection.shutdown(socket.SHUT_WR)
            return list(iter(lambda: connection.recv(1 << 20), b""))


class Served(Calls):
    """A server process and the calls on it."""

    def __init__(
        self,
        data: Path,
        *options: str,
        under: Sequence[str] = (),
        said: Mapping[str, str] = NO_MORE,
        log: Path | None = None,
    ) -> None:
        """under: what its command line begins with. said: more of its environment. log: where
        what it says on standard error goes.
        """
        environment = {name: v for name, v in os.environ.items() if name != "RESPLICE_API_KEY"}
        with log.open("ab") if log else nullcontext() as errors:
            self.process = subprocess.Popen(
                [*under, *COMMAND, "serve", "--port", "0", "--data", str(data), *options],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**environment, **said},
            )
        assert self.process.stdout
        first = self.process.stdout.readline()
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/v2", first)[1])  # type: ignore[index]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def running(data: Path, *options: str, **more: Any) -> Iterator[Served]:
    served = Served(data, *options, **more)
    with served.process:
        try:
            yield served
        finally:
            served.process.kill()
