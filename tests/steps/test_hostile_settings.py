"""Texts and components that ask for too much: a picture or a clear error in its time, and what else
the movie shows is not painted again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from resplice.errors import DocumentError, MakeError
from studio import Studio, movie, studio
from web_pages import chromium

Element = dict[str, Any]
KEPT: Element = {"type": "text", "text": "kept", "settings": {"font-size": 12}}
SHADOWS = ",".join(f"{n}px {n}px 900px red" for n in range(55))
"""Longer than a value may be; the most that fit in one are slow already."""


def text(words: str = "Ann", style: str = "001", **settings: Any) -> Element:
    named = {name.replace("_", "-"): value for name, value in settings.items()}
    return {"type": "text", "text": words, "style": style, "settings": named}


def component(name: str, **groups: Any) -> Element:
    return {"type": "component", "component": name, "settings": groups}


def rectangle(**said: Any) -> Element:
    box = {"width": "90%", "height": "90%", "background": "red"}
    named = {name.replace("_", "-"): value for name, value in said.items()}
    return component("shape/rectangle", rectangle1={**box, **named})


def shown(element: Element) -> dict[str, Any]:
    return movie({"duration": 0.2, "elements": [KEPT, element]})


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """Its browser has three seconds for each page."""
    with studio(tmp_path_factory.mktemp("hostile")) as lab, chromium(seconds=3) as hasty:
        lab.ports = replace(lab.ports, browser=hasty)
        lab.render(movie({"duration": 0.2, "elements": [KEPT]}))
        yield lab


REFUSED = {
    "a long text": (text("x" * 100_000), "text", "at most 20000 characters"),
    "shadows": (text(text_shadow=SHADOWS), "settings.text-shadow", "longer than 1000"),
    "a way out of the style": (text(color="red</style>"), "settings.color", "must not hold '<'"),
    "for ever": (
        rectangle(animate={"left": "9%", "duration": 1e9}),
        "settings.rectangle1.animate.duration",
        "must be 0 to 600000",
    ),
    "no number": (
        rectangle(animate={"duration": "NaN"}),
        "settings.rectangle1.animate.duration",
        "must be a number",
    ),
    "before the beginning": (
        rectangle(animate={"left": 1, "delay": -5}),
        "settings.rectangle1.animate.delay",
        "must be 0 to 600000",
    ),
    "many points": (
        component("shape/polygon", polygon3={"points": "0,0 1,2 " * 5_000}),
        "settings.polygon3.points",
        "must be 3 to 1000 points",
    ),
    "many characters": (
        component("shape/html", html1={"html": "x" * 200_000}),
        "settings.html1.html",
        "must not be longer than",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_told_where_it_stands(lab: Studio, name: str) -> None:
    element, place, words = REFUSED[name]
    with pytest.raises(DocumentError) as told:
        lab.render(shown(element))
    (problem,) = told.value.problems
    assert problem.path == f"scenes[0].elements[1].{place}"
    assert words in problem.message


LARGE = {
    "a font": text(font_size="1000000000px"),
    "a font whose letters jump": text(style="005", font_size="1000000000px"),
    "room between letters": text("Ann Bea", "004", letter_spacing="1e9px"),
    "room around": text(padding="1e9px", background_color="red"),
    "a line": text(line_height="1e9"),
    "signs on signs": text(("H" + "\u0300\u0317\u0323" * 99) * 20, "005"),
    "a sign of thousands": text("H" + "\u0300" * 15_000, "004"),
    "braces": component("basic/000", headline={"text": "{% for x in y %}{{ 7*7 }}</style>"}),
    "a scale": rectangle(transform="scale(1e9)"),
    "a blur": rectangle(filter="blur(1000000px)"),
    "columns": component("basic/000", headline={"text": "Ann", "column-count": 1_000_000_000}),
    "cells": component(
        "shape/html",
        html1={"html": "<table>" + "<tr><td colspan=1000 rowspan=65534>x" * 200},
    ),
    "noise": component(
        "shape/html",
        html1={"html": "<svg><filter id='f'>" + "<feTurbulence numOctaves='100000'/>" * 50},
    ),
    "forms": component(
        "shape/polygon",
        **{
            f"polygon{number}": {
                "points": "0,0 9,0 9,9",
                "animate": {"points": "1,2 3,4 " * 400, "duration": 100},
            }
            for number in range(1, 11)
        },
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_huge_is_painted_as_far_as_it_is_seen(lab: Studio, name: str) -> None:
    report = lab.render(shown(LARGE[name])).report
    assert [each.result for each in report.elements] == ["hit", "miss"]


def copies(of: str, name: str) -> str:
    """A drawing of twelve times another."""
    return f"<g id='{name}'>" + f"<use href='#{of}'/>" * 12 + "</g>"


SLOW = {
    "shadows": text("x" * 900, text_shadow=SHADOWS[:950].rpartition(",")[0]),
    "filters": rectangle(width=8_000, height=8_000, filter=" ".join(["blur(900px)"] * 80)),
    "copies of copies": component(
        "shape/html",
        html1={
            "html": "<svg><defs><rect id='a' width='1' height='1'/>"
            + "".join(copies(*pair) for pair in pairwise("abcdefghi"))
            + "</defs><use href='#i'/></svg>"
        },
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_has_no_end_has_its_time_and_the_rest_is_kept(lab: Studio, name: str) -> None:
    with pytest.raises(MakeError) as told:
        lab.render(shown(SLOW[name]))
    (problem,) = told.value.problems
    assert problem.path.startswith("scenes[0].elements[1]")
    assert "fewer words, shadows or filters" in problem.message
    elsewhere = {**KEPT, "x": 1 + list(SLOW).index(name)}
    report = lab.render(movie({"duration": 0.2, "elements": [elsewhere]})).report
    assert [each.result for each in report.elements] == ["hit"]


def test_what_moves_for_too_long_says_how_long_it_may(lab: Studio) -> None:
    words = "it moves for 400 s, and at 10 frames a second at most 150 s are painted: give it fewer"
    with pytest.raises(MakeError, match=words):
        lab.render(shown(text("word " * 1_000, "003")))
