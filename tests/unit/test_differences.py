"""What changed between two documents, in the words of the later one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from resplice.core.differences import differences, equal_scenes
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def image(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "image", "src": f"https://a.example/{name}.png", **more}


DOCUMENT: dict[str, Any] = {
    "scenes": [
        {"elements": [image("a"), text("one", settings={"color": "#fff"})], "comment": "first"},
        {"elements": [image("b"), text("two")], "transition": {"style": "fade"}},
        {"elements": [text("three")], "duration": 3},
    ],
    "elements": [image("logo"), {"type": "audio", "src": "https://a.example/m.mp3"}],
}
Edit = Callable[[dict[str, Any]], None]


def edited(edit: Edit) -> Movie:
    document = copy.deepcopy(DOCUMENT)
    edit(document)
    return validate(document)


def to(path: str, value: Any) -> Edit:
    """Sets what is at the path of a document."""

    def edit(document: dict[str, Any]) -> None:
        *outer, last = (int(p) if p.isdigit() else p for p in path.split())
        part: Any = document
        for key in outer:
            part = part[key]
        part[last] = value

    return edit


def insert(place: int, scene: dict[str, Any]) -> Edit:
    return lambda document: document["scenes"].insert(place, scene)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda document: None, []),
        (to("scenes 0 comment", "other"), []),
        (to("comment", {"a": 1}), []),
        (to("scenes 0 duration", -1), []),
        (to("scenes 2 duration", 3.0), []),
        (to("scenes 0 elements 1 text", "ONE"), ["scenes[0].elements[1].text changed"]),
        (
            to("scenes 0 elements 1 settings color", "#000"),
            ["scenes[0].elements[1].settings.color changed"],
        ),
        (to("scenes 1 transition style", "circleopen"), ["scenes[1].transition.style changed"]),
        (to("scenes 1 transition", None), ["scenes[1].transition changed"]),
        (to("scenes 2 background-color", "#00f"), ["scenes[2].background-color changed"]),
        (to("elements 1 volume", 0.5), ["elements[1].volume changed"]),
        (to("resolution", "full-hd"), ["the resolution changed: 640x360 before, 1920x1080 now"]),
        (to("quality", "low"), ["the quality changed: high before, low now"]),
        (to("fps", 30), ["fps changed: 25 before, 30 now"]),
        (insert(1, {"elements": [text("new")]}), ["scenes[1] is new"]),
        (lambda document: document["scenes"].pop(0), ["scenes[0] of before is gone"]),
        (lambda document: document["scenes"].reverse(), ["the order of the scenes changed"]),
        (
            lambda document: document["scenes"][0]["elements"].insert(0, image("c")),
            ["scenes[0].elements[0] is new"],
        ),
        (
            lambda document: document["scenes"][0]["elements"].pop(0),
            ["scenes[0].elements[0] of before is gone"],
        ),
        (
            lambda document: document["scenes"][1]["elements"].reverse(),
            ["scenes[1].elements are in another order"],
        ),
        (
            to("scenes 1 elements 0", text("in its place")),
            [
                "scenes[1].elements[0] is new",
                "scenes[1].elements[0] of before is gone",
            ],
        ),
        (to("scenes 1 elements 1 unheard-of", 1), ["scenes[1].elements[1].unheard-of changed"]),
    ],
)
def test_an_edit_in_words(edit: Edit, told: list[str]) -> None:
    assert differences(validate(DOCUMENT), edited(edit)).all() == told


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ("file:///a.png?size=1&changed=1.1", []),
        (
            "file:///a.png?size=1&changed=2.1",
            ["scenes[0].elements[0].src names a file that was written anew"],
        ),
        ("file:///b.png?size=1&changed=1.1", ["scenes[0].elements[0].src changed"]),
        ("https://a.example/a.png", ["scenes[0].elements[0].src changed"]),
    ],
)
def test_a_local_file_is_told_apart_from_the_state_that_it_is_in(
    later: str, told: list[str]
) -> None:
    path = "scenes 0 elements 0 src"
    before = edited(to(path, "file:///a.png?size=1&changed=1.1"))
    assert differences(before, edited(to(path, later))).all() == told


def test_a_scene_that_was_edited_and_moved_is_known_by_its_id() -> None:
    before = copy.deepcopy(DOCUMENT)
    before["scenes"][0]["id"] = "opening"
    after = copy.deepcopy(before)
    after["scenes"][0]["elements"][1]["text"] = "ONE"
    after["scenes"].append(after["scenes"].pop(0))
    found = differences(validate(before), validate(after))
    assert found.scenes == {0: 1, 1: 2, 2: 0}
    assert found.all()[0] == "scenes[2].elements[1].text changed"


def test_keys_say_which_scene_was_which_before_anything_else() -> None:
    before, after = validate(DOCUMENT), edited(to("scenes 0 elements 1 text", "ONE"))
    assert differences(before, after, {0: "k", 2: "l"}, {0: "l"}).scenes[0] == 2


def test_elements_are_followed() -> None:
    edit: Edit = lambda document: document["scenes"].insert(  # noqa: E731
        0, {"elements": [text("new")]}
    )
    parts = differences(validate(DOCUMENT), edited(edit)).parts
    assert parts["scenes", 1, "elements", 0] == ("scenes", 0, "elements", 0)
    assert ("scenes", 0, "elements", 0) not in parts and parts["elements", 1] == ("elements", 1)


@pytest.mark.parametrize(
    ("edit", "equal"),
    [
        (lambda document: None, 3),
        (to("scenes 0 comment", "other"), 3),
        (to("scenes 0 elements 1 text", "ONE"), 2),
        (insert(0, {"elements": [text("three")], "duration": 3}), 3),
        (lambda document: document["scenes"].clear(), 0),
    ],
)
def test_scenes_in_common(edit: Edit, equal: int) -> None:
    assert equal_scenes(validate(DOCUMENT), edited(edit)) == equal
