"""A call and its template are one document."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.template_call import called_template, with_template, with_variables
from resplice.errors import DocumentError

TEMPLATE = {
    "resolution": "full-hd",
    "fps": 30,
    "id": "its own",
    "variables": {"title": "Hello", "card": {"a": 1, "b": 2}, "list": [1, 2]},
    "scenes": [{"elements": [{"type": "text", "text": "{{title}}"}]}],
    "elements": [{"type": "audio", "src": "a.mp3"}],
}


@pytest.mark.parametrize("template", [None, ""])
def test_a_movie_of_its_own_calls_none(template: Any) -> None:
    assert called_template({"scenes": []}) is None
    assert called_template({"template": template}) is None


def test_a_template_is_called_by_its_id() -> None:
    assert called_template({"template": "LerKrmBfiqaIgBuacLWn"}) == "LerKrmBfiqaIgBuacLWn"
    for odd in (7, True, ["a"], {}):
        with pytest.raises(DocumentError, match="'template' must be the id of a template"):
            called_template({"template": odd})


def test_the_call_says_what_is_about_the_whole_movie() -> None:
    said = {
        "resolution": "hd",
        "width": 100,
        "height": 50,
        "quality": "low",
        "fps": 10,
        "cache": False,
        "draft": True,
        "id": "mine",
        "comment": "c",
        "client-data": {},
        "exports": [],
    }
    whole = with_template(TEMPLATE, {"template": "t", **said})
    assert whole == {**TEMPLATE, **said}
    assert with_template(TEMPLATE, {"template": "t"}) == TEMPLATE
    nothing = dict.fromkeys(said)
    assert with_template(TEMPLATE, {"template": "t", **nothing, "variables": None}) == TEMPLATE


def test_what_is_seen_is_the_templates() -> None:
    call = {"template": "t", "scenes": [{}], "elements": [], "apiKey": "k", "anything": 1}
    assert with_template({**TEMPLATE, "template": "other"}, call) == TEMPLATE


def test_a_size_of_the_call_wins_over_the_templates_preset() -> None:
    whole = with_template(TEMPLATE, {"width": 64, "height": 50})
    assert "resolution" not in whole and (whole["width"], whole["height"]) == (64, 50)
    assert with_template(TEMPLATE, {"width": 64})["resolution"] == "full-hd"


def test_variables_are_merged_object_by_object() -> None:
    variables = {"title": None, "card": {"b": 3}, "list": [9], "new": 1}
    whole = with_template(TEMPLATE, {"variables": variables})
    merged = {"title": None, "card": {"a": 1, "b": 3}, "list": [9], "new": 1}
    assert whole["variables"] == merged
    assert TEMPLATE["variables"] == {"title": "Hello", "card": {"a": 1, "b": 2}, "list": [1, 2]}
    assert with_variables({"variables": []}, {"a": 1}) == {"variables": {"a": 1}}
    assert with_variables({"scenes": []}, []) == {"scenes": []}


@pytest.mark.parametrize("odd", ["text", 7, [1], True])
def test_variables_that_are_no_object_are_refused(odd: Any) -> None:
    with pytest.raises(DocumentError, match="'variables' must be an object") as refused:
        with_template(TEMPLATE, {"variables": odd})
    assert [problem.path for problem in refused.value.problems] == ["variables"]
