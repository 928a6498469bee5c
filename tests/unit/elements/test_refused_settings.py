"""Bad values in settings of texts and components: where each stands, and what would be right."""

from __future__ import annotations

import math
from typing import Any

import pytest
from drawn import OFFERS
from resplice.core.schema.validation import validate
from resplice.core.sources import source_problems

Said = dict[str, Any]


def told(element: Said) -> list[tuple[str, str]]:
    """(path inside the element, words) of all that is wrong with it."""
    movie = validate({"scenes": [{"duration": 1, "elements": [element]}]})
    found = source_problems(movie, OFFERS, files_allowed=False)
    return [(each.path.removeprefix("scenes[0].elements[0]."), each.message) for each in found]


OF_TEXTS: list[tuple[str, Any, str]] = [
    ("font-size", ["40px"], "must be a text or a number"),
    ("font-size", True, "must be a text or a number"),
    ("font-size", math.inf, "must be a finite number"),
    ("font-size", math.nan, "must be a finite number"),
    ("font-size", "", "must not be empty"),
    ("color", "red;left:0", "must not hold ';'"),
    ("color", "red</style>", "must not hold '<'"),
    ("color", "url(http://10.0.0.1)", "must not use url()"),
    ("color", "rgb(1,2,3", "has a bracket that is not closed"),
    ("text-shadow", "0 0 1px red," * 100, "must not be longer than 1000 characters"),
    ("font-family", "a{}", "must be a font name, or several with commas between"),
    ("shadow", "deep", "must be a number of pixels"),
    ("vertical-position", "up", "must be one of top, center, middle, bottom"),
    ("horizontal-align", "justify", "must be one of left, center, right"),
]


@pytest.mark.parametrize(("name", "value", "words"), OF_TEXTS)
def test_of_a_text(name: str, value: Any, words: str) -> None:
    ((path, message),) = told({"type": "text", "text": "Ann", "settings": {name: value}})
    assert path == f"settings.{name}"
    assert message.endswith(f"the text setting '{name}' {words}")


OF_COMPONENTS: list[tuple[str, str, str, Any, str]] = [
    ("advanced/060", "counter", "from", "many", "must be a number"),
    ("advanced/060", "counter", "to", 1e15, "must be -1e+12 to 1e+12"),
    ("advanced/060", "counter", "decimals", 4, "must be 0 to 3"),
    ("advanced/060", "counter", "decimals", "NaN", "must be a number"),
    ("advanced/060", "counter", "duration", -1, "must be 0 to 10000"),
    ("advanced/060", "counter", "easing", "easeOutBanana", "must be an easing such as linear"),
    ("advanced/001", "animation", "speed", 9, "must be 1 to 6"),
    ("advanced/070", "rating", "symbol", "moon", "must be one of star, heart"),
    ("advanced/070", "rating", "off-color", "red}", "must not hold '}'"),
    ("advanced/070", "rating", "value", [5], "must be a number"),
    ("basic/000", "headline", "text", {"a": 1}, "must be a text or a list of texts"),
    ("basic/000", "headline", "vertical-align", "up", "must be one of top, center"),
    ("basic/125", "data", "rows", "a,b", "must be a list"),
    ("basic/125", "data", "columns", ["a"] * 2001, "must have at most 2000 items"),
    ("basic/051", "image", "src", "ftp://e.com/a.png", "must be an http, https"),
    ("basic/200", "logo", "src", "ftp://e.com/a.png", "must be an http, https"),
    ("shape/polygon", "polygon1", "points", "0,0 1", "must be 3 to 1000 points"),
    ("shape/polygon", "polygon1", "animate", "left", "must be an object"),
    ("shape/html", "html1", "html", ["<b>"], "must be a text"),
    ("shape/3dbox", "origin", "rotateX", "1deg;", "must not hold ';'"),
    ("shape/3dbox", "destination", "zoom", 21, "must be 0 to 20"),
    ("textbox/simple", "textbox10", "color", ["red"], "must be a text or a number"),
]


@pytest.mark.parametrize(("name", "group", "key", "value", "words"), OF_COMPONENTS)
def test_of_a_component(name: str, group: str, key: str, value: Any, words: str) -> None:
    settings = {group: {key: value}}
    ((path, message),) = told({"type": "component", "component": name, "settings": settings})
    assert path == f"settings.{group}.{key}"
    assert words in message


def test_of_what_moves() -> None:
    moves = {"duration": "soon", "delay": -1, "easing": "x", "left": "9px;", "points": "1"}
    settings = {"polygon2": {"points": "0,0 9,0 9,9", "animate": moves}}
    found = told({"type": "component", "component": "shape/polygon", "settings": settings})
    assert [path for path, _ in found] == [f"settings.polygon2.animate.{key}" for key in moves]
    assert all(" must " in message for _, message in found)
