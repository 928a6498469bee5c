"""Exports by the API, on both that keep records: what is refused, what is shown, what is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import cloud
import pytest
from api_calls import MOVIE, Noted, call, movie_of, play, posted, use
from resplice.adapters.dynamodb.cache_index import DynamoCacheIndex
from resplice.adapters.dynamodb.leases import DynamoLeases
from resplice.adapters.dynamodb.outbox import DynamoOutbox
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.core.addresses import AllowedSource
from resplice.ports import Ports
from resplice.steps.deliver.rounds import Deliverer
from resplice.wiring.local import local
from web_server import Server, serving

HIDDEN = "hunter2-hidden"
BASE_URL = "https://movies.example"


@dataclass
class Told:
    """Tells at once, in the thread of whoever ends a project."""

    deliverer: list[Deliverer]

    def tell(self, project_id: str) -> None:
        self.deliverer[0].deliver(project_id)


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "dynamodb"])
def ports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, web: Server
) -> Iterator[Ports]:
    with ExitStack() as stack:
        allowed = [AllowedSource("127.0.0.1", web.server_port)]
        made = stack.enter_context(local(tmp_path_factory.mktemp("data"), allowed=allowed))
        if request.param == "dynamodb":
            made = replace(made, **in_dynamodb())
        told = Told([])
        made = replace(made, telling=told)
        told.deliverer.append(Deliverer(made, BASE_URL))
        yield made


def in_dynamodb() -> dict[str, Any]:
    table = DynamoTable(cloud.client("dynamodb"), cloud.new_table())
    return {
        "projects": DynamoProjects(table),
        "cache_index": DynamoCacheIndex(table),
        "leases": DynamoLeases(table),
        "outbox": DynamoOutbox(table),
    }


@pytest.fixture(autouse=True)
def workflow(ports: Ports, web: Server, request: pytest.FixtureRequest) -> Noted:
    noted = Noted()
    use(ports, noted, f"{request.node.originalname}".replace("_", "-")[:60])
    web.told.clear()
    web.answers["/hook"] = lambda to: to.give(200)
    return noted


def movie(colour: str, *destinations: dict[str, Any], **more: Any) -> dict[str, Any]:
    scenes = [{"duration": 0.2, "background-color": colour}]
    return {**MOVIE, "scenes": scenes, "exports": [{"destinations": [*destinations]}], **more}


def hook(web: Server, **more: Any) -> dict[str, Any]:
    return {"type": "webhook", "endpoint": web.url("/hook?token=hidden"), **more}


def test_done_a_hit_and_a_failure_are_told(ports: Ports, web: Server, workflow: Noted) -> None:
    document = movie("#203040", hook(web), id="mine", **{"client-data": {"n": 1}})
    first = posted(document)
    waiting = movie_of(first)["exports"]
    assert [(each["status"], each["attempts"]) for each in waiting] == [("pending", 0)]
    play(first, ports)
    [export] = movie_of(first)["exports"]
    assert export == {
        "id": f"{first}-1",
        "type": "webhook",
        "where": web.url(""),
        "status": "delivered",
        "attempts": 1,
        "last_error": None,
        "delivered_at": export["delivered_at"],
        "next_attempt_at": None,
    }
    again = posted(document)
    assert movie_of(again)["status"] == "done"
    failing = {"type": "image", "src": web.url("/missing")}
    web.answers["/missing"] = lambda to: to.give(404)
    failed = posted(movie("#203041", hook(web), elements=[failing]))
    play(failed, ports)
    told = [json.loads(body) for _, _, body in web.told]
    assert [(each["project"], each["status"]) for each in told] == [
        *((first, "done"), (again, "done"), (failed, "error"))
    ]
    assert told[0]["url"] == told[1]["url"] == movie_of(first)["url"]
    assert told[0]["id"] == "mine" and told[0]["client-data"] == {"n": 1}
    assert "404" in told[2]["message"] and not told[2]["success"]


def test_equal_movies_are_one_render_and_each_is_told(ports: Ports, web: Server) -> None:
    projects = [posted(movie("#203042", hook(web), id=name)) for name in ("a", "b", "c")]
    play(projects[0], ports)
    told = [json.loads(body) for _, _, body in web.told]
    assert {(each["project"], each["id"]) for each in told} == {
        *zip(projects, ("a", "b", "c"), strict=True)
    }


def test_what_failed_is_sent_once_more_under_the_same_id(ports: Ports, web: Server) -> None:
    web.answers["/hook"] = lambda to: to.give(410)
    project = posted(movie("#203043", hook(web), hook(web)))
    play(project, ports)
    states = [(each["status"], each["last_error"]) for each in movie_of(project)["exports"]]
    assert states == [("failed", "410: it is gone, and is not told again")] * 2
    web.answers["/hook"] = lambda to: to.give(200)
    status, answer = call("POST", f"/v2/movies/{project}/exports/retry")
    assert status == 200 and answer["success"] and answer["project"] == project
    assert [each["status"] for each in movie_of(project)["exports"]] == ["delivered"] * 2
    assert call("POST", f"/v2/movies/{project}/exports/retry?all=true")[0] == 200
    ids = [headers["X-Resplice-Delivery"] for _, headers, _ in web.told]
    assert ids == [f"{project}-1", f"{project}-2"] * 3


def test_what_cannot_be_sent_once_more(ports: Ports, web: Server) -> None:
    unended = posted(movie("#203044", hook(web)))
    silent = posted(movie("#203045"))
    for path, status, words in (
        (f"{unended}/exports/retry", 409, "has not ended"),
        (f"{silent}/exports/retry", 400, "has no exports"),
        ("JkGxEoPRF9EgRb32/exports/retry", 400, "No movie found"),
        (f"{unended}/exports/retry?all=x", 400, "'all' must be true or false"),
    ):
        got, answer = call("POST", f"/v2/movies/{path}")
        assert (got, answer["success"]) == (status, False) and words in answer["message"]
    assert call("GET", f"/v2/movies/{unended}/exports/retry")[0] == 405
    use(ports, Noted(), "another")
    assert call("POST", f"/v2/movies/{unended}/exports/retry")[0] == 400


def test_a_password_is_in_no_answer_and_in_no_log(
    ports: Ports, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account = {"type": "ftp", "host": "192.0.2.1", "username": "u"}
    document = movie(
        "#203046",
        {**account, "password": "{{ pw }}"},
        {"type": "sftp", "host": "127.0.0.1", "username": "u", "password": HIDDEN},
        variables={"pw": HIDDEN},
    )
    project = posted(document)
    play(project, ports)
    told = movie_of(project)
    assert [each["status"] for each in told["exports"]] == ["failed", "failed"]
    assert {each["last_error"] for each in told["exports"]} == {
        "the address is not public: on one machine, --allow-source HOST:PORT opens it"
    }
    assert HIDDEN not in json.dumps(told) and HIDDEN not in caplog.text
    kept = json.loads(told["json"])
    assert kept["exports"][0]["destinations"][0]["password"] == "{{ pw }}"
    assert kept["variables"] == {"pw": "********"}
    status, listed = call("GET", "/v2/movies")
    assert status == 200 and HIDDEN not in json.dumps(listed)


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ({"type": "webhook"}, ".endpoint", "requires a 'endpoint' property"),
        ({"type": "carrier-pigeon"}, ".type", "must be one of webhook, ftp, sftp, email, s3"),
        ({"id": "nobody"}, "", "There is no connection 'nobody'"),
    ],
)
def test_a_wrong_destination_is_refused_with_its_path(
    said: dict[str, Any], path: str, words: str
) -> None:
    status, answer = call("POST", "/v2/movies", movie("#203047", said))
    assert status == 400 and words in answer["message"]
    assert answer["errors"][0]["path"] == f"exports[0].destinations[0]{path}"


def test_exports_are_no_part_of_what_a_movie_is(ports: Ports, web: Server) -> None:
    first = posted(movie("#203048"))
    play(first, ports)
    assert movie_of(posted(movie("#203048", hook(web))))["status"] == "done"
    assert len(web.told) == 1 and "exports" not in movie_of(first)
