"""What the client sends, when it sends it again, and what it makes of answers."""

from __future__ import annotations

import socket
from email.utils import formatdate
from time import time

import pytest
from resplice.client import ApiError, Client, Invalid, NoAnswer
from scripted_api import Said, ScriptedApi

PROJECT = "AbCdEfGhIjKlMnOp"
CREATED = {"success": True, "project": PROJECT, "timestamp": "2026-11-28T10:00:00.000Z"}
DONE = {"success": True, "movie": {"project": PROJECT, "status": "done"}}


@pytest.mark.parametrize("root", ["", "/", "/v2", "/v2/"])
def test_a_movie_is_posted_with_the_key(api: ScriptedApi, root: str) -> None:
    api.will_say(CREATED)
    assert Client(api.url + root, "sesame").create({"scenes": [{"é": 1}]}) == PROJECT
    [sent] = api.seen
    assert (sent.method, sent.path) == ("POST", "/v2/movies")
    assert sent.json == {"scenes": [{"é": 1}]}
    assert sent.headers["x-api-key"] == "sesame"
    assert sent.headers["content-type"] == "application/json"
    assert "idempotency-key" not in sent.headers


@pytest.mark.parametrize("document", ['{"scenes": []}', b'{"scenes": []}'])
def test_a_document_may_be_text(api: ScriptedApi, client: Client, document: str | bytes) -> None:
    api.will_say(CREATED)
    client.create(document)
    assert api.seen[0].body == b'{"scenes": []}'


def test_without_a_key_none_is_sent(api: ScriptedApi) -> None:
    api.will_say(DONE)
    Client(api.url).status(PROJECT)
    assert "x-api-key" not in api.seen[0].headers


def test_a_look_is_repeated_with_growing_pauses(
    api: ScriptedApi, client: Client, paused: list[float]
) -> None:
    api.will_say(Said(b"<html>", 502), Said(dead=True), Said({"error": "x"}, 500), DONE)
    assert client.status(PROJECT).is_done
    assert paused == [0.5, 1, 2]


def test_a_look_is_not_repeated_for_ever(
    api: ScriptedApi, client: Client, paused: list[float]
) -> None:
    api.will_say(*[Said({"error": "still starting"}, 503)] * 4)
    with pytest.raises(ApiError) as refused:
        client.status(PROJECT)
    assert (refused.value.status, refused.value.message) == (503, "still starting")
    assert len(paused) == 3 and api.says == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_movie_is_not_posted_twice_by_itself(
    api: ScriptedApi, client: Client, status: int
) -> None:
    """It might have been taken: a project more costs money at some servers."""
    api.will_say(Said({"message": "Internal error"}, status))
    with pytest.raises(ApiError, match="Internal error"):
        client.create({})
    api.will_say(Said(dead=True))
    with pytest.raises(NoAnswer):
        client.create({})
    assert len(api.seen) == 2


def test_a_movie_with_a_key_of_its_own_is_posted_again(api: ScriptedApi, client: Client) -> None:
    api.will_say(Said(dead=True), Said({"message": "x"}, 500), CREATED)
    assert client.create({}, idempotency_key="order-7") == PROJECT
    assert [sent.headers["idempotency-key"] for sent in api.seen] == ["order-7"] * 3


def test_the_server_says_how_long_to_wait(
    api: ScriptedApi, client: Client, paused: list[float]
) -> None:
    """Also to a POST: what was refused for now was not taken."""
    in_an_hour = formatdate(time() + 3600, usegmt=True)
    api.will_say(Said({"message": "Too many"}, 429, {"Retry-After": "7"}))
    api.will_say(Said({"message": "Too many"}, 429, {"Retry-After": "soon"}), CREATED)
    assert client.create({}) == PROJECT
    assert paused == [7, 1]
    for said, seconds in (("3600", 3600), (in_an_hour, pytest.approx(3600, abs=5))):
        api.will_say(Said({"message": "Too many"}, 429, {"Retry-After": said}))
        with pytest.raises(ApiError) as refused:
            client.create({})
        assert refused.value.retry_after_s == seconds
    assert len(paused) == 2


def test_a_server_that_is_not_there(paused: list[float]) -> None:
    """Nothing was sent, so anything may be tried again."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{unused.getsockname()[1]}", sleep=paused.append)
        with pytest.raises(NoAnswer, match="did not answer"):
            client.create({})
    assert len(paused) == 3


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            Said({"success": False, "message": "Error: Invalid API Key"}, 400),
            "Error: Invalid API Key",
        ),
        (Said({"message": "Bad", "code": "E1002"}, 400), "Bad"),
        (Said({"error": "Bad"}, 400), "Bad"),
        (Said(b"<html>", 403), "Forbidden"),
        (Said(b"", 499), "The request failed"),
        (Said({}, 308), "Permanent Redirect"),
        (Said(b"[1]", 200), "The answer is no JSON object: is this the address of the API?"),
        (Said({"success": False, "message": "No"}, 200), "No"),
    ],
)
def test_what_is_refused_has_words(
    api: ScriptedApi, client: Client, said: Said, message: str
) -> None:
    api.will_say(said)
    with pytest.raises(ApiError) as refused:
        client.create({})
    assert (refused.value.status, refused.value.message) == (said.status, message)
    assert str(refused.value) == f"{message} (HTTP {said.status})"


def test_what_is_wrong_with_a_document_is_told_by_path(api: ScriptedApi, client: Client) -> None:
    errors = [{"path": "scenes[0].duration", "message": "'duration' is no number"}, "odd"]
    api.will_say(Said({"message": "…", "code": 7, "errors": errors}, 400))
    with pytest.raises(ApiError) as refused:
        client.create({})
    assert refused.value.errors == (Invalid("scenes[0].duration", "'duration' is no number"),)
    assert refused.value.code == "7"


def test_an_answer_that_names_no_project_is_told(api: ScriptedApi, client: Client) -> None:
    api.will_say({"hello": "world"})
    with pytest.raises(ApiError, match="names no project"):
        client.create({})
