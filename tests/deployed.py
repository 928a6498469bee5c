"""The stack as tests use it: a client of its API, media for its movies, and a look behind it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import studio
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.s3.objects import S3Objects
from resplice.core.wanted_stills import Stills
from resplice.steps.execution.local import look
from web_server import Server

from infra.local.moto_server import REGION
from infra.local.stack import Stack
from infra.rows import ROWS

KEY = "sesame"
ENDS = ("done", "error", "timeout")
PATIENCE_S = 180.0
PAUSE_S = 0.3
"""Between looks: each is a request of the API, with requests of its own, as on AWS."""
MOST_TOLD_LINES, MOST_TOLD_CHARS = 200, 8000
"""Of each function's log, at its end, and of a line."""
Document = dict[str, Any]


@dataclass(frozen=True)
class Deployed:
    """One running stack, one web server that its movies are made from, one folder for files."""

    stack: Stack
    web: Server
    folder: Path

    def call(
        self, method: str, path: str, body: Any = None, key: str | None = KEY
    ) -> tuple[int, Any]:
        """Status and JSON. body: a document, or bytes as they are."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"content-type": "application/json", **({"x-api-key": key} if key else {})}
        request = urllib.request.Request(
            self.stack.base_url + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def post(self, document: Document, key: str = KEY) -> str:
        status, answer = self.call("POST", "/v2/movies", document, key)
        assert status == 200, answer
        project: str = answer["project"]
        return project

    def movie(self, project: str) -> dict[str, Any]:
        status, answer = self.call("GET", f"/v2/movies?project={project}")
        assert status == 200, answer
        movie: dict[str, Any] = answer["movie"]
        return movie

    def ended(self, project: str, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """The movie of a project, once it has ended."""
        until = time.monotonic() + within_s
        while (movie := self.movie(project))["status"] not in ENDS:
            assert time.monotonic() < until, f"{project} is stuck: {movie['message']}"
            time.sleep(PAUSE_S)
        return movie

    def made(self, document: Document, key: str = KEY) -> dict[str, Any]:
        """The movie of a document, which must come out well."""
        movie = self.ended(self.post(document, key))
        assert movie["status"] == "done", f"{movie['message']}\n{self.went_wrong(movie['project'])}"
        return movie

    def went_wrong(self, project: str) -> str:
        """What failed in its execution, what functions told of its errors, and which of them
        ended without a word: who reads of a failure elsewhere has no logs.
        """
        history = self.stack.client("stepfunctions").get_execution_history
        arns = [each["executionArn"] for each in self.stack.executions() if each["name"] == project]
        events = [event for arn in arns for event in history(executionArn=arn)["events"]]
        failed = [
            str(event)[:MOST_TOLD_CHARS]
            for event in events
            if re.search("Fail|TimedOut|Abort", event["type"])
        ]
        told = [
            f"{function}: {line[:MOST_TOLD_CHARS]}"
            for function in ROWS
            for line in self.stack.logs(function).splitlines()[-MOST_TOLD_LINES:]
            if ('"level":"ERROR"' in line and project in line) or " Error: " in line
        ]
        return "\n".join((*failed, *told))

    def posted_at_once(self, document: Document, times: int) -> Sequence[str]:
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(self.post, [document] * times))

    def settled(self) -> None:
        """Wait until no execution runs: a project may have ended before its execution has."""
        until = time.monotonic() + PATIENCE_S
        while running := [each for each in self.stack.executions() if is_running(each)]:
            assert time.monotonic() < until, running
            time.sleep(PAUSE_S)

    @contextmanager
    def fanned_out(self) -> Iterator[None]:
        """Meanwhile executions begin as on a stage without the fast lane."""
        states, machine = self.stack.client("stepfunctions"), self.stack.outputs["StateMachineArn"]
        said = states.describe_state_machine(stateMachineArn=machine)["definition"]
        other = json.dumps({**json.loads(said), "StartAt": "Begin"})
        states.update_state_machine(stateMachineArn=machine, definition=other)
        try:
            yield
        finally:
            self.settled()
            states.update_state_machine(stateMachineArn=machine, definition=said)

    def frames(self, movie: dict[str, Any]) -> str:
        """Hashes of all decoded frames and of the sound, from the movie's URL."""
        into = self.folder / "downloaded.mp4"
        with urllib.request.urlopen(movie["url"], timeout=PATIENCE_S) as answer:
            into.write_bytes(answer.read())
        return studio.decoded(into)

    def rendered_here(self, document: Document) -> str:
        """The same of the movie that `resplice render` makes, from nothing."""
        number = len(list(self.folder.glob("local-*")))
        with studio.studio(self.folder / f"local-{number}", self.web) as local:
            return local.decoded(document)

    def seen_here(self, document: Document, at_s: float) -> bytes:
        """The PNG of a frame that `resplice still` makes, from nothing."""
        number = len(list(self.folder.glob("local-*")))
        with studio.studio(self.folder / f"local-{number}", self.web) as local:
            _, seen = look(local.accepted(document), Stills((at_s,)), local.ports)
            with local.ports.objects.open(seen.keys[0]) as picture:
                return picture.read_bytes()

    def loudness(self, movie: dict[str, Any]) -> list[float]:
        """Of each tenth of a second, from 0 to 1."""
        command = [studio.FFMPEG, "-v", "error", "-i", movie["url"], "-ac", "1", "-ar", "16000"]
        done = subprocess.run([*command, "-f", "s16le", "-"], check=True, capture_output=True)
        samples = np.frombuffer(done.stdout, "<i2")
        pieces = np.split(samples, range(1600, len(samples), 1600))
        return [float(np.abs(piece).max()) / 32768 for piece in pieces]

    def command(self, *words: str, given: str = "") -> str:
        """What `resplice` tells an operator who says that about the stage, with AWS's own
        settings.
        """
        keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
        place = {"AWS_ENDPOINT_URL": self.stack.endpoint, "AWS_DEFAULT_REGION": REGION}
        done = subprocess.run(
            [*studio.COMMAND, *words, "--stage", "dev"],
            input=given,
            text=True,
            check=True,
            stdout=subprocess.PIPE,
            env={**os.environ, **keys, **place},
        )
        return done.stdout

    def held_back(self, path: str, body: bytes) -> tuple[threading.Event, threading.Event]:
        """See Server."""
        return self.web.held_back(path, body)

    def keep(self, name: str, data: bytes, content_type: str, folder: str = "") -> str:
        """Send a file to be kept, as clients do; its URL."""
        said = {"name": name, "contentType": content_type, "size": len(data), "folder": folder}
        status, made = self.call("POST", "/v2/media/file", said)
        assert status == 200, made
        headers = {"Content-Type": content_type}
        request = urllib.request.Request(made["uploadUrl"], data, headers, method="PUT")
        urllib.request.urlopen(request, timeout=PATIENCE_S).close()
        return str(made["fileUrl"])

    def executions(self) -> int:
        return len(self.stack.executions())

    def objects(self) -> S3Objects:
        scratch = ScratchFolder(self.folder / "scratch")
        return S3Objects(self.stack.client("s3"), self.bucket, scratch)

    def projects(self) -> DynamoProjects:
        client, name = self.stack.client("dynamodb"), self.stack.outputs["TableName"]
        return DynamoProjects(DynamoTable(client, name))

    @property
    def bucket(self) -> str:
        return self.stack.outputs["BucketName"]

    def segments(self) -> list[str]:
        """The keys of all segments in the cache."""
        return [stored.key for stored in self.objects().list("scenes/segment/")]


def is_running(execution: dict[str, Any]) -> bool:
    return bool(execution["status"] == "RUNNING")
