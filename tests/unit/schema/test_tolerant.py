"""What is let through beside the plain spelling, and that limits stay."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from resplice.core.schema.tolerant import tolerant

PLAIN: dict[str, Any] = {
    "type": "object",
    "required": ["list", "kind"],
    "properties": {
        "number": {"type": "number", "maximum": 10},
        "flag": {"type": "boolean"},
        "word": {"enum": ["up", "down"], "description": "Which way."},
        "text": {"type": "string", "pattern": "^a"},
        "part": {"$ref": "#/$defs/Part~1One"},
        "list": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "kind": {"const": "it", "type": "string"},
        "any": {"description": "Anything."},
    },
    "$defs": {
        "Part/One": {"type": "object", "properties": {"n": {"type": "integer"}}},
        "Item": {"type": "object", "properties": {"n": {"type": "integer"}}},
    },
}
VALIDATOR = Draft202012Validator(tolerant(PLAIN))
LEAST: dict[str, Any] = {"list": [], "kind": "it"}


@pytest.mark.parametrize(
    "said",
    [
        {"number": 10}, {"number": "12.5"}, {"number": " -1e3 "}, {"number": "{{ n }}"},
        {"flag": False}, {"flag": "true"}, {"flag": 0}, {"flag": "{{ on and off }}"},
        {"word": "up"}, {"word": "go {{ way }}"}, {"text": "ab"}, {"text": 5}, {"text": "{{t}}"},
        {"part": {"n": "5"}}, {"part": None}, {"part": "{{ part }}"}, {"list": "{{ all }}"},
        {"list": ["{{ one }}", {"n": None}]}, {"any": [1]}, {"other": True},
        {"number": None, "flag": None, "word": None, "text": None},
    ],
)  # fmt: skip
def test_it_is_let_through(said: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid({**LEAST, **said})


@pytest.mark.parametrize(
    "said",
    [
        {"number": 11}, {"number": "ten"}, {"number": True}, {"flag": "maybe"}, {"flag": []},
        {"word": "left"}, {"text": "b"}, {"part": 5}, {"part": {"n": 1.5}}, {"list": None},
        {"list": [None]}, {"list": [{"n": "x"}]}, {"kind": "that"}, {"kind": None},
    ],
)  # fmt: skip
def test_it_is_refused(said: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**LEAST, **said})


def test_words_stay_and_the_plain_one_is_as_it_was() -> None:
    word = tolerant(PLAIN)["properties"]["word"]
    assert word["description"] == "Which way." and word["anyOf"][0] == {"enum": ["up", "down"]}
    assert PLAIN["properties"]["number"] == {"type": "number", "maximum": 10}
    assert PLAIN["$defs"]["Part/One"]["type"] == "object"
