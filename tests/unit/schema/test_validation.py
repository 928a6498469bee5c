"""What is said about a document that is wrong: the words, the paths, and that it is all of it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from resplice.core.schema.unknown import unknown_in_exports, unknown_keys
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tools import Tools
from resplice.errors import DocumentError, MakeError
from resplice.steps.pipeline.accept import accept
from resplice.steps.pipeline.element import TaskResult, make_all
from studio import picture, studio, tone
from warned_lines import plain, plainly

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
IMAGE = {"type": "image", "src": "https://example.com/a.png"}


def movie(*elements: Any, **scene: Any) -> dict[str, Any]:
    return {"scenes": [{"elements": list(elements), **scene}]}


def told(document: Any) -> dict[str, str]:
    """Each problem's message, without the name of the element, by its path."""
    with pytest.raises(DocumentError) as caught:
        validate(document)
    return {p.path: p.message.partition("1: ")[2] or p.message for p in caught.value.problems}


@pytest.mark.parametrize("element", [{"type": "text"}, {"type": "text", "text": None}])
def test_a_text_without_a_text_is_told_so(element: Any) -> None:
    wanted = "The element type 'text' requires a 'text' property."
    assert told(movie(element)) == {"scenes[0].elements[0].text": wanted}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("resize", "stretch", "must be one of cover, fill, fit, contain, not 'stretch'"),
        ("rotate", 3, "must be an object, not 3"),
        ("flip-vertical", "foo", "must be true or false, not 'foo'"),
        ("z-index", "foo", "must be a whole number, not 'foo'"),
        ("z-index", 1.5, "must be a whole number, not 1.5"),
        ("width", [True], "must be a whole number, not [true]"),
        ("fade-in", "foo", "must be a number, not 'foo'"),
        ("fade-in", {"a": False}, 'must be a number, not {"a": false}'),
        ("fade-in", -1, "must be greater than or equal to 0, not -1"),
        ("mask", ["a"], 'must be a text, not ["a"]'),
        (
            "duration",
            0,
            "must be -1 (its own length), -2 (its container's length) or more than 0, not 0",
        ),
    ],
)
def test_values_are_refused_in_the_words_of_json(name: str, value: Any, words: str) -> None:
    path = f"scenes[0].elements[0].{name}"
    assert told(movie({**IMAGE, name: value})) == {path: f"'{name}' {words}"}


def test_lists_are_called_lists_and_have_an_end() -> None:
    assert told({"scenes": "foo"}) == {"scenes": "'scenes' must be a list, not 'foo'"}
    most = "'scenes' must have at most 1000 items"
    assert told({"scenes": [{}] * 1001}) == {"scenes": most}
    style = told(movie(transition={"style": "whirl"}))["scenes[0].transition.style"]
    assert "must be one of fade, wipeleft," in style
    assert style.endswith("zoomin, not 'whirl'")


NULLS = (
    *("width", "height", "x", "y", "position", "resize", "zoom", "pan", "pan-distance", "pan-crop"),
    *("rotate", "crop", "chroma-key", "correction", "mask", "scale", "duration", "start"),
    *("z-index", "fade-in", "fade-out", "extra-time", "cache", "flip-horizontal", "comment", "id"),
    *("prompt", "model", "model-settings", "connection", "aspect-ratio", "seek", "loop", "volume"),
    *("muted", "variables", "condition", "settings", "style", "color"),
)
"""Fields of elements of any type that come as null."""


@pytest.mark.parametrize(
    "bare",
    [
        IMAGE,
        {"type": "video", "src": "https://e.com/a"},
        {"type": "audio", "src": "https://e.com/a"},
        {"type": "text", "text": "Ann"},
        {"type": "audiogram"},
        {"type": "voice", "text": "Ann"},
    ],
    ids=lambda bare: bare["type"],
)
def test_null_is_as_good_as_missing_in_every_field(bare: dict[str, Any]) -> None:
    told = {**bare, **dict.fromkeys(NULLS)}
    assert validate(movie(told)).scenes == validate(movie(bare)).scenes
    scene = dict.fromkeys(("duration", "background-color", "transition", "cache", "id", "elements"))
    whole = dict.fromkeys(("resolution", "width", "height", "fps", "quality", "cache", "elements"))
    assert validate({**whole, "scenes": [scene]}) == validate({"scenes": [{}]})


