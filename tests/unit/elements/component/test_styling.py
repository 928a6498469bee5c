"""CSS on groups of components: which properties there are, and how they are written."""

from __future__ import annotations

import pytest
from resplice.core.elements.component.styling import (
    KNOWN,
    PLACES,
    declarations,
    is_dropped,
    is_property,
    over,
)


@pytest.mark.parametrize(
    "name",
    [
        *("left", "display", "clip-path", "-webkit-mask-image", "filter", "fill", "stroke-width"),
        *("font-family", "font-size", "border-spacing", "object-fit", "text-stroke", "rotate"),
        *("margin-right", "grid-template-columns", "justify-content", "transform-origin"),
    ],
)
def test_css_of_all_kinds_is_let_through(name: str) -> None:
    assert is_property(name) and not is_dropped(name)


def test_what_would_take_the_page_apart_is_not() -> None:
    assert all(map(is_dropped, ("position", "z-index", "content")))
    others = ("animation", "transition", "behavior", "-moz-binding", "all", "--x", "colour", "")
    assert not any(map(is_property, (*others, "position", "z-index", "content")))


def test_what_a_slip_is_compared_to_is_there() -> None:
    special = {*PLACES, "font-url", "min-font-size", "max-font-size"}
    assert [name for name in KNOWN if not is_property(name) and name not in special] == []


def test_declarations_are_written_as_css_has_them() -> None:
    assert declarations("rotate", -4.5) == {"rotate": "-4.5deg"}
    assert declarations("rotate", "1turn") == {"rotate": "1turn"}
    assert declarations("font-color", "red") == {"color": "red"}
    assert declarations("filter", "blur(2px) drop-shadow(0 0 3px red)")
    assert declarations("clip-path", "polygon(0 0, 9px 0, 9px 9px)")
    assert declarations("direction", "rtl") == {"direction": "rtl", "unicode-bidi": "normal"}
    assert declarations("scale", 2) == {"scale": "2"}


def test_what_is_said_comes_last() -> None:
    merged = over({"padding": 1, "padding-left": 2}, {"padding": 3})
    assert list(merged.items()) == [("padding-left", 2), ("padding", 3)]
