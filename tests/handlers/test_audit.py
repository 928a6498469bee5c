"""Who changed something, when and from where: each act of the API and of commands is one line of
the audit log. The table of routes is walked: a new one cannot forget it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from canaries import Canaries, queried
from resplice.adapters.disk.audit import NAME
from resplice.api import app
from resplice.api.operation import Operation
from resplice.cli.main import main
from served import KEY, Served, running
from web_server import serving

TINY = {"width": 64, "height": 64, "scenes": [{"duration": 0.1}]}
ACTING = [operation for operation in app.OPERATIONS if operation.acts]
LOOKING = [operation for operation in app.OPERATIONS if not operation.acts]


def lines(data: Path) -> list[dict[str, Any]]:
    file = data / NAME
    return [*map(json.loads, file.read_text().splitlines())] if file.exists() else []


def path_of(operation: Operation) -> str:
    return re.sub(r"\{\w+\}", "AbCdEfGhIjKlMnOp", operation.path)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audited")


@pytest.fixture(scope="module")
def server(data: Path) -> Any:
    with running(data, "--api-key", KEY) as served:
        yield served


def test_all_that_may_change_something_is_walked() -> None:
    assert {operation.method for operation in LOOKING} == {"GET"}
    assert len(ACTING) >= 13 and "POST /v2/movies" in {f"{o.method} {o.path}" for o in ACTING}
    assert all(operation.role for operation in ACTING), "nobody acts without a key"


@pytest.mark.parametrize("operation", ACTING, ids=lambda each: f"{each.method} {each.path}")
@pytest.mark.parametrize("body", [{}, "no JSON", [1]], ids=["object", "text", "list"])
def test_every_route_that_may_change_something_tells_one_line(
    server: Served, data: Path, operation: Operation, body: Any
) -> None:
    before = len(lines(data))
    sent = body if not isinstance(body, str) else body.encode()
    status = server.call(operation.method, path_of(operation), sent)[0].status
    (line,) = lines(data)[before:]
    assert line["act"] == f"{operation.method} {operation.path}" and line["status"] == status
    assert (line["from"], line["owner"], line["key"]) == ("127.0.0.1", "self", "-")
    assert line.keys() == {"at", "act", "status", "owner", "key", "key_id", "from", "about"}


@pytest.mark.parametrize("operation", LOOKING, ids=lambda each: f"{each.method} {each.path}")
def test_who_looks_is_not_told_of(server: Served, data: Path, operation: Operation) -> None:
    before = len(lines(data))
    server.call("GET", path_of(operation))
    server.call("POST", "/v2/movies?dry-run=true", TINY)
    server.call("DELETE", "/v2/movies", key="wrong")
    assert len(lines(data)) == before


def test_it_says_who_what_and_from_where_and_no_secret(tmp_path: Path) -> None:
    canaries = Canaries()
    assert (
        main(["keys", "create", "--role", "editor", "--expires", "9d", "--data", str(tmp_path)])
        == 0
    )
    with serving() as web, running(tmp_path, "--api-key", KEY) as server:
        src = queried(web, "/a.png", canaries, "src")
        movie = {**TINY, "elements": [{"type": "image", "src": src}], "id": canaries.of("document")}
        more = {"X_Forwarded_For": "203.0.113.9, 10.0.0.1", "Idempotency_Key": canaries.of("once")}
        status, made = server.json("POST", "/v2/movies", movie, **more)
        assert status == 200
        server.json("DELETE", f"/v2/movies?project={made['project']}&token={canaries.of('query')}")
        file = {"name": "a.png", "contentType": "image/png", "size": 3, "folder": "logos"}
        server.json("POST", "/v2/media/file", file)
        template = {"name": "Spring", "movie": TINY}
        server.json("POST", "/v2/templates", template)
    created, posted, deleted, kept, saved = lines(tmp_path)
    assert created["act"] == "keys create" and created["from"] == "command line" and created["user"]
    assert created["about"]["role"] == "editor" and len(created["about"]["key_id"]) == 12
    assert posted["about"] == {"project": made["project"]}
    assert posted["forwarded_for"] == "203.0.113.9, 10.0.0.1"
    assert deleted["about"] == {"project": made["project"]} and deleted["status"] == 200
    assert kept["about"] == {"name": "a.png", "folder": "logos"}
    assert saved["about"].keys() == {"name", "templateId"}
    assert canaries.seen_in((tmp_path / NAME).read_text()) == []
    assert KEY not in (tmp_path / NAME).read_text()


@pytest.mark.parametrize("name", ["template", r"\u0074emplate"], ids=["plain", "hidden"])
@pytest.mark.parametrize("chars", [1, 200_000], ids=["small", "large"])
def test_of_which_template_a_movie_is_made_is_told(
    server: Served, data: Path, name: str, chars: int
) -> None:
    made = server.json("POST", "/v2/templates", {"name": "Spring", "movie": TINY})[1]["templateId"]
    body = f'{{"{name}": "{made}", "variables": {{"words": "{"w" * chars}"}}}}'.encode()
    assert server.json("POST", "/v2/movies", body)[0] == 200
    assert lines(data)[-1]["about"].keys() == {"project", "template"}
    assert lines(data)[-1]["about"]["template"] == made


def test_commands_tell_what_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path)]
    (tmp_path / "movie.json").write_text(json.dumps(TINY))
    secret = tmp_path / "secret"
    secret.write_text("sk_canary-of-a-connection")

    def done(*words: str) -> str:
        with secret.open() as given:
            monkeypatch.setattr("sys.stdin", given)
            assert main([*words, *place]) == 0
        return capsys.readouterr().out.strip()

    text = done("keys", "create", "--role", "viewer", "--expires", "never", "--owner", "acme")
    done("keys", "revoke", "viewer-1")
    done("connections", "add", "--kind", "elevenlabs", "--name", "mine")
    done("connections", "remove", "mine")
    template = done("templates", "create", str(tmp_path / "movie.json"))
    done("templates", "delete", template)
    public = done("sign", "init")
    for looks in ("keys", "connections", "templates"):
        done(looks, "list")
    told = [(line["act"], line["owner"], line["about"]) for line in lines(tmp_path)]
    key = {"key": "viewer-1", "key_id": told[0][2]["key_id"], "role": "viewer"}
    assert told == [
        ("keys create", "acme", key),
        ("keys revoke", "acme", key),
        ("connections add", "self", {"connection": "mine", "kind": "elevenlabs"}),
        ("connections remove", "self", {"connection": "mine"}),
        ("templates create", "self", {"template": template}),
        ("templates delete", "self", {"template": template}),
        ("sign init", "self", {"public_key": public}),
    ]
    written = (tmp_path / NAME).read_text()
    assert text not in written and "canary" not in written


def test_what_was_done_is_done_where_the_log_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).mkdir()
    words = ["keys", "create", "--role", "viewer", "--expires", "9d", "--data", str(tmp_path)]
    assert main(words) == 0
    assert len(capsys.readouterr().out.strip()) == 40
    assert "keys create was done, and the audit log does not tell it" in caplog.text
    with running(tmp_path, "--api-key", KEY) as server:
        assert server.json("POST", "/v2/movies", TINY)[0] == 200
