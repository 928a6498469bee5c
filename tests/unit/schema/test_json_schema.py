"""The JSON Schema as an editor uses it: it lets through what people write, before variables are
filled in, and refuses what rendering would refuse, at the same places.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.components import ComponentFolder
from resplice.core.document.fields import SPENT, names_at
from resplice.core.document.paths import json_path
from resplice.core.elements import TYPES
from resplice.core.providers import Offers
from resplice.core.schema.json_schema import json_schema, plain
from resplice.core.schema.validation import checked
from resplice.core.sources import lacks, source_problems

ROOT = Path(__file__).parents[3]
FOLDERS = ComponentFolders(CATALOG).all()
SCHEMA = json_schema(FOLDERS)
VALIDATOR = Draft202012Validator(SCHEMA)
DOCUMENTS = sorted(
    path
    for place in ("examples/*.json", "tests/movies/*.json", "tests/cases/*/movie.json")
    for path in ROOT.glob(place)
    if path.stem != "template-call"
)
TEXT, COUNTER = {"type": "text", "text": "Hi"}, {"type": "component", "component": "advanced/060"}
SUBTITLES = {"type": "subtitles", "captions": "1\n00:00:00,000 --> 00:00:01,000\nHi\n"}


def movie(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"scenes": [{"elements": [*elements]}], **more}


def faults(document: Any, validator: Draft202012Validator = VALIDATOR) -> list[str]:
    """Where the schema refuses something."""
    return sorted({json_path([*each.absolute_path]) for each in validator.iter_errors(document)})


def problems(document: dict[str, Any]) -> list[str]:
    """Where rendering does."""
    read, found = checked(document)
    if read is not None:
        found += source_problems(read, Offers(components=FOLDERS), files_allowed=True)
        found += lacks(read)
    return sorted({each.path for each in found})


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_movies_as_they_are_written_are_well(path: Path) -> None:
    assert faults(json.loads(path.read_bytes())) == []


def test_there_are_movies() -> None:
    assert len(DOCUMENTS) >= 50


@pytest.mark.parametrize(
    "document",
    [
        movie(TEXT, fps="30", width="640", cache="true", **{"$schema": "movie.schema.json"}),
        movie({**TEXT, "duration": "{{ d }}", "cache": "{{ c }}", "settings": "{{ look }}"}),
        movie({**TEXT, "x": None, "crop": None, "position": None, "style": None}),
        movie({**TEXT, "style": 5}, {**TEXT, "style": "5"}, {**TEXT, "style": "{{ s }}"}),
        movie({**TEXT, "resize": "{{ r }}", "x": 10.5, "zoom": 100, "id": 7, "whatever": []}),
        movie({**TEXT, "settings": {"font-size": 40, "color": "{{c}}", "font-weight": 700}}),
        movie({**COUNTER, "settings": []}, {**COUNTER, "settings": {"counter": "__num__ sold"}}),
        movie({**COUNTER, "settings": {"counter": {"to": "{{ price }}", "duration": "2500"}}}),
        movie({"type": "component", "component": "{{ which }}", "settings": {"a": {"b": [1]}}}),
        movie({"type": "{{ kind }}", "whatever": 1}, "{{ element }}"),
        movie({**SUBTITLES, "settings": {"font-size": "80px", "position": "bottom", "x": "4"}}),
        movie({**SUBTITLES, "settings": {"outline-width": -1, "keywords": "a,b", "style": None}}),
        {"scenes": "{{ scenes }}", "resolution": "{{ r }}", "elements": None},
    ],
)
def test_what_people_write_is_let_through(document: dict[str, Any]) -> None:
    assert faults(document) == []


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (movie({"type": "txt"}), "scenes[0].elements[0].type"),
        (movie(TEXT, resolution="8k"), "resolution"),
        (movie(TEXT, width=20), "width"),
        (movie(TEXT, fps=500), "fps"),
        (movie(TEXT, cache="maybe"), "cache"),
        ({"scenes": [{"duration": 0}]}, "scenes[0].duration"),
        ({"scenes": [{"background-color": "#12"}]}, "scenes[0].background-color"),
        ({"scenes": [{"transition": {"style": "swirl"}}]}, "scenes[0].transition.style"),
        ({"scenes": [{"elements": [None]}]}, "scenes[0].elements[0]"),
        (movie({**TEXT, "start": -3}), "scenes[0].elements[0].start"),
        (movie({**TEXT, "duration": -5}), "scenes[0].elements[0].duration"),
        (movie({**TEXT, "z-index": 100}), "scenes[0].elements[0].z-index"),
        (movie({**TEXT, "fade-in": -1}), "scenes[0].elements[0].fade-in"),
        (movie({**TEXT, "position": "middle"}), "scenes[0].elements[0].position"),
        (movie({**TEXT, "width": 0}), "scenes[0].elements[0].width"),
        (movie({**TEXT, "rotate": {"angle": 900}}), "scenes[0].elements[0].rotate.angle"),
        (movie({**TEXT, "correction": {"gamma": 0}}), "scenes[0].elements[0].correction.gamma"),
        (movie({**TEXT, "flip-vertical": "up"}), "scenes[0].elements[0].flip-vertical"),
        (movie({**TEXT, "style": "012"}), "scenes[0].elements[0].style"),
        (movie({**TEXT, "settings": {"color": True}}), "scenes[0].elements[0].settings.color"),
        (
            movie({**TEXT, "settings": {"font-size": "4vw;}"}}),
            "scenes[0].elements[0].settings.font-size",
        ),
        (
            movie({**TEXT, "settings": {"vertical-align": "low"}}),
            "scenes[0].elements[0].settings.vertical-align",
        ),
        (
            movie({"type": "component", "component": "basic/00"}),
            "scenes[0].elements[0].component",
        ),
        (
            movie({"type": "template", "template": "basic/999"}),
            "scenes[0].elements[0].template",
        ),
        (
            movie({**COUNTER, "settings": {"counter": True}}),
            "scenes[0].elements[0].settings.counter",
        ),
        (
            movie({**COUNTER, "settings": {"counter": {"decimals": 9}}}),
            "scenes[0].elements[0].settings.counter.decimals",
        ),
        (
            movie({**COUNTER, "settings": {"counter": {"duration": "long"}}}),
            "scenes[0].elements[0].settings.counter.duration",
        ),
        (movie({**SUBTITLES, "model": "best"}), "scenes[0].elements[0].model"),
        (
            movie({**SUBTITLES, "settings": {"font-size": 5000}}),
            "scenes[0].elements[0].settings.font-size",
        ),
        (
            movie({**SUBTITLES, "settings": {"all-caps": "maybe"}}),
            "scenes[0].elements[0].settings.all-caps",
        ),
        (
            movie({"type": "html", "html": "a", "capture": {"width": 9}}),
            "scenes[0].elements[0].capture.width",
        ),
        (movie({"type": "html", "html": "a", "wait": 9}), "scenes[0].elements[0].wait"),
        (movie({"type": "audiogram", "opacity": 2}), "scenes[0].elements[0].opacity"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_is_refused_where_rendering_does(
    document: dict[str, Any], place: str
) -> None:
    assert faults(document) == [place]
    assert problems(document) == [place]


def test_what_must_be_there_is_missed_in_its_element() -> None:
    """Our own words name the property; a schema's are of the object that lacks it."""
    bare = [{"type": "text"}, {"type": "audio"}, {"type": "voice"}, {"type": "component"}, {}]
    assert faults(movie(*bare)) == [f"scenes[0].elements[{number}]" for number in range(5)]
    assert faults({}) == [""]


