"""In which place of a document each scene and element of the expanded one is written."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.expand import expand, origins
from resplice.core.document.limits import MAX_SCENES
from resplice.core.document.paths import json_path
from resplice.errors import DocumentError

NO = {"condition": "{{ false }}"}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def moved(document: dict[str, Any]) -> dict[str, str]:
    """Of what is written elsewhere, as reports have it: its place, and where it is written."""
    found = origins(document)
    return {json_path(path): json_path(at) for path, at in found.items() if path != at}


@pytest.mark.parametrize(
    ("document", "elsewhere"),
    [
        ({"scenes": [{"elements": [text("a")]}], "elements": [text("b")]}, {}),
        ({"elements": [text("b")], "scenes": [{"elements": [text("a")]}]}, {}),
        (
            {"elements": [text("b", **NO), text("c")], "scenes": [{"elements": [text("a")]}]},
            {"elements[0]": "elements[1]"},
        ),
        (
            {
                "scenes": [
                    {"elements": [text("a")], **NO},
                    {"elements": [text("b", **NO), text("c")]},
                ]
            },
            {
                "scenes[0]": "scenes[1]",
                "scenes[0].elements[0]": "scenes[1].elements[1]",
            },
        ),
        (
            {
                "variables": {"all": [{"on": True}, {"on": False}, {"on": True}]},
                "scenes": [
                    {"elements": []},
                    {
                        "iterate": "all",
                        "condition": "{{ on }}",
                        "elements": [text("a", condition="{{ !on }}"), text("b")],
                    },
                    {"elements": [text("c")]},
                ],
            },
            {
                "scenes[1].elements[0]": "scenes[1].elements[1]",
                "scenes[2]": "scenes[1]",
                "scenes[2].elements[0]": "scenes[1].elements[1]",
                "scenes[3]": "scenes[2]",
                "scenes[3].elements[0]": "scenes[2].elements[0]",
            },
        ),
        (
            {
                "scenes": [
                    {"id": "first", "elements": [text("a", **NO), text("b")], "import": "last"},
                    {"import": "first"},
                    {"id": "last", "elements": [text("c")], "comment": "later"},
                ],
            },
            {
                "scenes[0].elements[0]": "scenes[0].elements[1]",
                "scenes[0].elements[1]": "scenes[2].elements[0]",
                "scenes[1].elements[0]": "scenes[0].elements[1]",
                "scenes[1].elements[1]": "scenes[2].elements[0]",
            },
        ),
    ],
)
def test_what_stands_elsewhere_is_found(
    document: dict[str, Any], elsewhere: dict[str, str]
) -> None:
    assert moved(document) == elsewhere


def test_all_scenes_and_elements_have_one() -> None:
    document = {"scenes": [{"elements": [text("a"), 7]}, 8], "elements": [text("b")]}
    assert {json_path(path) for path in origins(document)} == {
        *("scenes[0]", "scenes[1]", "scenes[0].elements[0]", "scenes[0].elements[1]"),
        "elements[0]",
    }


@pytest.mark.parametrize("document", [{}, {"scenes": 7}, {"scenes": [None], "elements": {"a": 1}}])
def test_what_is_no_movie_has_as_many_as_it_has_scenes(document: dict[str, Any]) -> None:
    scenes = expand(document).get("scenes")
    assert len(origins(document)) == (len(scenes) if isinstance(scenes, list) else 0)


def test_what_grows_beyond_limits_is_refused_as_ever() -> None:
    document = {"variables": {"a": [1] * 10_000}, "scenes": [{"iterate": "a"}] * 10}
    for reading in (expand, origins):
        with pytest.raises(DocumentError, match=f"more than {MAX_SCENES} scenes"):
            reading(document)
