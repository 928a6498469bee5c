"""The tables of the movie JSON reference, the models and the JSON Schema say the same.

A row: the property, its default, its range or its names. What a row bounds is tried at the bounds
and beyond, on the model and on the schema; no property is without a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from resplice.core.captions.settings import SETTINGS as CAPTION_SETTINGS
from resplice.core.document.expand import expand
from resplice.core.elements import TYPES
from resplice.core.schema.json_schema import json_schema, plain
from resplice.core.schema.validation import checked
from resplice.core.text.settings import SETTINGS as TEXT_SETTINGS
from resplice.core.text.styles import STYLES

PLAIN, VALIDATOR = plain(), Draft202012Validator(json_schema())
HOURS = 3 * 3600
NOTHING: Any = None


@dataclass(frozen=True)
class Row:
    """least, most: the range, both ends in; names: all that it may be."""

    name: str
    default: Any = NOTHING
    least: float | None = None
    most: float | None = None
    names: str = ""
    required: bool = False


MOVIE = (
    Row("scenes", required=True), Row("elements", []),
    Row("resolution", "custom", names="sd hd full-hd squared instagram-story instagram-feed "
        "instagram-portrait twitter-landscape twitter-portrait custom"),
    Row("width", 640, 50, 3840), Row("height", 360, 50, 3840),
    Row("quality", "high", names="low medium high very_high"), Row("fps", 25, 1, 120),
    Row("draft"), Row("cache", True), Row("id"), Row("comment"), Row("client-data"),
    Row("variables"), Row("template"), Row("exports"), Row("settings"), Row("condition"),
    Row("$schema"), Row("thumbnail-at", NOTHING, 0, HOURS), Row("content-credentials", False),
)  # fmt: skip
SCENE = (
    Row("elements", []), Row("duration", -1, 0.04, HOURS), Row("background-color", "#000000"),
    Row("transition"), Row("cache", True), Row("condition"), Row("variables"), Row("iterate"),
    Row("iterate-as", "item"), Row("import"), Row("id"), Row("comment"),
)  # fmt: skip
ALL = (
    Row("type", required=True), Row("id"), Row("comment"), Row("condition"), Row("variables"),
    Row("cache", True), Row("start", 0, 0, HOURS), Row("duration", -1, 0.04, HOURS),
    Row("extra-time", 0, 0, HOURS), Row("z-index", 0, -99, 99), Row("fade-in", 0, 0, HOURS),
    Row("fade-out", 0, 0, HOURS),
)  # fmt: skip
CONTAINERS = (*(row for row in ALL if row.name != "duration"), Row("duration", -2, 0.04, HOURS))
VISUAL = (
    Row("position", "custom", names="top-left top-right bottom-right bottom-left center-center "
        "custom top-center center-left center-right bottom-center"),
    Row("x", 0, -8192, 8192), Row("y", 0, -8192, 8192), Row("width", -1, 1, 8192),
    Row("height", -1, 1, 8192), Row("resize", names="cover fill fit contain"),
    Row("scale", {"width": -1, "height": -1}), Row("crop"), Row("rotate"), Row("zoom", 0),
    Row("pan", names="left right top bottom top-left top-right bottom-left bottom-right"),
    Row("pan-distance", 0.1, 0.01, 0.5), Row("pan-crop", True), Row("chroma-key"),
    Row("correction"), Row("flip-horizontal", False), Row("flip-vertical", False), Row("mask"),
)  # fmt: skip
SOUNDING = (Row("muted", False), Row("volume", 1, 0, 10))
PLAYING = (Row("seek", 0, -HOURS, HOURS), Row("loop", 1, -1, 100_000))
PROVIDED = (Row("model"), Row("connection"), Row("model-settings"))
GENERATED = (
    *PROVIDED, Row("src"), Row("prompt"),
    Row("aspect-ratio", "horizontal", names="horizontal vertical squared square"),
)  # fmt: skip
COMPONENT = (*CONTAINERS, *VISUAL, Row("settings"))
TABLES: dict[str, tuple[Row, ...]] = {
    "Scene": SCENE,
    "Transition": (
        Row("style", "fade", names="fade wipeleft wiperight wipeup wipedown slideleft slideright "
            "slideup slidedown circlecrop rectcrop distance fadeblack fadewhite radial smoothleft "
            "smoothright smoothup smoothdown circleopen circleclose vertopen vertclose horzopen "
            "horzclose dissolve pixelize diagtl diagtr diagbl diagbr hlslice hrslice vuslice "
            "vdslice hblur fadegrays wipetl wipetr wipebl wipebr squeezeh squeezev zoomin"),
        Row("duration", 1, 0, HOURS), Row("type", "xfade"),
    ),
    "Export": (Row("destinations", []),),
    "Destination": (
        Row("type", names="webhook ftp sftp email s3"), Row("id"), Row("connection"),
        Row("endpoint"), Row("content-type"), Row("host"), Row("port", least=1, most=65535),
        Row("username"), Row("password"), Row("secure"), Row("host-key"), Row("remote-path"),
        Row("file"), Row("to"), Row("from"), Row("subject"), Row("message"), Row("bucket"),
        Row("region"), Row("access-key"), Row("secret-key"),
    ),
    "Scale": (Row("width", -1, 1, 8192), Row("height", -1, 1, 8192)),
    "Crop": (Row("width", required=True, least=1), Row("height", required=True, least=1),
             Row("x", 0, 0), Row("y", 0, 0)),
    "Rotate": (Row("angle", 0, -360, 360), Row("speed", 0, 0, HOURS)),
    "ChromaKey": (Row("color", required=True), Row("tolerance", 25, 1, 100)),
    "Correction": (Row("brightness", 0, -1, 1), Row("contrast", 1, -1000, 1000),
                   Row("gamma", 1, 0.1, 10), Row("saturation", 1, 0, 3)),
    "Capture": (Row("width", 640, 50, 1920), Row("height", 360, 50, 1080),
                Row("duration", 0, 0, 10)),
    "ImageElement": (*ALL, *VISUAL, *GENERATED),
    "VideoElement": (*ALL, *VISUAL, *GENERATED, *SOUNDING, *PLAYING),
    "AudioElement": (*ALL, *SOUNDING, *PLAYING, Row("src", required=True)),
    "VoiceElement": (*ALL, *SOUNDING, *PROVIDED, Row("text", required=True), Row("voice")),
    "TextElement": (*CONTAINERS, *VISUAL, Row("text", required=True), Row("style", "001"),
                    Row("settings")),
    "HtmlElement": (*ALL, *VISUAL, Row("html"), Row("src"), Row("tailwindcss", False),
                    Row("tailwind", False), Row("wait", least=0, most=5), Row("dpi", 1, 1, 4),
                    Row("settings"), Row("capture")),
    "ComponentElement": (*COMPONENT, Row("component", required=True)),
    "TemplateElement": (*COMPONENT, Row("template", required=True)),
    "AudiogramElement": (*CONTAINERS, *VISUAL, Row("color", "#ffffff"),
                         Row("opacity", 0.5, 0, 1), Row("amplitude", 5, 0, 10)),
    "SubtitlesElement": (*(row for row in ALL if row.name not in ("start", "duration")),
                         Row("start", 0), Row("duration", -2), Row("captions"),
                         Row("language", "auto"), Row("model", "default", names="default whisper"),
                         Row("connection"), Row("model-settings"), Row("settings")),
}  # fmt: skip
BARE: dict[str, dict[str, Any]] = {
    "ImageElement": {"type": "image", "src": "https://example.com/a.png"},
    "VideoElement": {"type": "video", "src": "https://example.com/a.mp4"},
    "AudioElement": {"type": "audio", "src": "https://example.com/a.mp3"},
    "VoiceElement": {"type": "voice", "text": "Hi"},
    "TextElement": {"type": "text", "text": "Hi"},
    "HtmlElement": {"type": "html", "html": "Hi"},
    "ComponentElement": {"type": "component", "component": "basic/000"},
    "TemplateElement": {"type": "template", "template": "basic/000"},
    "AudiogramElement": {"type": "audiogram"},
    "SubtitlesElement": {"type": "subtitles"},
}
"""The least that each may say."""
INSIDE = {
    "Scale": ("ImageElement", "scale", {}),
    "Crop": ("ImageElement", "crop", {"width": 9, "height": 9}),
    "Rotate": ("ImageElement", "rotate", {}), "Correction": ("ImageElement", "correction", {}),
    "ChromaKey": ("ImageElement", "chroma-key", {"color": "#00b140"}),
    "Capture": ("HtmlElement", "capture", {}),
}  # fmt: skip
"""Where the smaller parts stand."""
EVERY = {"Movie": MOVIE, **TABLES}
ROWS = [(part, row) for part, rows in EVERY.items() for row in rows]


def document(part: str, said: dict[str, Any]) -> dict[str, Any]:
    """A movie with such a part."""
    if part == "Movie":
        return {"scenes": [{}], **said}
    if part == "Scene":
        return {"scenes": [said]}
    if part == "Export":
        return {"scenes": [{}], "exports": [said]}
    if part == "Destination":
        return document("Export", {"destinations": [said]})
    if part == "Transition":
        return {"scenes": [{"transition": said}]}
    if part in INSIDE:
        holder, key, least = INSIDE[part]
        return document(holder, {key: {**least, **said}})
    return {"scenes": [{"elements": [{**BARE[part], **said}]}]}


def said_by(part: str) -> dict[str, Any]:
    found: dict[str, Any] = PLAIN if part == "Movie" else PLAIN["$defs"][part]
    return found


def is_read(said: dict[str, Any]) -> set[bool]:
    """Whether the models read it, and whether the schema lets it through."""
    return {not checked(expand(said))[1], VALIDATOR.is_valid(said)}


def tried(row: Row) -> Iterator[tuple[Any, bool]]:
    """Values, and whether they are within."""
    if row.least is not None:
        yield from ((row.least, True), (row.least - 1000, False))
    if row.most is not None:
        yield from ((row.most, True), (row.most + 1, False), (str(row.most), True))
    for name in row.names.split():
        yield name, True
    if row.names:
        yield "no-such-name", False


def test_every_part_and_property_has_a_row_and_no_other() -> None:
    parts = {name for name, part in PLAIN["$defs"].items() if "properties" in part}
    assert parts - {"Element"} == TABLES.keys()
    assert {row.model.__name__ for row in TYPES.values()} == BARE.keys()
    for part, rows in EVERY.items():
        assert said_by(part)["properties"].keys() == {row.name for row in rows}, part


@pytest.mark.parametrize(("part", "row"), ROWS, ids=lambda each: getattr(each, "name", each))
def test_the_schema_has_the_default_and_the_limits_of_the_row(part: str, row: Row) -> None:
    said = said_by(part)["properties"][row.name]
    assert said["description"]
    [holder, *_] = said_by(part).get("anyOf", [said_by(part)])  # Scenes or a template.
    assert (row.name in holder.get("required", ())) == row.required
    if row.default is not NOTHING:
        assert said["default"] == row.default
    if row.names:
        assert {*said["enum"]} == {*row.names.split()}
    if row.most is not None:
        assert said["maximum"] == row.most


@pytest.mark.parametrize(("part", "row"), ROWS, ids=lambda each: getattr(each, "name", each))
def test_models_and_schema_read_what_is_within_and_refuse_what_is_not(part: str, row: Row) -> None:
    for value, is_within in tried(row):
        assert is_read(document(part, {row.name: value})) == {is_within}, value


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("Scene", "duration", -1), ("TextElement", "duration", -2), ("TextElement", "duration", -1),
        ("TextElement", "start", -1), ("ImageElement", "width", -1), ("VideoElement", "loop", 0),
    ],
)  # fmt: skip
def test_numbers_with_a_meaning_of_their_own_are_read(part: str, key: str, value: int) -> None:
    assert is_read(document(part, {key: value})) == {True}


@pytest.mark.parametrize("row", TYPES)
def test_an_element_that_says_the_least_is_read(row: str) -> None:
    assert is_read(document(TYPES[row].model.__name__, {})) == {True}


SUBTITLES: dict[str, Any] = {
    "style": "classic", "font-family": "Arial", "font-url": NOTHING, "font-weight": "400",
    "font-size": NOTHING, "all-caps": False, "position": "bottom-center", "x": 0, "y": 0,
    "word-color": "#ffff00", "line-color": "#ffffff", "box-color": "#000000",
    "outline-color": "#000000", "outline-width": 0, "shadow-color": "#000000", "shadow-offset": 0,
    "max-words-per-line": 4, "keywords": NOTHING, "replace": NOTHING,
    "color": "#ffffff", "font-color": "#ffffff", "highlight-color": "#ffff00",
}  # fmt: skip
"""Settings of subtitles with their defaults; the last three are other names."""


def test_settings_of_subtitles_are_those_that_are_read() -> None:
    said = said_by("SubtitlesElement")["properties"]["settings"]["properties"]
    assert said.keys() == {*CAPTION_SETTINGS} == SUBTITLES.keys()
    assert {name: each.get("default") for name, each in said.items()} == SUBTITLES
    styles = "classic classic-progressive classic-one-word boxed-line boxed-word"
    assert [each["const"] for each in said["style"]["anyOf"]] == styles.split()


FONTS = {
    "001": "Inter", "002": "Roboto", "003": "Roboto", "004": "Roboto", "005": "Roboto",
    "006": "Anton", "007": "Anton", "008": "Anton", "009": "Inter", "010": "Inter", "011": "Inter",
}  # fmt: skip
"""Of the reference's table of styles."""


def test_settings_of_texts_are_those_that_are_read_with_the_defaults_of_their_style() -> None:
    part = said_by("TextElement")
    known = part["properties"]["settings"]["properties"]
    assert known.keys() == {*TEXT_SETTINGS, "font-url"}
    assert (known["font-size"]["default"], known["color"]["default"]) == ("4vw", "#FFFFFF")
    styles = part["properties"]["style"]["anyOf"]
    assert [each["const"] for each in styles if "const" in each] == [*STYLES] == [*FONTS]
    defaults = dict[str, Any]()
    for each in part["allOf"]:
        name = each["if"]["properties"]["style"]["const"]
        defaults[name] = each["then"]["properties"]["settings"]["properties"]
    found = {name: each["font-family"]["default"].strip('"') for name, each in defaults.items()}
    assert defaults["001"].keys() <= known.keys()
    assert found == FONTS
    assert defaults["011"]["font-size"]["default"] == "6vw"
    assert "text-shadow" in defaults["006"] and "text-shadow" not in defaults["007"]