def test_numbers_and_flags_may_come_in_quotes() -> None:
    plain = {
        **{
            "type": "video",
            "src": "https://e.com/a",
            "width": 1080,
            "height": -1,
            "x": -5,
            "y": 10,
        },
        **{
            "start": 0.5,
            "duration": -2,
            "extra-time": 1,
            "z-index": -3,
            "fade-in": 0.5,
            "seek": -3,
        },
        **{"loop": -1, "volume": 0.5, "muted": True, "cache": False, "zoom": 1.1, "pan": "left"},
        **{"pan-distance": 0.2, "pan-crop": False, "rotate": {"angle": -45, "speed": 2}},
        **{"crop": {"width": 10, "height": 20, "x": 1, "y": 2}, "scale": {"width": 5, "height": 6}},
        **{"correction": {"brightness": -0.1, "contrast": 2}},
        **{"chroma-key": {"color": "#00b140", "tolerance": 30}},
    }
    shape = {"width": 1080, "height": 1920, "fps": 30, "cache": False}
    scene = {"duration": 3.5, "transition": {"duration": 0.5}, "cache": True, "elements": [plain]}
    document = {**shape, "scenes": [scene]}
    assert validate(quoted(document)) == validate(document)


def quoted(value: Any) -> Any:
    """The value with every number and flag as a text."""
    if isinstance(value, dict):
        return {key: quoted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [quoted(each) for each in value]
    return value if isinstance(value, str) else str(value).lower()


def test_what_an_element_does_not_know_is_kept_and_does_nothing() -> None:
    """`volume` of an image, settings of a text that stand beside its settings."""
    odd = {"volume": 0.5, "muted": True, "fit-mode": "cover", "font-size": "3px", "unknown": [1]}
    for bare in (IMAGE, {"type": "text", "text": "Ann"}):
        (scene,) = validate(movie({**bare, **odd})).scenes
        assert scene.elements[0].model_extra == odd


def test_the_format_s_own_qualities_and_sizes_are_known() -> None:
    whole = validate({**movie(IMAGE), "quality": "very_high", "resolution": "instagram-portrait"})
    assert whole.quality == "very_high"
    assert whole.size() == (1080, 1920)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("RebeccaPurple", "#663399"),
        (" DodgerBlue ", "#1e90ff"),
        ("#1e9", "#11ee99"),
        ("#1E9f", "#11ee99"),
        ("#1E90FF80", "#1e90ff"),
        ("rgb(30, 144, 255)", "#1e90ff"),
        ("rgb(30 144 255 / 50%)", "#1e90ff"),
        ("rgba(30,144,255,0.5)", "#1e90ff"),
        ("rgb(100%, 0%, 50%)", "#ff0080"),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("hsl(-240deg 100% 25%)", "#008000"),
        ("hsla(120, 100%, 25%, .5)", "#008000"),
        ("transparent", "transparent"),
        ("#12345600", "transparent"),
        ("rgba(0, 0, 0, 0)", "transparent"),
        ("rgb(0, 0, 0)", "#000000"),
        ("hsl(0 0% 0%)", "#000000"),
    ],
)
def test_colours_are_read_as_css_writes_them(given: str, read: str) -> None:
    document = movie(**{"background-color": given})
    assert validate(document).scenes[0].background_color == read


@pytest.mark.parametrize(
    "given", ["", "blu", "#12345", "#1234567", "#12", "rgb(300, 0, 0)", "rgb(1, 2)", "hsv(1,2%,3%)"]
)
def test_what_is_no_colour_is_refused(given: str) -> None:
    words = f"must be a colour like #1E90FF, rgb(30, 144, 255) or dodgerblue, not '{given}'"
    document = movie({**IMAGE, "chroma-key": {"color": given}})
    assert told(document) == {"scenes[0].elements[0].chroma-key.color": f"'color' {words}"}


