"""Every field of the schema is in the movie's key, or on the list of what changes nothing.

The fields are walked, so a new one is tested from birth. `python tests/properties/test_keys.py`
writes the golden keys anew; do so only together with a raised SEMANTICS_VERSION.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from resplice.core.document.fields import INERT
from resplice.core.document.strict_json import parse
from resplice.core.elements import TYPES, ElementBase
from resplice.core.facts import MediaFacts
from resplice.core.keys import element_key, movie_key, said_key
from resplice.core.piece_keys import piece_key
from resplice.core.pieces import MixTask, Stretch
from resplice.core.plan import Plan, plan
from resplice.core.providers import Access, Connection, Offers
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.tasks import AnimateTask, FetchTask, PaintTask, SpeakTask, WebPageTask
from resplice.core.timeline import timeline
from resplice.core.tools import Tools
from resplice.errors import DocumentError
from resplice.steps.pipeline.accept import accept

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
GOLDEN = Path(__file__).parents[1] / "cases" / "golden_keys.json"
KINDS: dict[str, dict[str, Any]] = {
    "image": {"type": "image", "src": "https://e.com/a.png"},
    "video": {"type": "video", "src": "https://e.com/a.mp4"},
    "audio": {"type": "audio", "src": "https://e.com/a.mp3"},
    "text": {"type": "text", "text": "Ann"},
    "html": {"type": "html", "html": "<p>Ann"},
    "voice": {"type": "voice", "text": "Ann"},
    "subtitles": {"type": "subtitles"},
    "audiogram": {"type": "audiogram"},
    "component": {"type": "component", "component": "basic/000"},
    "template": {"type": "template", "template": "basic/000"},
}
"""The least of each kind of element."""
NESTED: dict[str, dict[str, Any]] = {
    "crop": {"width": 8, "height": 9},
    "chroma-key": {"color": "#00ff00"},
    "scale": {},
    "rotate": {},
    "correction": {},
    "transition": {},
    "capture": {},
}
"""The least of each object inside a scene or an element."""
VALUES: tuple[Any, ...] = (
    *(True, False, 1, 2, 0.25, 60, "#123456", "other", {"other": 1}),
    *("bottom-right", "fit", "left", "wipeleft", "hd", "low", "medium"),
    *("vertical", "whisper"),
    [{"destinations": []}],
)
"""Of these, some field takes at least one that is not its own; a new field may need a new one."""

Place = tuple[str | int, ...]


def whole() -> dict[str, Any]:
    """A movie with one of each element, at both levels, and every nested object."""
    return copy.deepcopy(_whole())


@cache
def _whole() -> dict[str, Any]:
    elements = []
    assert list(KINDS) == list(TYPES), "say in KINDS what the least of a new type is"
    for least in KINDS.values():
        takes = aliases(type(validate({"scenes": [], "elements": [least]}).elements[0]))
        elements.append({**least, **{name: NESTED[name] for name in NESTED if name in takes}})
    scene = {"elements": elements, "transition": {}}
    return {"scenes": [scene], "elements": elements, "exports": []}


def aliases(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field's type holds."""
    if annotation is ElementBase:
        yield from (row.model for row in TYPES.values())
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def leaves(
    part: Any, model: type[BaseModel], place: Place = ()
) -> Iterator[tuple[Place, FieldInfo]]:
    """Every field of every model in the movie, with its place."""
    for name, field in aliases(model).items():
        inner = list(models(field.annotation))
        value = part.get(name)
        if name in INERT:
            yield (*place, name), field
        elif isinstance(value, list):
            for index, item in enumerate(value):
                (own,) = [each for each in inner if len(inner) == 1 or fits(each, item)]
                yield from leaves(item, own, (*place, name, index))
        elif inner:
            assert isinstance(value, dict), f"say in NESTED what the least '{name}' is"
            yield from leaves(value, inner[0], (*place, name))
        else:
            yield (*place, name), field


def fits(model: type[BaseModel], item: dict[str, Any]) -> bool:
    return item["type"] in get_args(model.model_fields["type"].annotation)


def key(document: dict[str, Any]) -> str:
    return movie_key(validate(document), TOOLS)