def test_each_property_of_each_part_says_what_it_does() -> None:
    silent = [
        f"{name}.{key}"
        for name, part in {"Movie": SCHEMA, **SCHEMA["$defs"]}.items()
        for key, value in part.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value
    ]
    unsaid = {each for each in silent if "/" not in each}
    assert unsaid == set()
    assert {"title", "description"} <= SCHEMA.keys()


def test_names_that_expanding_reads_are_there() -> None:
    parts = SCHEMA["$defs"]
    assert {*names_at("movie")} <= SCHEMA["properties"].keys()
    assert {*names_at("scene")} <= parts["Scene"]["properties"].keys()
    for row in TYPES.values():
        of_elements = SPENT & {*names_at("element")}
        assert of_elements <= parts[row.model.__name__]["properties"].keys()


def test_an_own_component_is_one_more_and_a_broken_one_is_none() -> None:
    own = ComponentFolders(ROOT / "examples/components").all()
    broken = ComponentFolder("mine/broken", "{", "")
    validator = Draft202012Validator(json_schema([*FOLDERS, *own, broken]))
    place = "scenes[0].elements[0].component"
    quote: dict[str, Any] = {"type": "component", "component": "mine/quote"}
    assert faults(movie(quote)) == [place]
    assert faults(movie(quote), validator) == []
    assert faults(movie({**quote, "settings": {"quote": {"pace": 9999}}}), validator) == [
        "scenes[0].elements[0].settings.quote.pace"
    ]
    assert faults(movie({**quote, "component": "mine/broken"}), validator) == [place]


def test_without_components_their_names_are_free() -> None:
    validator = Draft202012Validator(json_schema())
    assert faults(movie({"type": "component", "component": "any/thing"}), validator) == []


def test_the_plain_spelling_has_one_type_each() -> None:
    known = plain()["properties"]
    assert known["fps"]["type"] == "integer" and known["cache"]["type"] == "boolean"
