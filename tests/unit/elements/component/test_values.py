"""Settings that are not CSS: what each type takes, and the words for what it does not."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from resplice.core.declarations import Setting, SettingType
from resplice.core.elements.component.values import READERS


def read(kind: str, value: Any, **more: Any) -> Any:
    return READERS[kind](value, Setting.model_validate({"type": kind, **more}))


def test_every_type_but_that_of_files_has_its_reader() -> None:
    assert {*READERS} == {*get_args(SettingType)} - {"image"}


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("number", "1.5", 1.5),
        ("number", "400", 400),
        ("integer", 3.0, 3),
        ("milliseconds", "1500", 1500),
        ("easing", "linear", "linear"),
        ("easing", "steps(3)", "steps(3)"),
        ("colour", " red ", "red"),
        ("angle", "90", "90deg"),
        ("angle", "0.5turn", "0.5turn"),
        ("css", 5, "5px"),
        ("css", ["35%", "65%"], ("35%", "65%")),
        ("boolean", "True", True),
        ("boolean", 0, False),
        ("markup", "<svg/>", "<svg></svg>"),
        ("points", "0,0 100,0 80 , 100, 0,100", "0,0 100,0 80,100 0,100"),
        ("list", ["a", ["<b>b", "c"]], ("a", ("<b>b</b>", "c"))),
        ("text", ["a", "b"], ("a", "b")),
    ],
)
def test_values_are_read(kind: str, value: Any, found: Any) -> None:
    assert read(kind, value) == found


@pytest.mark.parametrize(
    ("kind", "value", "more", "words"),
    [
        ("number", "many", {}, "must be a number"),
        ("number", True, {}, "must be a number"),
        ("number", "nan", {}, "must be a number"),
        ("number", 11, {"minimum": 0, "maximum": 10}, "must be 0 to 10"),
        ("number", -1, {"minimum": 0}, "must be at least 0"),
        ("integer", 11, {"maximum": 10}, "must be at most 10"),
        ("milliseconds", -5, {}, "must be 0 to 600000"),
        ("easing", "easeOutBanana", {}, "must be an easing such as"),
        ("colour", "red;} * {", {}, "must not hold ';'"),
        ("css", "url(https://e.com)", {}, r"must not use url\(\)"),
        ("css", {"a": 1}, {}, "must be a text or a number"),
        ("choice", "circel", {"choices": ["circle", "rect"]}, "must be one of circle, rect"),
        ("boolean", "perhaps", {}, "must be true or false"),
        ("markup", ["<svg/>"], {}, "must be a text"),
        ("markup", "x" * 100_001, {}, "must not be longer than"),
        ("points", "0,0 1,1", {}, "must be 3 to 1000 points"),
        ("points", "0,0 1,1 2,a", {}, "must be 3 to 1000 points"),
        ("points", "0,0 " * 2000, {}, "must be 3 to 1000 points"),
        ("list", "a", {}, "must be a list"),
        ("list", ["a"] * 2001, {}, "must have at most 2000 items"),
    ],
)
def test_what_is_refused_says_what_would_be_right(
    kind: str, value: Any, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        read(kind, value, **more)
