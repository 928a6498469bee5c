"""Variables as a form and as a JSON Schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.core.document.variables import (
    ANNOTATIONS,
    PLATFORM_FIELDS,
    declared,
    default_text,
    json_schema,
    make_fields,
    without_annotations,
)


def fields(variables: Any) -> list[Any]:
    """Those of the template itself; that the others follow is looked at here."""
    made = make_fields(variables)
    assert [each["name"] for each in made[-2:]] == ["make_webhook_url", "client_data"]
    return made[:-2]


def properties(variables: Any) -> dict[str, Any]:
    schema = json_schema(variables)
    assert schema["$schema"].endswith("2020-12/schema") and schema["type"] == "object"
    json.dumps(schema, allow_nan=False)
    return dict(schema["properties"])


def test_every_type_of_value_has_its_field_in_the_order_of_the_document() -> None:
    variables = {
        "titleWeight": 600,
        "flip_horizontally": False,
        "voice1": "Ada",
        "none": None,
        "slides": [{"image": "a.jpg", "seconds": 2.50}, {"image": "b.jpg", "text": "x"}],
        "card": {"colour": "#fff", "size": {"w": 1}},
    }
    number = {"type": "number", "default": "600"}
    assert fields(variables) == [
        {"name": "titleWeight", "label": "Title Weight", **number},
        {
            "name": "flip_horizontally",
            "label": "Flip Horizontally",
            "type": "boolean",
            "default": "false",
        },
        {"name": "voice1", "label": "Voice1", "type": "text", "default": "Ada"},
        {"name": "none", "label": "None", "type": "text", "default": ""},
        {
            "name": "slides",
            "label": "Slides",
            "type": "array",
            "default": "[object Object],[object Object]",
            "spec": [
                {"name": "image", "label": "Image", "type": "text", "default": "a.jpg"},
                {"name": "seconds", "label": "Seconds", "type": "number", "default": "2.5"},
                {"name": "text", "label": "Text", "type": "text", "default": "x"},
            ],
        },
        {
            "name": "card",
            "label": "Card",
            "type": "collection",
            "default": "[object Object]",
            "spec": [
                {"name": "colour", "label": "Colour", "type": "text", "default": "#fff"},
                {
                    "name": "size",
                    "label": "Size",
                    "type": "collection",
                    "default": "[object Object]",
                    "spec": [{"name": "w", "label": "W", "type": "number", "default": "1"}],
                },
            ],
        },
    ]


def test_the_two_fields_that_every_form_has() -> None:
    assert make_fields({}) == make_fields([]) == make_fields("no") == list(PLATFORM_FIELDS)
    assert PLATFORM_FIELDS[0] == {
        "name": "make_webhook_url",
        "advanced": True,
        "type": "text",
        "label": "Webhook URL",
    }
    assert PLATFORM_FIELDS[1]["type"] == "array" and PLATFORM_FIELDS[1]["advanced"] is True
    assert [each["name"] for each in PLATFORM_FIELDS[1]["spec"]] == ["name", "value"]


def test_annotations_make_selects_types_and_help() -> None:
    help_text = "Use HEX, see [colours](https://example.com)"
    made = fields(
        {
            "@volume": "0.05=Very low|0.25=Low| 1 = Regular ",
            "volume": 1,
            "logo_URL": "",
            "@logo_URL": "url",
            "colour": "#000000",
            "@colour": "colorpicker",
            "?colour": help_text,
            "size": "m",
            "@size": "s|m|l",
            "?rooms": "Each room",
            "rooms": [{"@kind": "a=A|b=B", "kind": "a", "?kind": "Which"}],
        }
    )
    assert [each["name"] for each in made] == ["volume", "logo_URL", "colour", "size", "rooms"]
    volume, logo, colour, size, rooms = made
    assert volume == {
        "name": "volume",
        "label": "Volume",
        "type": "select",
        "default": "1",
        "options": [
            {"label": "Very low", "value": "0.05"},
            {"label": "Low", "value": "0.25"},
            {"label": "Regular", "value": "1"},
        ],
        "validate": False,
        "dynamic": True,
    }
    assert logo == {"name": "logo_URL", "label": "Logo URL", "type": "url", "default": ""}
    assert (colour["type"], colour["help"]) == ("colorpicker", help_text)
    assert [each["value"] for each in size["options"]] == ["s", "m", "l"]
    assert rooms["help"] == "Each room" and rooms["default"] == "[object Object]"
    assert rooms["spec"] == [
        {
            "name": "kind",
            "label": "Kind",
            "type": "select",
            "default": "a",
            "help": "Which",
            "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
            "validate": False,
            "dynamic": True,
        }
    ]


@pytest.mark.parametrize("annotation", [7, None, "", " ", ["a=b"], "two words", {}])
def test_an_annotation_that_says_nothing_changes_nothing(annotation: Any) -> None:
    plain = {"name": "a", "label": "A", "type": "text", "default": "x"}
    assert fields({"a": "x", "@a": annotation}) == [plain]
    assert "description" not in properties({"a": "x", "?a": None})["a"]


def test_options_may_be_odd() -> None:
    [made] = fields({"a": "", "@a": "=None||b=x=y|c"})
    assert [(each["value"], each["label"]) for each in made["options"]] == [
        *(("", "None"), ("b", "x=y"), ("c", "c")),
    ]
    assert fields({"@alone": "a=b", "?alone": "x"}) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("titleWeight", "Title Weight"),
        ("video_URL", "Video URL"),
        ("mainURLName", "Main URL Name"),
        ("voice1", "Voice1"),
        ("voice2Name", "Voice2 Name"),
        ("_a__b_", "A B"),
        ("_", "_"),
        ("émile", "Émile"),
        ("", ""),
    ],
)
def test_labels(name: str, label: str) -> None:
    assert declared({name: 1})[0].label == label


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((600, "600"), (0.05, "0.05"), (2.0, "2"), (True, "true"), (None, ""), ("é", "é")),
        *(({}, "[object Object]"), ([], ""), ([1, None, "b", [2, {}]], "1,,b,2,[object Object]")),
    ],
)
def test_defaults_are_the_texts_that_javascript_makes(value: Any, text: str) -> None:
    assert default_text(value) == text


def test_the_schema_has_native_types_and_real_defaults() -> None:
    assert properties(
        {
            "title": "Hello",
            "?title": "On top",
            "width": 2.5,
            "loud": True,
            "any": None,
            "volume": 1,
            "@volume": "0.1=Low|1=Regular|more=More",
            "size": "xl",
            "@size": "s|m",
            "on": False,
            "@on": "true=Yes|false=No",
        }
    ) == {
        "title": {
            "title": "Title",
            "type": "string",
            "default": "Hello",
            "description": "On top",
        },
        "width": {"title": "Width", "type": "number", "default": 2.5},
        "loud": {"title": "Loud", "type": "boolean", "default": True},
        "any": {"title": "Any", "default": None},
        "volume": {"title": "Volume", "type": "number", "default": 1, "enum": [0.1, 1, "more"]},
        "size": {"title": "Size", "type": "string", "default": "xl", "enum": ["xl", "s", "m"]},
        "on": {"title": "On", "type": "boolean", "default": False, "enum": [True, False]},
    }


def test_the_schema_goes_into_lists_and_objects_and_leaves_annotations_out() -> None:
    slide = {"image": "a", "@image": "url", "?image": "Which", "n": 1}
    made = properties(
        {"slides": [slide], "card": {"?a": "x", "a": 1}, "tags": ["a"], "x": [1, "a"]}
    )
    image = {"title": "Image", "type": "string", "default": "a", "description": "Which"}
    number = {"title": "N", "type": "number", "default": 1}
    assert made["slides"] == {
        "title": "Slides",
        "type": "array",
        "items": {"type": "object", "properties": {"image": image, "n": number}},
        "default": [{"image": "a", "n": 1}],
    }
    assert made["card"]["default"] == {"a": 1}
    assert made["card"]["properties"]["a"]["description"] == "x"
    assert made["tags"] == {
        "title": "Tags",
        "type": "array",
        "items": {"type": "string"},
        "default": ["a"],
    }
    assert made["x"] == {"title": "X", "type": "array", "default": [1, "a"]}
    for mixed in ([], [None], ["a", None], [[1]]):
        assert "items" not in properties({"a": mixed})["a"]
    assert json_schema(None)["properties"] == {}


def test_without_annotations() -> None:
    assert ANNOTATIONS == ("@", "?")
    kept = without_annotations({"a": [{"@b": 1, "b": "@b"}], "?a": "x"})
    assert kept == {"a": [{"b": "@b"}]}


@pytest.mark.parametrize("text", ["1e999", "NaN", "Infinity", "1_0", "٣", "-", "9" * 400])
def test_an_option_that_is_no_number_of_json_stays_text(text: str) -> None:
    assert properties({"a": 1, "@a": f"{text}=x"})["a"]["enum"] == [1, text]