def test_all_that_is_wrong_is_told_at_once_in_document_order() -> None:
    document = {
        "resolution": "huge",
        "elements": [{"type": "audio", "src": "ftp://example.com/a.mp3"}],
        "scenes": [
            {"elements": [IMAGE, {"type": "image", "src": ""}, {"type": "image"}]},
            3,
            {
                "duration": 0,
                "elements": [
                    {"type": "image", "src": "{{ 1 + }}"},
                    {"type": "text", "text": "a", "settings": {"color": "url(x)"}},
                    {"type": "text", "text": "a", "fade-in": -1, "settings": {"color": "url(x)"}},
                ],
            },
        ],
    }
    with pytest.raises(DocumentError) as caught:
        accept(document, TOOLS)
    assert [problem.path for problem in caught.value.problems] == [
        "resolution",
        "scenes[0].elements[1].src",
        "scenes[0].elements[2].src",
        "scenes[1]",
        "scenes[2].duration",
        "scenes[2].elements[0].src",
        "scenes[2].elements[1].settings.color",
        "scenes[2].elements[2].fade-in",
        "elements[0].src",
    ]


@pytest.mark.parametrize("scenes", [None, 3, [[]], [{"elements": 3}], [{"elements": [3, None]}]])
def test_malformed_documents_are_told_of_beside_refused_sources(scenes: Any) -> None:
    document = {"scenes": scenes, "elements": [{"type": "audio", "src": ""}]}
    with pytest.raises(DocumentError) as caught:
        accept(document, TOOLS)
    paths = [problem.path for problem in caught.value.problems]
    assert paths[-1] == "elements[0].src"
    assert paths[0].startswith("scenes")


def test_a_scene_that_cannot_be_repeated_is_the_only_thing_wrong() -> None:
    with pytest.raises(DocumentError) as caught:
        accept({"scenes": [{"iterate": "rooms", "elements": [IMAGE]}]}, TOOLS)
    assert [problem.path for problem in caught.value.problems] == ["scenes[0].iterate"]


def test_local_files_are_found_between_expanding_and_checking() -> None:
    def located(document: dict[str, Any]) -> dict[str, Any]:
        assert document["scenes"][0]["elements"][0]["src"] == "b.png"
        return movie({"type": "image", "src": "file:///b.png"})

    document = movie({"type": "image", "src": "{{a}}"})
    accept(document, TOOLS, variables={"a": "b.png"}, files_allowed=True, located=located)


def test_every_source_that_cannot_be_used_is_told_at_once(tmp_path: Path) -> None:
    words, sound = tmp_path / "words ?.txt", tmp_path / "sound.wav"
    words.write_text("Not found")
    sound.write_bytes(tone(300))
    text = {"type": "text", "text": "a", "settings": {"font-url": sound.as_uri()}}
    sources = [words.as_uri() + "?size=9", (tmp_path / "none.png").as_uri(), sound.as_uri()]
    document = movie(*({"type": "image", "src": src} for src in sources), text)
    with studio(tmp_path / "data") as lab, pytest.raises(MakeError) as caught:
        lab.render(document)
    an_image = "The URL provided is not an image file and cannot be used as a source for an image"
    a_font = "The URL provided is not a font file and cannot be used as a source for a text"
    assert [problem.message for problem in caught.value.problems] == [
        f"Scene #1, element #1: {an_image} element; '{words}' is plain text",
        f"Scene #1, element #2: Failed to read '{tmp_path}/none.png' (no such file)",
        f"Scene #1, element #3: {an_image} element; '{sound}' is an audio",
        f"Scene #1, element #4: {a_font} element's font-url; '{sound}' is an audio",
    ]


