"""What holds for all operations: who may, other origins, the description of them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.api import app
from resplice.api.openapi import document
from resplice.api.service import Service
from resplice.errors import NotFound, RateLimited, Unavailable
from resplice.ports import Ports
from resplice.steps import access
from resplice.steps.execution.coalesce import Coalescer
from resplice.wiring.local import local
from resplice.wiring.service import LIMITS

PAGE = "https://studio.example"


class Idle:
    def start(self, project_id: str) -> bool:
        return True


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


def service(ports: Ports, **more: Any) -> Service:
    return Service(Coalescer(ports, Idle()), None, "https://movies.example", LIMITS, **more)


def called(service: Service, method: str, path: str, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    context = {"http": {"method": method, "path": path}, "stage": "$default"}
    event = {"version": "2.0", "rawPath": path, "headers": named, "requestContext": context}
    return app.handler(service)(event, None)


def test_no_other_origin_is_let_in_unless_it_is_said(ports: Ports) -> None:
    closed, opened = service(ports), service(ports, cors_origins=frozenset({PAGE}))
    for method in ("GET", "OPTIONS"):
        name = "Access-Control-Allow-Origin"
        assert name not in called(closed, method, "/healthz", origin=PAGE)["headers"]
        assert name not in called(opened, method, "/healthz", origin="https://x.example")["headers"]
        assert called(opened, method, "/healthz", origin=PAGE)["headers"][name] == PAGE


def test_a_preflight_is_told_what_may_be_asked(ports: Ports) -> None:
    opened = service(ports, cors_origins=frozenset({"*"}), keyed=True)
    told = called(opened, "OPTIONS", "/v2/movies", origin=PAGE)
    assert told["statusCode"] == 204 and not told.get("body")
    assert {"GET", "POST"} <= {*told["headers"]["Access-Control-Allow-Methods"].split(", ")}
    assert "x-api-key" in told["headers"]["Access-Control-Allow-Headers"]


def test_who_may_not_is_known_before_a_body_is_read(ports: Ports) -> None:
    admit = app.gate(service(ports, keyed=True))
    key = access.new_key("looks", "viewer", None, ports)
    refused = admit("POST", "/v2/movies", {})
    assert refused and refused["statusCode"] == 400
    assert json.loads(refused["body"])["message"] == "Error: API Key not provided"
    refused = admit("POST", "/v2/movies", {"x-api-key": key})
    assert refused and refused["statusCode"] == 403
    assert admit("GET", "/v2/movies", {"x-api-key": key}) is None
    assert admit("HEAD", "/v2/movies", {"x-api-key": key}) is None
    assert admit("POST", "/nowhere", {}) is None and admit("GET", "/healthz", {}) is None


@pytest.mark.parametrize(
    ("error", "status", "after"),
    [(RateLimited("Slower", 7), 429, "7"), (Unavailable("The disk is full"), 503, "30")],
)
def test_who_comes_too_often_is_told_when_to_come_again(
    error: Exception, status: int, after: str
) -> None:
    told = app.error_response(error, 0)
    assert (told.status_code, told.headers["Retry-After"]) == (status, after)


def test_every_operation_is_described(ports: Ports) -> None:
    told = called(service(ports), "GET", "/openapi.json")
    described = json.loads(told["body"])
    assert described == document(app.OPERATIONS, described["info"]["version"])
    for operation in app.OPERATIONS:
        row = described["paths"][operation.path][operation.method.lower()]
        assert row["summary"] and row["responses"][str(operation.status)]
        refuses = operation.role or operation.body or NotFound in operation.errors
        assert ("400" in row["responses"]) == bool(refuses)
    ids = [row["operationId"] for path in described["paths"].values() for row in path.values()]
    assert len(ids) == len({*ids}) == len(app.OPERATIONS)


def test_the_page_needs_nothing_from_elsewhere(ports: Ports) -> None:
    told = called(service(ports), "GET", "/docs")
    assert told["headers"]["Content-Type"].startswith("text/html")
    assert "/v2/movies" in told["body"] and "default-src 'none'" in str(told["headers"])
    assert not [word for word in ("src='http", 'src="http', "href='http") if word in told["body"]]


def test_an_owner_sees_the_own_projects_only(ports: Ports, tmp_path: Path) -> None:
    own = service(ports, keyed=True)
    keys = {name: access.new_key(f"{name}-1", "render", None, ports, name) for name in ("a", "b")}
    movie = {"width": 64, "height": 64, "scenes": [{"duration": 1}]}
    context = {"http": {"method": "POST", "path": "/v2/movies"}, "stage": "$default"}
    event = {
        **{"version": "2.0", "rawPath": "/v2/movies", "requestContext": context},
        **{"headers": {"x-api-key": keys["a"]}, "body": json.dumps(movie)},
    }
    project = json.loads(app.handler(own)(event, None)["body"])["project"]

    def look(key: str) -> int:
        query = {"queryStringParameters": {"project": project}, "headers": {"x-api-key": key}}
        context = {"http": {"method": "GET", "path": "/v2/movies"}, "stage": "$default"}
        status: int = app.handler(own)({**event, "requestContext": context, **query}, None)[
            "statusCode"
        ]
        return status

    assert (look(keys["a"]), look(keys["b"])) == (200, 400)
