"""Webhooks: what a receiver is told at a movie's end, in which form, and what is known of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest
from api_places import Place
from served import TIMESTAMP
from spec_rows import Ask, Row, filled, fits, row
from web_server import Handler, Server

POST, GET = "POST /v2/movies", "GET /v2/movies?project="
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FORMS = {"json": JSON, JSON: JSON, "urlencoded": FORM, FORM: FORM}
"""What a document may say, and what is sent then; JSON when it says nothing."""
DATA = {"order": "ord_42", "texts": ["é", 1]}
OF_MOVIE: Mapping[str, Any] = {
    "width": "64",
    "height": "50",
    "duration": re.compile(r"1(\.0+)?"),
    "size": re.compile("[1-9][0-9]*"),
    "url": re.compile(r"http://.*\.mp4"),
    "project": "{done}",
    "id": "mine",
    "status": "done",
    "message": "",
    "success": True,
    "client-data": DATA,
}
"""At the top; numbers are texts."""
IN_MOVIE: Mapping[str, Any] = {
    "movie.success": True,
    "movie.status": "done",
    "movie.project": "{done}",
    "movie.url": re.compile(r"http://.*\.mp4"),
    "movie.thumbnail": re.compile(r"http://.*\.jpg"),
    "movie.duration": 1.0,
    "movie.size": int,
    "movie.width": 64,
    "movie.height": 50,
    "movie.created_at": TIMESTAMP,
    "movie.ended_at": TIMESTAMP,
    "movie.client-data": DATA,
}
DELIVERED = {
    "movie.exports.0.type": "webhook",
    "movie.exports.0.status": "delivered",
    "movie.exports.0.attempts": int,
    "movie.exports.0.last_error": None,
    "movie.exports.0.delivered_at": TIMESTAMP,
    "movie.exports.0.next_attempt_at": None,
}
GONE = {"type": "image", "src": "{web}/gone.png"}
RETRY = "POST /v2/movies/{own}/exports/retry"


def hook(path: str, form: str | None = None) -> dict[str, Any]:
    """form: the content-type, when it is said."""
    said = {} if form is None else {"content-type": form}
    return {"type": "webhook", "endpoint": f"{{web}}{path}", **said}


def sent_to(*destinations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The one movie of these tests, whose end is told there."""
    scene = {"duration": 1, "background-color": "#0d1c2b"}
    own = {"width": 64, "height": 50, "fps": 10, "scenes": [scene], **more}
    return {**own, "exports": [{"destinations": [*destinations]}]} if destinations else own


def created(document: dict[str, Any]) -> Ask:
    return Ask(POST, only="success project", sends=document, keeps={"own": "project"})


def known(**has: Any) -> Ask:
    """What is known of the first delivery, in time."""
    told = {f"movie.exports.0.{name}": value for name, value in has.items()}
    return Ask(f"{GET}{{own}}", has=told, in_time=True)


ROWS = (
    row(
        "a movie shows where it is sent, without secrets, and what became of that",
        created(sent_to(hook("/taken?token=hidden"))),
        Ask(
            f"{GET}{{own}}",
            has={
                **DELIVERED,
                "movie.exports.0.id": "{own}-1",
                "movie.exports.0.where": "{web}",
                "movie.exports.0.attempts": 1,
            },
            in_time=True,
        ),
    ),
    row(
        "a movie that is sent nowhere shows nothing of it",
        created(sent_to()),
        Ask(f"{GET}{{own}}", lacks=("movie.exports",)),
    ),
    row(
        "a receiver that is gone has failed, is asked no more by itself, but when somebody says so",
        created(sent_to(hook("/gone-for-good"))),
        known(
            status="failed",
            attempts=1,
            last_error="410: it is gone, and is not told again",
            delivered_at=None,
            next_attempt_at=None,
        ),
        Ask(
            RETRY,
            has={"project": "{own}", "exports.0.id": "{own}-1", "exports.0.status": "pending"},
            only="success project exports",
            in_time=True,
        ),
        known(status="failed", attempts=2),
    ),
    row(
        "a receiver that answers no 2xx is asked again, later",
        created(sent_to(hook("/down"))),
        known(status="pending", last_error="answered 500", next_attempt_at=TIMESTAMP),
        Ask(RETRY, has={"exports.0.status": "pending"}, in_time=True),
        known(attempts=2),
    ),
    row(
        "what has arrived is sent once more when all is asked for",
        created(sent_to(hook("/taken"))),
        Ask(f"{GET}{{own}}", has=DELIVERED, in_time=True),
        Ask(RETRY, has={"exports.0.status": "delivered"}, in_time=True),
        Ask(f"{RETRY}?all=true", has={"exports.0.status": "pending"}, in_time=True),
        Ask(f"{GET}{{own}}", has={**DELIVERED, "movie.exports.0.attempts": 2}, in_time=True),
    ),
    row(
        "what has no exports is not sent once more",
        created(sent_to()),
        Ask(RETRY, 400, {"success": False, "message": re.compile(".*has no exports")}),
    ),
    row(
        "nor is what nobody knows",
        Ask(
            "POST /v2/movies/ZZZZZZZZZZZZZZZZ/exports/retry",
            400,
            {"success": False, "message": re.compile("No movie found.*")},
        ),
    ),
    row(
        "nor what is another's",
        created(sent_to(hook("/taken"))),
        Ask(RETRY, 400, {"message": re.compile("No movie found.*")}, key="stranger"),
    ),
    *(
        row(f"{says} is refused", Ask(POST, 400, {"message": re.compile(words)}, sends=document))
        for says, words, document in (
            ("no endpoint", ".*requires a 'endpoint' property.*", sent_to({"type": "webhook"})),
            (
                "another than https",
                ".*must be an https URL.*",
                sent_to({"type": "webhook", "endpoint": "ftp://a.b"}),
            ),
            ("an unknown form", ".*content-type.*", sent_to(hook("/a", "yaml"))),
            (
                "one that is no destination of anything",
                ".*requires 'destinations'.*",
                {**sent_to(), "exports": [hook("/a")]},
            ),
        )
    ),
    row(
        "all that is wrong with exports is told at once, each in its place",
        Ask(
            POST,
            400,
            {
                "errors.0.path": "exports[0].destinations[0].type",
                "errors.1.path": "exports[0].destinations[1].endpoint",
                "errors.2.path": "exports[0].destinations[2].username",
                "errors.3.path": "exports[1]",
                "errors.3.message": re.compile(".*'destination' is not known, did you mean.*"),
            },
            sends={
                **sent_to(),
                "exports": [
                    {
                        "destinations": [
                            {**hook("/a"), "type": "webhok"},
                            {"type": "webhook", "endpoint": "notaurl"},
                            {"type": "ftp", "host": "ftp.example.com", "password": "p"},
                        ]
                    },
                    {"destination": [hook("/a")]},
                ],
            },
        ),
    ),
)