def changed(document: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(document)
    part: Any = document
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return document


def told(movie: Movie, place: Place) -> Any:
    """What the schema reads at a place, defaults included."""
    part: Any = movie.model_dump(mode="json", by_alias=True)
    for step in place:
        part = part[step]
    return part


def others(document: dict[str, Any], place: Place) -> list[Movie]:
    """The movie with other values at the place."""
    found, usual = [], told(validate(document), place)
    for value in VALUES:
        try:
            other = validate(changed(document, place, value))
        except DocumentError:
            continue
        if told(other, place) != usual:
            found.append(other)
    return found


def alone(place: Place) -> tuple[dict[str, Any], Place]:
    """The movie without other elements than the one that the place is in, and the place in it."""
    document = whole()
    (scene,) = document["scenes"]
    at = place.index("elements") if "elements" in place else len(place)
    having = scene if place[0] == "scenes" else document
    kept = [having["elements"][int(number)] for number in place[at + 1 : at + 2]]
    scene["elements"], document["elements"] = [], []
    having["elements"] = kept
    return document, (*place[: at + 1], *(0 for _ in kept), *place[at + 2 :])


LEAVES = dict(leaves(whole(), Movie))
SALTED = {"thumbnail-at", "content-credentials"}
"""Said, they are in the key of the movie alone, whose frames are the same: no part of a scene."""
ONE_VALUE = ("style",)
"""Fields that take but one value yet, beside those whose type says so: a text's style."""


def has_one_value(place: Place) -> bool:
    if whole_movie(place):
        return True
    if len(get_args(LEAVES[place].annotation)) == 1:
        return True
    return place[-1] in ONE_VALUE and "transition" not in place


def whole_movie(place: Place) -> bool:
    """Whether the place is a time of subtitles: whatever it says, they are there all the time."""
    if place[-1] not in ("start", "duration") or "elements" not in place:
        return False
    return list(KINDS)[int(place[place.index("elements") + 1])] == "subtitles"


def spelled(place: Place) -> str:
    return ".".join(map(str, place))


@pytest.mark.parametrize("place", [p for p in LEAVES if not has_one_value(p)], ids=spelled)
def test_a_field_is_in_the_key_or_inert(place: Place) -> None:
    document, place = alone(place)
    alternatives = others(document, place)
    assert alternatives, f"say in VALUES what else '{place[-1]}' may be"
    inert = place[-1] in INERT - SALTED
    usual = key(document)
    assert {movie_key(other, TOOLS) == usual for other in alternatives} == {inert}


def test_the_walk_sees_all() -> None:
    assert len(LEAVES) > 200
    assert {place[-1] for place in LEAVES} & INERT == INERT - {
        "variables", "condition", "iterate", "iterate-as", "$schema"
    }  # fmt: skip
    one_value = {spelled(place) for place in LEAVES if has_one_value(place)}
    assert {name.rpartition(".")[2] for name in one_value} == {
        *("type", "style", "start", "duration")
    }


def objects(value: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every object in a document."""
    if isinstance(value, dict):
        yield place
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in pairs:
        if isinstance(inner, dict | list):
            yield from objects(inner, (*place, name))


@pytest.mark.parametrize("place", list(objects(whole())), ids=spelled)
def test_what_is_unknown_is_in_the_key(place: Place) -> None:
    document = whole()
    keys = [key(changed(document, (*place, "zoomage"), value)) for value in (1, 2, [1], {"a": 1})]
    assert len({key(document), *keys}) == 5
    if place and place[-1] in NESTED:  # Inert names are so in movies, scenes and elements only.
        assert key(changed(document, (*place, "comment"), 1)) != key(document)


def test_what_is_unknown_and_nothing_is_not() -> None:
    document = whole()
    for place in objects(document):
        if place == () or isinstance(place[-1], int):
            assert key(changed(document, (*place, "zoomage"), None)) == key(document)


def spelled_out(part: Any) -> Any:
    """A document as the schema reads it: every default, every name."""
    return validate(part).model_dump(mode="json", by_alias=True)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def test_defaults_and_nulls_do_not_matter() -> None:
    document = whole()
    assert key(spelled_out(document)) == key(document)
    assert key(without_nulls(spelled_out(document))) == key(document)
    for place, field in LEAVES.items():
        if not field.is_required() and not is_said(document, place):
            assert key(changed(document, place, None)) == key(document)


def is_said(document: dict[str, Any], place: Place) -> bool:
    part: Any = document
    for step in place[:-1]:
        part = part[step]
    return place[-1] in part


def test_subtitles_are_there_all_the_time_whatever_they_say() -> None:
    document, number = whole(), list(KINDS).index("subtitles")
    for name, value in (("start", 2), ("duration", 3)):
        assert key(changed(document, ("elements", number, name), value)) == key(document)


def respelled(value: Any, dice: random.Random) -> str:
    """The same document: other order, spaces and spelling of numbers."""
    space = dice.choice(["", " ", "\n  "])
    if isinstance(value, dict):
        items = list(value.items())
        dice.shuffle(items)
        return "{" + space + ",".join(f'"{k}":{space}{respelled(v, dice)}' for k, v in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(respelled(item, dice) + space for item in value) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        plain = [f"{value}", f"{float(value)}", f"{value}e0", f"{value * 10}e-1"]
        return dice.choice([*plain, f'"{value}"'])
    return json.dumps(value)


def test_spelling_does_not_matter() -> None:
    document = spelled_out(whole())
    for seed in range(20):
        assert key(parse(respelled(document, random.Random(seed)))) == key(document)


def test_the_key_is_of_the_tools_too() -> None:
    """Of what the operator asks for in each movie it is as of what the movie asks for."""
    movie = validate(whole())
    named = vars(TOOLS).keys() - {"credentials"}
    tools = [TOOLS, *(replace(TOOLS, **{name: "2"}) for name in named)]
    assert len({movie_key(movie, each) for each in tools}) == len(tools)


def test_what_the_operator_asks_for_is_in_the_key_as_if_the_movie_did() -> None:
    signing, scenes = replace(TOOLS, credentials=True), {"scenes": [{"duration": 1}]}
    keys = {
        accept({**scenes, "content-credentials": said}, tools).key
        for said, tools in ((True, TOOLS), (True, signing), (False, signing))
    }
    assert keys == {accept(scenes, signing).key} != {accept(scenes, TOOLS).key}


def offered_key(offers: Offers, **said: Any) -> str:
    movie = {"scenes": [{"elements": [{"type": "voice", "text": "Ann", **said}]}]}
    return movie_key(validate(movie), TOOLS, offers)


def test_the_key_is_of_who_does_what_the_movie_asks_for() -> None:
    kokoro, azure = Access("kokoro", build="1"), Connection("ours", "azure", default=True)
    some = Offers((kokoro,), (Connection("mine", "azure"),))
    others = [
        replace(some, at_hand=(Access("kokoro", build="2"),)),
        replace(some, connections=(*some.connections, azure)),
    ]
    assert len({offered_key(each) for each in [some, *others]}) == 3
    moved = replace(some, connections=(Connection("mine", "azure", (("region", "eu"),)),))
    assert offered_key(moved, connection="mine") != offered_key(some, connection="mine")


def test_the_key_is_not_of_what_changes_nothing_in_the_movie() -> None:
    some = Offers((Access("kokoro", build="1"),))
    for other in (Connection("theirs", "azure"), Connection("pictures", "fal", default=True)):
        assert offered_key(replace(some, connections=(other,))) == offered_key(some)
    other = replace(some, placeholders=True, strict_fonts=True)
    assert offered_key(other) == offered_key(some), "it asks for neither"


def test_what_was_made_leniently_is_no_answer_to_who_is_strict() -> None:
    some = Offers((Access("kokoro", build="1"),))
    assert offered_key(replace(some, strict_voices=True)) != offered_key(some)


def facts(digest: str, **more: Any) -> MediaFacts:
    return MediaFacts(digest * 64, 1000, **more)


def golden_plan() -> Plan:
    """A picture, a clip with its sound, a transition between them."""
    movie = validate(
        {
            **{"width": 320, "height": 180, "fps": 30, "quality": "medium"},
            "scenes": [
                {"elements": [{**KINDS["image"], "duration": 4, "zoom": 3, "pan": "left"}]},
                {"elements": [{**KINDS["video"], "fade-in": 1}], "transition": {"duration": 0.5}},
            ],
        }
    )
    image = facts("a", kind="image", demuxer="png_pipe", width=640, height=480)
    video = facts(
        "b",
        **{"kind": "video", "demuxer": "mov", "width": 640, "height": 360},
        **{"duration_us": 12_000_000, "has_audio": True},
    )
    places: list[Place] = [("scenes", index, "elements", 0) for index in (0, 1)]
    return plan(timeline(movie, dict(zip(places, (image, video), strict=True))), movie.quality)


def golden() -> dict[str, str]:
    """What is kept in the golden file: a name and a key of each kind of thing."""
    cut = golden_plan()
    sound = cut.scenes[1].sound
    assert sound
    stretches = (Stretch(None, 192_000), Stretch(piece_key(sound, TOOLS), 576_000, 24_000))
    mix = MixTask(stretches, (), 744_000, 160_000)
    movies = {"least movie": {"scenes": [{}]}, "whole movie": whole()}
    return {
        **{name: key(document) for name, document in movies.items()},
        "fetch": element_key(FetchTask("https://e.com/a.png"), TOOLS),
        "paint": element_key(PaintTask(320, 180, "<p>Ann</p>", (("Own", "c" * 64),)), TOOLS),
        "animate": element_key(AnimateTask(320, 180, "<p>Ann</p>", 25), TOOLS),
        "web-page": element_key(WebPageTask(320, 180, url="https://e.com/", density=2), TOOLS),
        **{
            f"{segment.part} {number}": piece_key(segment.task, TOOLS)
            for number, segment in enumerate(cut.segments)
        },
        "sound": piece_key(sound, TOOLS),
        "mix": piece_key(mix, TOOLS),
    }


def test_golden_keys() -> None:
    """A key that changes orphans what is stored: raise a semantics version, then write anew."""
    assert golden() == json.loads(GOLDEN.read_text())


def test_what_the_first_owner_had_said_is_found_and_others_have_their_own() -> None:
    part = SpeakTask("espeak", "en", "", "en-US", "Ann")
    of_old = "1a33169a4b78797dc79706d290afea3dd34c087e5d425abe4ecfdb774b905e52"
    assert (
        said_key(part, TOOLS)
        == said_key(part, replace(TOOLS, core="2"))
        == f"elements/said/{of_old}"
    )
    keys = {said_key(part, replace(TOOLS, owner=each)) for each in ("self", "a", "b")}
    assert len(keys) == 3


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=2) + "\n")
