"""What the SDK for PHP sends, byte for byte, and what it reads of the answers.

The bytes are those that PHP 8.2 sent for the SDK's own `hello world`; PHP 7 speaks HTTP/1.0. Both
ask the server to close the connection, and read until it does.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from served import KEY, TIMESTAMP, Calls

HELLO = (
    rb'{"quality":"low","width":64,"height":50,"fps":10,"comment":"Gr\u00f6\u00dfe 1\/2",'
    rb'"draft":true,"scenes":[{"background-color":"#4392F1","duration":1,'
    rb'"elements":[{"type":"text","style":"003","text":"Hello","duration":1}]}]}'
)
PLAIN = b'{"width":64,"height":50,"fps":10,"scenes":[{"background-color":"#4392F1","duration":1}]}'
STATUS = re.compile(r"HTTP/\S*\s(\d{3})")


class Php:
    """The SDK's Movie: what it does with an answer, in its own words. project: once rendered."""

    def __init__(self, api: Calls, version: str, key: str = KEY) -> None:
        self.api, self.version, self.key = api, version, key
        self.project = ""

    def render(self, body: bytes) -> dict[str, Any]:
        headers = b"Content-Length: %d\r\nContent-Type: application/json\r\n" % len(body)
        status, line, answer = self._fetch("POST", "/v2/movies", headers, body)
        if status == "400":
            raise RuntimeError("JSON Syntax error: " + json.loads(answer)["message"])
        if status != "200":
            raise RuntimeError(f"API error: {line}")
        told: dict[str, Any] = json.loads(answer)
        assert told["success"] and told["project"]
        self.project = told["project"]
        return told

    def status(self) -> dict[str, Any]:
        path = f"/v2/movies?project={self.project}"
        status, line, answer = self._fetch("GET", path, b"", b"")
        if status != "200":
            raise RuntimeError(f"API error: {line}")
        return dict(json.loads(answer))

    def wait(self) -> tuple[list[str], dict[str, Any]]:
        """What it prints, and the last answer. (It pauses for 5 s between two looks.)"""
        printed: list[str] = []
        for _ in range(600):
            told = self.status()
            assert told["success"]
            movie, quota = told["movie"], told["remaining_quota"]
            printed.append(f"Status: {movie['status']} / {movie['message']}")
            if movie["status"] == "done":
                return [*printed, f"{movie['url']} {quota['time']} seconds"], told
            if movie["status"] == "error":
                raise RuntimeError(movie["message"])
            time.sleep(0.05)
        raise AssertionError(printed)

    def _fetch(self, method: str, path: str, headers: bytes, body: bytes) -> tuple[str, str, str]:
        request = (
            b"%s %s HTTP/%s\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%sx-api-key: %s\r\n\r\n%s"
            % (
                method.encode(),
                path.encode(),
                self.version.encode(),
                self.api.port,
                headers,
                self.key.encode(),
                body,
            )
        )
        heads, answer = b"".join(self.api.raw(request)).decode().split("\r\n\r\n", 1)
        line = heads.splitlines()[0]
        found = STATUS.match(line)
        assert found
        return found[1], line, answer


@pytest.fixture(params=["1.1", "1.0"])
def php(request: pytest.FixtureRequest, api: Calls) -> Php:
    return Php(api, request.param)


@pytest.mark.parametrize("body", [HELLO, PLAIN], ids=["hello world", "a plain scene"])
def test_a_movie_is_rendered_and_waited_for(php: Php, body: bytes) -> None:
    told = php.render(body)
    assert told.keys() == {"success", "project", "timestamp"}
    assert TIMESTAMP.fullmatch(told["timestamp"])
    printed, last = php.wait()
    assert last["movie"]["json"] == body.decode()
    assert printed[-2] == "Status: done / " and re.fullmatch(
        r"http://\S+\.mp4 \d+ seconds", printed[-1]
    )


def test_an_empty_movie_is_an_array(php: Php) -> None:
    with pytest.raises(
        RuntimeError, match="JSON Syntax error: Error parsing movie JSON or the movie was empty"
    ):
        php.render(b"[]")


def test_a_movie_that_fails_says_why(php: Php) -> None:
    image = b'{"type":"image","src":"http:\\/\\/127.0.0.1:9\\/a.png"}'
    php.render(b'{"scenes":[{"elements":[%s]}]}' % image)
    with pytest.raises(RuntimeError, match="Scene #1, element #1: Failed to download"):
        php.wait()


def test_the_words_of_a_refusal_are_shown_for_400_alone(api: Calls) -> None:
    with pytest.raises(RuntimeError, match="JSON Syntax error: Error: Invalid API Key"):
        Php(api, "1.1", "guess").render(PLAIN)


def test_the_same_object_may_be_rendered_again(php: Php) -> None:
    """It has a project by then."""
    first = php.render(PLAIN)["project"]
    again = php.render(PLAIN[:-1] + b',"project":"%s"}' % first.encode())
    assert again["project"] != first
