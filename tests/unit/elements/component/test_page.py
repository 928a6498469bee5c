"""A component's page: its template filled, in a canvas of its size, under its own style."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from resplice.core.components import ComponentFolder
from resplice.core.elements.component.page import component_page, easing_properties
from resplice.core.elements.component.sandbox import TemplateRefused
from resplice.core.elements.component.settings import Frame
from resplice.core.text.easing import EASINGS

DECLARATION = json.dumps(
    {
        "title": "t",
        "groups": {
            "lower-third": {"settings": {"text": {"type": "text"}}},
            "shape": {"many": 3, "animate": True, "defaults": {"left": "0"}},
        },
    }
)


def html(page: str, style: str = "", density: int = 1, **said: Any) -> str:
    folder = ComponentFolder("a/b", DECLARATION, page, style)
    named = {name.replace("_", "-"): value for name, value in said.items()}
    return component_page(folder, named, Frame(400, 200), density).html


def body(page: str, **said: Any) -> str:
    found = re.search(r'<div class="canvas">(.*)</div></body>', html(page, **said), re.DOTALL)
    assert found
    return found[1]


def test_the_canvas_has_the_size_of_the_element() -> None:
    assert "width:400px;height:200px;" in html("")
    folder = ComponentFolder("a/b", DECLARATION, "")
    page = component_page(folder, {}, Frame(400, 200), density=2)
    assert (page.width, page.height) == (800, 400) and "html{zoom:2}" in page.html
    assert body("{{ canvas.width }}x{{ canvas.height }}") == "400x200"


def test_the_page_says_that_nothing_may_load_or_run() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html("", ""))
    assert policy and policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert "script-src" not in policy[1] and "frame-src" not in policy[1]


def test_groups_are_names_and_those_of_many_come_in_order() -> None:
    assert body("{{ lower_third.text[0] }}", lower_third="<b>a</b> & b") == "<b>a</b> &amp; b"
    page = "{% for each in each('shape') %}{{ each.name }} {% endfor %}"
    assert body(page, shape3={"left": 1}, shape1={}) == "shape1 shape3 "


def test_what_moves_is_a_keyframe_of_its_own() -> None:
    page = '{% for s in each("shape") %}<i style="{{ animated(s) }}"></i>{% endfor %}'
    moves = {"left": "50vw", "duration": 500, "easing": "linear", "delay": "20"}
    made = html(page, shape1={"animate": moves}, shape2={"animate": {}}, shape3={"animate": moves})
    assert "@keyframes animate-0{to{left:200px;}}" in made
    assert made.count('style="left:0;animation:animate-0 500ms linear 20ms both;"') == 1
    assert made.count('style="left:0;animation:animate-1 ') == 1 and made.count('style=""') == 1


def test_texts_are_marked_for_the_painter_to_take_apart() -> None:
    page = "{% for p in lower_third.text %}{{ letters(p) }}{{ words(p) }}{% endfor %}"
    assert body(page, lower_third="<b>a</b>&") == (
        '<span class="words" data-split="letters"><b>a</b>&amp;</span>'
        '<span class="words" data-split="words"><b>a</b>&amp;</span>'
    )


def test_a_placeholder_is_filled_with_what_the_template_writes() -> None:
    page = """{% for p in lower_third.text %}{{ filled(p, '__num__', '<i></i>') }}{% endfor %}"""
    assert body(page, lower_third="a __num__<__num__") == "a <i></i>&lt;<i></i>"
    assert body("{{ filled('<a> x', 'x', '<i></i>') }}") == "&lt;a&gt; <i></i>"


def test_small_functions() -> None:
    assert body("{{ ms(1500) }} {{ ms(0.5) }}") == "1500ms 0.5ms"
    assert body("{{ easing('linear') }}") == "linear"
    assert body("{% for n in range(3) %}{{ n }}{% endfor %}") == "012"
    assert body("{{ range(1000000)|length }}") == "1000"
    assert body("{{ path('0,0 9,0 9,9')|safe }}") == 'path("M0 0 L9 0 L9 9 Z")'


def test_a_style_is_in_pixels_of_the_canvas_and_has_every_easing() -> None:
    assert ".a{left:40px}" in html("", ".a{left:10vw}")
    assert "syntax:'<integer>'" in html("", "@property --n{syntax:'<integer>'}")
    every = " ".join(f"var(--{re.sub('(?=[A-Z])', '-', name).lower()})" for name in EASINGS)
    assert "--ease-out-elastic:linear(0, " in easing_properties(every)
    assert easing_properties(every).count("--") == len(EASINGS)
    assert easing_properties("a { animation: b 1s var(--ease-in-quad) }").count(":linear(") == 1


@pytest.mark.parametrize(
    ("page", "style", "words"),
    [
        ("{{ each('shapes') }}", "", "there is no group 'shapes' of many"),
        ("{{ lower }}", "", "'lower' is undefined"),
        ("{{ easing('x') }}", "", "must be an easing"),
        ("", "</style><script>", "style.css must not hold '</'"),
    ],
)
def test_what_does_not_work_is_told(page: str, style: str, words: str) -> None:
    with pytest.raises(TemplateRefused, match=words):
        html(page, style)