@pytest.fixture(scope="module")
def made(api: Place, web: Server) -> dict[str, Any]:
    """done: a movie that was told in each form, in turn; hit: the same once more; failed: another.
    told: what the receiver was sent, by whose it is.
    """
    answers = {"/taken": 200, "/down": 500, "/gone-for-good": 410}
    web.answers |= {path: answering(status) for path, status in answers.items()}
    api.let_in("stranger")
    mine = {"id": "mine", "client-data": DATA}
    documents = {
        "done": sent_to(*(hook("/taken", form) for form in (None, *FORMS)), **mine),
        "hit": sent_to(hook("/taken"), **mine),
        "failed": sent_to(hook("/taken"), scenes=[{"elements": [GONE]}]),
    }
    own: dict[str, Any] = {"web": web.url("")}
    for name, document in documents.items():
        own[name] = api.post(filled(document, own))
        api.until(own[name], lambda each: all(to["delivered_at"] for to in each["exports"]))
    sent = [(headers, body) for path, headers, body in web.told if path == "/taken"]
    own["told"] = {
        name: [each for each in sent if each[0]["X-Resplice-Delivery"].startswith(own[name])]
        for name in documents
    }
    return own


def answering(status: int) -> Callable[[Handler], object]:
    return lambda to: to.give(status)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place, made: dict[str, Any]) -> None:
    row.hold(api, made)


@pytest.mark.parametrize("place", range(len(FORMS) + 1), ids=["nothing", *FORMS])
def test_the_end_is_told_in_the_form_that_is_asked_for(place: int, made: dict[str, Any]) -> None:
    headers, body = made["told"]["done"][place]
    assert headers["Content-Type"] == [JSON, *FORMS.values()][place]
    check(read(headers, body), {**OF_MOVIE, **IN_MOVIE}, made)


def test_what_is_told_is_what_the_status_says(api: Place, made: dict[str, Any]) -> None:
    told, shown = read(*made["told"]["done"][0]), api.poll(made["done"])
    assert (told["url"], told["size"]) == (shown["url"], str(shown["size"]))
    assert {name: shown[name] for name in told["movie"]} == told["movie"]


def test_destinations_are_told_in_turn_and_once_and_each_by_its_name(made: dict[str, Any]) -> None:
    names = [headers["X-Resplice-Delivery"] for headers, _ in made["told"]["done"]]
    assert names == [f"{made['done']}-{place + 1}" for place in range(len(FORMS) + 1)]


def test_a_movie_that_was_there_already_is_told_as_well(made: dict[str, Any]) -> None:
    [(headers, body)] = made["told"]["hit"]
    hit = {"project": "{hit}", "movie.project": "{hit}"}
    check(read(headers, body), {**OF_MOVIE, **IN_MOVIE, **hit}, made)


def test_a_failure_is_told_as_well(made: dict[str, Any]) -> None:
    [(headers, body)] = made["told"]["failed"]
    message = "Scene #1, element #1: Failed to download '{web}/gone.png' (404)"
    flat = {"success": False, "status": "error", "message": message, "project": "{failed}"}
    without = {"url": "", "width": "", "size": "", "id": "", "client-data": {}}
    inner = {f"movie.{name}": value for name, value in flat.items()}
    check(read(headers, body), {**flat, **without, **inner, "movie.url": None}, made)


@pytest.mark.parametrize("name", ["done", "hit", "failed"])
def test_what_is_told_is_signed(name: str, api: Place, made: dict[str, Any]) -> None:
    for headers, body in made["told"][name]:
        signed = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Resplice-Signature"])
        assert signed
        mac = hmac.new(api.secret(), f"{signed[1]}.".encode() + body, hashlib.sha256)
        assert mac.hexdigest() == signed[2]


def read(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """What a receiver has read: of a form, JSON in its fields too."""
    if headers["Content-Type"] == JSON:
        return dict(json.loads(body))
    flat = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    nested = ("client-data", "success", "movie")
    return {**flat, **{name: json.loads(flat[name]) for name in nested}}


def check(told: dict[str, Any], has: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    wanted = filled(dict(has), made)
    assert [path for path, what in wanted.items() if not fits(told, path, what)] == [], told
