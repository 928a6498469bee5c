"""Settings of a component: groups as its page gets them, and each fault with its keys and words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.core.declarations import read_declaration
from resplice.core.elements.component.animate import Animate, evened
from resplice.core.elements.component.settings import (
    Frame,
    Reading,
    Values,
    known_in,
    read,
    unknown,
)
from resplice.core.text import FALLBACK_FAMILY

DECLARATION = read_declaration(
    json.dumps(
        {
            "title": "t",
            "groups": {
                "card": {
                    "defaults": {"padding-left": "1vw", "width": "50vw", "vertical-align": "top"},
                    "settings": {
                        "text": {"type": "text"},
                        "src": {"type": "image"},
                        "size": {"type": "css", "default": "10vw"},
                        "speed": {"type": "integer", "default": 3, "minimum": 1, "maximum": 6},
                        "rows": {"type": "list"},
                    },
                },
                "shape": {"many": 2, "animate": True, "defaults": {"left": "0"}},
            },
            "synonyms": {"board": "card"},
        }
    )
)
FRAME = Frame(
    1000, 500, lambda place: "https://f/" + ".".join(map(str, place)), {"card": "font-abc"}
)


def reading(**said: Any) -> Reading:
    return read(DECLARATION, said, FRAME)


def card(**said: Any) -> Values:
    found = reading(card={key.replace("_", "-"): value for key, value in said.items()})
    assert found.faults == ()
    return found.groups["card"]


def test_what_is_said_comes_after_the_defaults_in_pixels_of_the_canvas() -> None:
    css = card(padding="2vh", color="red").css
    assert css.startswith("padding-left:10px;width:500px;padding:10px;color:red;")
    assert card(width=30).css.startswith("padding-left:10px;width:30px;")
    assert card(rotate="45").css.count("rotate:45deg;") == 1
    assert "-webkit-text-stroke:1px red;" in card(text_stroke="1px red").css
    assert card(position="fixed", z_index=9, content="'a'").css == card().css


def test_families_end_with_the_fallback_and_an_own_font_comes_first() -> None:
    assert f'font-family:"font-abc","Anton","{FALLBACK_FAMILY}";' in card(font_family="Anton").css
    assert '"font-abc","Inter"' in card(font_url="https://e.com/a.ttf").css


def test_a_group_may_be_a_text_and_have_another_name() -> None:
    for said in ({"card": "Ann"}, {"board": "Ann"}, {"card": {"text": "Ann"}}, {"card": ["Ann"]}):
        group = reading(**said).groups["card"]
        assert (group.text, group.given) == (("Ann",), True)
    both = reading(card="Ann", board="Bea").groups["card"]
    assert both.text == ("Ann",)
    for nothing in ({}, {"card": None}, {"card": {"text": None}}, {"card": []}):
        assert reading(**nothing).groups["card"].text == ()


def test_settings_are_typed_and_have_defaults() -> None:
    group = card(speed="5", rows=[["a", "b"]])
    assert (group["size"], group["speed"], group["rows"]) == ("100px", 5, (("a", "b"),))
    assert group["src"] == "" and card()["rows"] == ()
    with pytest.raises(KeyError):
        group["sise"]


def test_places_are_those_of_a_flex_box() -> None:
    assert card().place == "align-items:flex-start;justify-content:flex-start;"
    assert card(vertical_position="Middle", horizontal_align="right").place == (
        "align-items:center;justify-content:flex-end;"
    )
    assert card(text_align="right").place.endswith("justify-content:flex-end;")


def test_files_are_linked_wherever_they_are_named() -> None:
    assert card(src="a.png")["src"] == "https://f/settings.card.src"
    css = card(background_image="a b.png", background="url(a.png) no-repeat, url('b.png')").css
    assert 'background-image:url("https://f/settings.card.background-image");' in css
    assert (
        'background:url("https://f/settings.card.background") no-repeat, '
        'url("https://f/settings.card.background.1");'
    ) in css


def test_a_size_that_is_to_be_found_is_marked_and_not_said() -> None:
    group = card(font_size="auto", max_font_size="10vw", min_font_size=9)
    assert group.fit == 'data-fit-min="9" data-fit-max="100"' and "font-size" not in group.css
    assert card(font_size="AUTO").fit == 'data-fit-min="6" data-fit-max="500"'
    assert card(font_size=9).fit == ""


def test_animate_says_where_a_group_goes() -> None:
    said = {"left": "40vw", "points": "0,0 9,0 9,9", "duration": "1500", "easing": "linear"}
    moves = reading(shape1={"animate": {**said, "delay": None}}).groups["shape1"].animate
    assert moves and (moves.duration_ms, moves.delay_ms, moves.easing) == (1500, 0, "linear")
    assert dict(moves.targets) == {"left": "400px", "points": "0,0 9,0 9,9"}
    assert moves.to(only=("points",)) == {"d": 'path("M0 0 L9 0 L9 9 Z")'}
    assert moves.to(without=("points",)) == {"left": "400px"}
    assert reading(shape1={"animate": {}}).groups["shape1"].animate is None


def test_points_that_move_are_as_many_as_they_become() -> None:
    """A form with fewer has more on its longest sides, which nobody sees."""
    _, moves = evened("0,0 9,0", Animate((("points", "1,1 2,2 3,3"),)))
    assert moves.to() == {"d": 'path("M1 1 L2 2 L3 3 Z")'}
    few, many = "0,0 100,0 0,20", "0,0 9,0 9,9 5,9 0,9"
    said, moves = evened(few, Animate((("points", many), ("left", "1px"))))
    assert said == "0,0 50,0 100,0 50,10 0,20"
    assert dict(moves.targets) == {"points": many, "left": "1px"}
    said, moves = evened(many, Animate((("points", few),)))
    assert (said, len(dict(moves.targets)["points"].split())) == (many, 5)
    assert evened(few, Animate(())) == (few, Animate(()))
    assert evened("", Animate((("points", few),)))[0] == ""


@pytest.mark.parametrize(
    ("said", "place", "words"),
    [
        ({"card": True}, "card", "'card' must be an object of settings, or a text"),
        ({"card": {"text": {"a": 1}}}, "card.text", "must be a text or a list of texts"),
        ({"card": {"color": "red;"}}, "card.color", "'color' of 'card' must not hold ';'"),
        ({"card": {"color": ["red"]}}, "card.color", "must be a text or a number"),
        ({"board": {"speed": 9}}, "board.speed", "'speed' of 'board' must be 1 to 6"),
        ({"card": {"vertical-align": "up"}}, "card.vertical-align", "must be one of top, center"),
        ({"card": {"font-size": "auto", "max-font-size": "3em"}}, "card.max-font-size", "px, vw"),
        ({"card": {"background": "image-set(a)"}}, "card.background", "not use image-set()"),
        ({"card": {"width": "expression(1)"}}, "card.width", "must not use expression()"),
        ({"card": {"font-family": "a{}"}}, "card.font-family", "must be a font name"),
        ({"shape2": {"animate": "left"}}, "shape2.animate", 'an object: {"left": "40%"'),
        ({"shape2": {"animate": {"easing": "x"}}}, "shape2.animate.easing", "must be an easing"),
        ({"shape2": {"animate": {"delay": "x"}}}, "shape2.animate.delay", "must be a number"),
        ({"shape2": {"animate": {"left": "url(a)"}}}, "shape2.animate.left", "not use url()"),
        ({"shape2": {"animate": {"points": "1"}}}, "shape2.animate.points", "3 to 1000 points"),
    ],
)
def test_each_fault_has_its_keys_and_says_what_would_be_right(
    said: dict[str, Any], place: str, words: str
) -> None:
    ((keys, reason),) = reading(**said).faults
    assert keys == ("settings", *place.split("."))
    assert words in reason


def test_every_fault_is_told() -> None:
    found = reading(card={"color": "{", "speed": 0}, shape1=False).faults
    assert ["/".join(map(str, keys)) for keys, _ in found] == [
        *("settings/card/color", "settings/card/speed", "settings/shape1")
    ]


def test_what_does_nothing_is_known() -> None:
    said = {
        "card": {"colour": 1, "speed": 2, "animate": {}, "font-url": "a", "position": "fixed"},
        "hedline": "a",
        "shape1": "lost",
        "shape2": {"animate": {}, "left": 0, "size": 1},
    }
    places = list(unknown(DECLARATION, said))
    assert [place[1:] for place in places] == [
        *(("card", "colour"), ("card", "animate"), ("hedline",), ("shape1",), ("shape2", "size"))
    ]
    assert "shape2" in known_in(DECLARATION, places[2])
    assert {"speed", "color"} <= {*known_in(DECLARATION, places[0])}
