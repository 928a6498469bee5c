"""Settings of a text over its style: two spellings, places of the box, and every fault at once."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.text.settings import SETTINGS, TextSettingsRefused, flex, read, says_nothing

STYLE = {"font-family": '"Inter"', "color": "white", "text-align": "center"}


def rules(**settings: Any) -> dict[str, str]:
    return read(STYLE, {name.replace("_", "-"): value for name, value in settings.items()})[0]


def test_what_is_not_said_is_the_styles() -> None:
    assert rules() == rules(color=None) == STYLE
    assert rules(color="red")["color"] == "red"
    assert STYLE["color"] == "white"


def test_of_two_spellings_todays_counts() -> None:
    assert rules(font_color="red")["color"] == "red"
    assert rules(color="blue", font_color="red")["color"] == "blue"
    assert rules(font_color="red", color="blue")["color"] == "blue"


def test_places_are_not_css() -> None:
    said, places = read(STYLE, {"vertical-align": "Middle", "horizontal-position": "left"})
    assert said == STYLE
    assert places == {"vertical-position": "middle", "horizontal-position": "left"}
    assert flex(places, "right") == {"align-items": "center", "justify-content": "flex-start"}


@pytest.mark.parametrize(
    ("align", "box"),
    [("right", "flex-end"), ("LEFT", "flex-start"), ("center", "center"), ("justify", "center")],
)
def test_aligned_lines_take_their_box_along(align: str, box: str) -> None:
    assert flex({}, align) == {"align-items": "center", "justify-content": box}


def test_every_fault_is_told_with_the_key_that_says_it() -> None:
    with pytest.raises(TextSettingsRefused) as caught:
        read(STYLE, {"font-color": "red;", "vertical-align": "aside", "font-size": 3})
    assert [key for key, _ in caught.value.faults] == ["font-color", "vertical-align"]


def test_the_address_of_a_font_leaves_the_styles_families() -> None:
    assert rules(font_family="https://e.com/a.woff2") == STYLE
    assert rules(direction="rtl")["unicode-bidi"] == "normal"
    assert rules(shadow=2)["text-shadow"].startswith("2px 2px")


def test_names_that_do_nothing_are_known() -> None:
    assert [name for name in SETTINGS if says_nothing(name)] == []
    assert all(says_nothing(name) for name in ("font-sise", "position", "onload"))
