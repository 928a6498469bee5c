"""CSS of callers: a value stays within its declaration, and nothing in it can load."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.text import css


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("font-size", 12, "12px"),
        ("font-size", "12.5", "12.5px"),
        ("font-size", 12.0, "12px"),
        ("font-size", "3vw", "3vw"),
        ("line-height", 1.5, "1.5"),
        ("color", " red ", "red"),
        ("background", "linear-gradient(red, rgb(1, 2, 3))", "linear-gradient(red, rgb(1, 2, 3))"),
        ("text-shadow", "0 0 calc((1px + 2px))", "0 0 calc((1px + 2px))"),
    ],
)
def test_a_bare_number_counts_pixels_where_it_can(name: str, value: Any, said: str) -> None:
    assert css.declaration(name, value) == said


@pytest.mark.parametrize(
    "value",
    [
        *("red;color:blue", "red}", "</style>", "@import", "a\\22", "a/*", "", "  ", "\x00"),
        *("url(https://e.com)", "image-set('a')", "var(--a)", "attr(x)", "URL(a)"),
        *("rgb(1,2,3", "rgb(1))(", "'open", True, None, [], float("nan"), "a" * 1001),
    ],
)
def test_what_could_leave_its_declaration_or_load_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        css.declaration("color", value)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *(("color", True), ("font-variant-caps", True), ("-webkit-text-stroke", True)),
        *(("border-radius", True), ("max-width", True), ("position", False), ("content", False)),
        *(("src", False), ("--a", False), ("font-family", False), ("animation", False)),
    ],
)
def test_properties_are_those_of_text_and_its_box(name: str, may: bool) -> None:
    assert css.is_property(name) is may


@pytest.mark.parametrize(
    ("value", "families"),
    [
        ("Anton", '"Anton"'),
        ("'Open Sans', serif", '"Open Sans","Noto Serif"'),
        ("https://e.com/a.woff2", ""),
    ],
)
def test_families_are_quoted_names(value: str, families: str) -> None:
    assert css.families(value) == families


def test_a_family_is_never_syntax() -> None:
    for name in ('a"b', "a;b", "", "a,,b"):
        with pytest.raises(ValueError):
            css.families(name)


def test_the_old_shadow_is_a_number() -> None:
    assert css.shadow(3) == "3px 3px rgba(33,33,33,0.5)"
    assert css.shadow("0") == "none"
    with pytest.raises(ValueError):
        css.shadow("3px")


def test_lengths_of_the_viewport_count_the_canvas() -> None:
    assert (
        css.in_pixels("a:10vw;b:50vh;c:.5vmin;d:1dvmax", 200, 100) == "a:20px;b:50px;c:0.5px;d:2px"
    )
    assert css.in_pixels("#10vw3 x10vw", 200, 100) == "#10vw3 x10vw"
    assert css.joined({"a": "1", "b": "2"}) == "a:1;b:2;"
