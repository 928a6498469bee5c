"""A row that is not held is found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from scripted_api import Said, scripted
from served import Calls
from spec_rows import Ask, row

ANSWER = {
    "success": True,
    "files": [{"name": "a"}],
    "size": 1,
    "none": None,
    "timestamp": "2026-11-28T10:00:00.000Z",
}
MARKED = {"Content-Type": "application/json"}


class At(Calls):
    def __init__(self, port: int) -> None:
        self.port = port


@pytest.mark.parametrize(
    ("held", "has"),
    [
        (True, {"files.0.name": "a", "size": int, "none": None, "success": True}),
        (True, {"files.0.name": re.compile("[a-z]"), "size": (int, float)}),
        (False, {"files.0.name": re.compile("[b-z]")}),
        (False, {"files.1": {}}),
        (False, {"size": 1.0}),
        (False, {"size": True}),
        (False, {"success": 1}),
        (False, {"missing": None}),
        (False, {"none": str}),
    ],
)
def test_what_an_answer_has(held: bool, has: dict[str, Any]) -> None:
    assert fails(Ask("GET /", has=has)) is not held


@pytest.mark.parametrize(
    ("held", "ask"),
    [
        (False, Ask("GET /", 400)),
        (False, Ask("GET /", lacks=("files.0.name",))),
        (True, Ask("GET /", lacks=("files.0.size", "files.1"))),
        (False, Ask("GET /", only="success files")),
        (True, Ask("GET /", only="success files size none")),
        (True, Ask("GET /", told={"Content-Type": "application/json", "Retry-After": None})),
        (True, Ask("GET /", told={"Content-Type": re.compile(".*json")})),
        (False, Ask("GET /", told={"Content-Type": None})),
        (False, Ask("GET /", told={"Retry-After": "1"})),
    ],
)
def test_how_it_is_answered(held: bool, ask: Ask) -> None:
    assert fails(ask) is not held


def test_what_is_kept_is_asked_for_later() -> None:
    with scripted() as server:
        server.will_say(*[Said(ANSWER, headers=MARKED)] * 3)
        asked = (
            Ask("GET /", keeps={"size": "size"}),
            Ask("POST /{size}?a={b}", sends={"n": "{size}"}),
            Ask("GET /", has={"files.0.name": re.compile("(?!{b})[a-z]")}),
        )
        row("twice", *asked).hold(At(server.server_port), {"b": "c"})
        assert (server.seen[1].path, server.seen[1].json) == ("/1?a=c", {"n": 1})


def fails(ask: Ask) -> bool:
    with scripted() as server:
        server.will_say(Said(ANSWER, headers=MARKED))
        try:
            row("says", ask).hold(At(server.server_port))
        except AssertionError:
            return True
        return False