def test_keys_that_do_nothing_are_told() -> None:
    settings = {"color": "red", "font-url": "x:", "vertical-align": "top", "colr": "red"}
    document = {
        "project": "a",
        "variables": {},
        "titel": 1,
        "scenes": [
            {
                "elements": [
                    {**IMAGE, "durtion": 3, "chroma-key": {"color": "red", "tolerence": 3}},
                    {"type": "text", "text": "a", "settings": settings},
                ]
            }
        ],
    }
    assert [*plainly(unknown_keys(validate(document)))] == [
        f"{path} is not known and does nothing{meant}"
        for path, meant in (
            ("titel", ""),
            ("scenes[0].elements[0].durtion", "; did you mean 'duration'?"),
            ("scenes[0].elements[0].chroma-key.tolerence", "; did you mean 'tolerance'?"),
            ("scenes[0].elements[1].settings.colr", "; did you mean 'color'?"),
        )
    ]
    many = {f"key{number}": 1 for number in range(100)}
    assert len(unknown_keys(validate(movie({**IMAGE, **many})))) == 20


def test_names_are_compared_to_those_of_their_place() -> None:
    text = {"type": "text", "text": "a", "settings": {"font-sise": 3, "my-own": 1}, "txt": "b"}
    scene = {"elements": [text, {**IMAGE, "volum": 1}], "itterate": "a", "client-data": {"x": 1}}
    document = {"scenes": [scene], "scene": [], "client-data": {"scene": 1}, "exports": [{"a": 1}]}
    nothing = "is not known and does nothing"
    assert [*plainly(unknown_keys(validate(document)))] == [
        f"scene {nothing}; did you mean 'scenes'?",
        f"scenes[0].itterate {nothing}; did you mean 'iterate'?",
        f"scenes[0].client-data {nothing}",
        f"scenes[0].elements[0].txt {nothing}; did you mean 'text'?",
        f"scenes[0].elements[0].settings.font-sise {nothing}; did you mean 'font-size'?",
        f"scenes[0].elements[0].settings.my-own {nothing}",
        f"scenes[0].elements[1].volum {nothing}",
    ]
    assert plainly(unknown_in_exports(validate(document))) == (f"exports[0].a {nothing}",)


def test_what_is_made_up_is_told_by_its_first_names_only() -> None:
    deep: Any = 1
    for number in range(60):
        deep = {f"name{number}": deep, f"other{number}": [deep] * 2 if number < 3 else 1}
    made_up = {f"made-up{number}": deep for number in range(50)}
    elements = [{**IMAGE, **made_up}] * 30
    told = unknown_keys(validate({**movie(*elements), **made_up}))
    assert len(told) == 20
    assert plain(told[0]) == "made-up0 is not known and does nothing"


def test_a_movie_made_says_which_keys_did_nothing(tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(picture("red"))
    still = {"type": "image", "src": (tmp_path / "red.png").as_uri(), "durtion": 3}
    with studio(tmp_path / "data") as lab:
        report = lab.render(movie(still, duration=0.1)).report
    unknown = "scenes[0].elements[0].durtion is not known and does nothing"
    assert plainly(report.warnings) == (f"{unknown}; did you mean 'duration'?",)


class Remembering(ThreadPoolExecutor):
    """One worker, and all that it was given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given: list[Future[Any]] = []

    def submit(self, *work: Any, **words: Any) -> Future[Any]:
        self.given.append(super().submit(*work, **words))
        return self.given[-1]


def test_an_interrupted_run_begins_nothing_more(tmp_path: Path) -> None:
    def interrupt(result: TaskResult) -> None:
        raise KeyboardInterrupt

    sources = [tmp_path / f"{number}.png" for number in range(20)]
    for source in sources:
        source.write_bytes(picture("red"))
    stills = movie(*({"type": "image", "src": source.as_uri()} for source in sources))
    with studio(tmp_path / "data") as lab, Remembering() as pool:
        with pytest.raises(KeyboardInterrupt):
            ports, tasks = replace(lab.ports, fetchers=pool), element_tasks(validate(stills), {})
            list(make_all(tasks, ports, revalidate=False, run="a run", on_made=interrupt))
        assert len(pool.given) == 20
        assert pool.given[-1].cancelled()
