"""Canaries in every place where a secret can lie, through whatever can fail: in no line of the log
of `resplice serve`, in nothing that others are given, and in no file that has no need of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import receivers
from canaries import Canaries, exported, exports, image, paid_for, scene, sources, wrong
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.replicate import ReplicateServer
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.http_server.front import HttpFront
from resplice.adapters.http_server.uploads import PREFIX
from resplice.cli.main import main
from served import Calls, running
from web_server import Server, serving

PROVIDERS = ("elevenlabs", "replicate")


@pytest.fixture
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def enter(data: Path, kind: str, url: str, key: str, patched: pytest.MonkeyPatch) -> None:
    """A connection that has the name of its kind."""
    reading, writing = os.pipe()
    os.write(writing, key.encode())
    os.close(writing)
    with os.fdopen(reading) as given:
        patched.setattr("sys.stdin", given)
        words = ["connections", "add", "--kind", kind, "--name", kind, "--endpoint", url]
        assert main([*words, "--data", str(data)]) == 0


def call_all(server: Keyed, canaries: Canaries) -> None:
    """Requests with secrets in their headers, queries and paths, which are refused."""
    guess, idle = canaries.of("guessed-key"), canaries.of("idempotency")
    for path in ("/v2/movies", f"/v2/movies?x-api-key={guess}&token={guess}", f"/{guess}"):
        server.call("GET", path, key=guess, authorization=f"Bearer {guess}", cookie=f"k={guess}")
    for path in ("/v2/movies", "/v2/bulk", "/v2/media/file", "/v2/templates", "/v2/cache/purge"):
        for body in wrong(canaries):
            server.call("POST", path, body, Idempotency_Key=idle)
    server.call("PUT", f"{PREFIX}{canaries.of('upload')}", b"abc")
    server.call("PUT", f"/v2/media/uploads/{canaries.of('upload')}", b"abc")
    body = exported(2, {"type": "webhook", "endpoint": f"https://x.example/{canaries.of('hook')}"})
    server.call("POST", "/v2/movies?dry-run=true", body, Idempotency_Key=idle)
    row = {"a": f"http://10.0.0.1/a.png?sig={canaries.of('row')}"}
    server.call("POST", "/v2/bulk", {"movie": scene(image("{{ a }}")), "rows": [row]})


@dataclass(frozen=True)
class Keyed(Calls):
    """A server, called with a key."""

    port: int
    key: str

    def call(self, *words: Any, key: str | None = None, **more: Any) -> Any:
        return super().call(*words, key=key or self.key, **more)

    def told(self, project: str) -> dict[str, Any]:
        """Its movie, once it has ended and who is to be told of it was tried."""
        movie = self.ended(project)
        if movie.get("exports"):
            self.until(project, lambda each: each["exports"][0]["attempts"] > 0)
        return movie


def test_no_log_no_receiver_and_no_file_is_told_one(
    tmp_path: Path, web: Server, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, log, key = tmp_path / "data", tmp_path / "log", canaries.of("server-key")
    said = {
        "RESPLICE_SMTP_URL": f"smtp://ann:{canaries.of('smtp')}@127.0.0.1:9",
        "RESPLICE_WEBHOOK_SECRET": canaries.of("webhook-signing"),
        "RESPLICE_API_KEY_FILE": str(tmp_path / "key"),
    }
    (tmp_path / "key").write_text(key)
    assert main(["sign", "init", "--data", str(data)]) == 0
    with (
        ElevenLabsServer(canaries.of("elevenlabs")) as speaks,
        ReplicateServer() as draws,
        receivers.ftp(tmp_path) as ftp,
        receivers.sftp(tmp_path, asyncssh.generate_private_key("ssh-ed25519")) as sftp,
    ):
        keys = [*map(canaries.of, PROVIDERS)]
        for name, key_of, provider in zip(PROVIDERS, keys, (speaks, draws), strict=True):
            enter(data, name, provider.url(), key_of, monkeypatch)
        ports = (ftp.port, sftp.port)
        opened = [
            word
            for port in (web.server_port, *ports)
            for word in ("--allow-source", f"127.0.0.1:{port}")
        ]
        with running(data, *opened, said=said, log=log) as server:
            calls = Keyed(server.port, key)
            call_all(calls, canaries)
            movies = [*sources(web, canaries), *exports(web, canaries, ports)]
            movies += paid_for(speaks, draws, PROVIDERS, keys)
            ended = [calls.told(project) for project in [*map(calls.post, movies)]]
            assert {movie["status"] for movie in ended} == {"done", "error"}
            manifests = [
                calls.json("GET", f"/v2/movies/{each['project']}/manifest") for each in ended
            ]
            server.stop()
    assert canaries.seen_in(log.read_text()) == []
    assert canaries.seen_in(json.dumps(manifests)) == []
    hooks = [body.decode() for path, _, body in web.told if path.startswith("/hook")]
    assert any("Failed to download" in body for body in hooks), "who is told of a failure"
    assert canaries.seen_in("\n".join(hooks)) == []
    assert canaries.seen_in(json.dumps([movie["message"] for movie in ended])) == []
    assert canaries.seen_in(json.dumps([movie.get("exports") for movie in ended])) == []
    kept = {*("server-key", *PROVIDERS, "guessed-key", "idempotency", "smtp", "webhook-signing")}
    for file in (path for path in data.rglob("*") if path.is_file()):
        found = canaries.seen_in(file.read_bytes().decode("latin-1"))
        assert not kept & {*found}, file
        assert not found or file.name.startswith("records.sqlite"), (file, found)


TALKS = """
import logging, sys
from pathlib import Path
from resplice.wiring.local import local
with local(Path(sys.argv[1])):
    log = logging.getLogger("made.later")
    try:
        raise ValueError("at https://u:canary@x.example/a?sig=canary") from OSError("wss://x/?canary")
    except ValueError as error:
        log.exception("fails: %s", error)
    log.warning("'%s' (404)", "http://x.example/b?token=canary")
    log.warning("%s", "https://hooks.slack.com/services/T0/canary")
"""


def test_what_python_prints_of_a_fault_is_bare(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TALKS, str(tmp_path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert "canary" not in said
    assert said.count("https://x.example/a?…") == 2 and "Traceback" in said and "wss://x/" in said
    assert "'http://x.example/b?… (404)" in said


def test_an_interrupt_ends_a_process_as_one_does() -> None:
    from_here = "from resplice.adapters.bare_logs import keep_bare\nkeep_bare()\n"
    ends = []
    for begins in ("", from_here):
        command = [sys.executable, "-c", f"{begins}raise KeyboardInterrupt"]
        ends.append(subprocess.run(command, capture_output=True).returncode)
    assert ends[0] == ends[1] != 1


def test_a_request_that_fails_is_logged_without_its_secrets(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, canaries: Canaries
) -> None:
    def fail(event: Any, context: Any) -> Any:
        raise OSError("no luck")

    objects = DiskObjects(tmp_path, None, protects=False)
    refuse = lambda path: fail(path, None) if path.startswith(PREFIX) else None  # noqa: E731
    with closing(objects), HttpFront(0, fail, objects, lambda: "", locate=refuse) as front:
        front.start()
        calls = Keyed(front.port, "k")
        secret = canaries.of("target")
        for path in (f"/v2/movies?x-api-key={secret}", f"{PREFIX}{secret}", "/v2/movies"):
            assert calls.call("PUT", path, b"", key=secret)[0].status == 500
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [
        f"PUT {path} failed" for path in ("/v2/movies…", f"{PREFIX}…", "/v2/movies")
    ]
    assert canaries.seen_in(caplog.text) == []
