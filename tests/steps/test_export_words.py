"""Macros: what each becomes, the same at every try, and what is none stays."""

from __future__ import annotations

from resplice.ports.projects import Project
from resplice.steps.deliver.words import macros_of, replaced
from resplice.steps.moments import timestamp

NOON_MS = 1_772_366_705_006  # 2026-03-01 12:05:05 UTC
PROJECT = Project("JkGxEoPRF9EgRb32", "self", "{}", 1, ended_at_ms=NOON_MS)


def said(text: str, url: str | None = "https://m.example/a.mp4") -> str:
    return str(replaced({"message": text}, macros_of(PROJECT, url))["message"])


def test_the_moment_is_the_end_of_the_movie() -> None:
    assert timestamp(NOON_MS) == "2026-03-01T12:05:05.006Z"
    assert said("__yyyy__-__mm__-__dd__ __hh__:__nn__:__ss__") == "2026-03-01 12:05:05"


def test_a_name_of_its_own_is_the_same_at_every_try() -> None:
    name, number = said("__filename__"), said("__random__")
    assert name == f"2026-03-01-{number}.mp4" and len(number) == 5 and number.isdigit()
    assert said("__filename_without_extension__.__filename_extension__") == name
    assert said("__filename__") == name
    other = Project("another", "self", "{}", 1, ended_at_ms=NOON_MS)
    assert macros_of(other, None)["__random__"] != number


def test_what_is_no_macro_stays_and_nothing_is_replaced_twice() -> None:
    assert said("__init__ __YYYY__ _yyyy_ __yyyy__mm__") == "__init__ __YYYY__ _yyyy_ 2026mm__"
    assert said("__video_url__", "https://m.example/__yyyy__") == "https://m.example/__yyyy__"
    assert said("[__video_url__]", None) == "[]"
    fields = {"password": "__yyyy__", "endpoint": "https://h/__yyyy__", "file": "__yyyy__"}
    assert replaced(fields, macros_of(PROJECT, None)) == {**fields, "file": "2026"}
