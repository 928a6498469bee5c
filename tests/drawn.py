"""How property tests draw elements: a strategy for each type of the table, and made-up facts.

A type without a strategy fails the tests that draw; a made-up type brings its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import TYPES
from resplice.core.facts import AnimationFacts, Facts, MediaFacts, SpeechFacts
from resplice.core.fingerprint import fingerprint_of
from resplice.core.providers import Access, Offers
from resplice.core.schema.movie import Movie
from resplice.core.sources import ElementTask, element_tasks, place_of
from resplice.core.tasks import AnimateTask, FetchTask, SpeakTask
from resplice.core.words import Word

OFFERS = Offers(
    (Access("espeak", build="1"), Access("pocketsphinx")),
    components=ComponentFolders(CATALOG).all(),
)
"""Who does what providers do for elements that are drawn."""

Drawn = st.SearchStrategy[dict[str, Any]]
Fields = dict[str, st.SearchStrategy[Any]]


@dataclass(frozen=True)
class Ranges:
    """What times and files elements are drawn with.

    files: URLs for what an element takes, by the name of the medium: `image`, `mask`, …
    settled: what is drawn for an element that plays a file, brought to what the file has
    """

    seconds: st.SearchStrategy[float]
    lengths: st.SearchStrategy[float]
    files: Callable[[str], st.SearchStrategy[str]]
    settled: Callable[[dict[str, Any]], dict[str, Any]] = lambda element: element


def sought_within(played: dict[str, Any]) -> dict[str, Any]:
    """The element, with its seek point inside its file."""
    if played.get("seek", -1) < 0:
        return played
    lasts_us = file_facts(played["src"], played["type"]).duration_us or 0
    return {**played, "seek": round(played["seek"] * 1e6) % lasts_us / 1e6}


PLANNED = Ranges(
    seconds=st.floats(0, 30).map(lambda value: round(value, 3)),
    lengths=st.floats(0.01, 25).map(lambda value: round(value, 3)),
    files=lambda medium: st.sampled_from([f"https://e.com/{number}" for number in range(9)]),
    settled=sought_within,
)
"""For movies that are planned only: anything at all, from files that nobody has."""


def element(kind: str, least: Fields, fields: Fields) -> Drawn:
    """Elements of a type: always with what is least, sometimes with each of the fields."""
    return st.fixed_dictionaries({"type": st.just(kind), **least}, optional=fields)


def any_fields(ranges: Ranges) -> Fields:
    """What every element may say."""
    return {
        "start": st.just(-1) | ranges.seconds,
        "duration": st.sampled_from([-1, -2]) | ranges.lengths,
        "extra-time": ranges.seconds,
        "fade-in": ranges.seconds,
        "fade-out": ranges.seconds,
        "cache": st.just(True),
    }


def seen_fields(ranges: Ranges) -> Fields:
    """What every element that is seen may say."""
    return {
        "z-index": st.integers(-2, 2),
        "zoom": st.integers(-3, 3),
        "pan": st.sampled_from(["left", "bottom-right"]),
        "pan-crop": st.booleans(),
        "rotate": st.fixed_dictionaries({"angle": st.integers(-90, 90), "speed": ranges.seconds}),
        "position": st.sampled_from(["custom", "center-center", "bottom-right"]),
        "x": st.integers(-5, 20),
        "y": st.integers(-5, 20),
        "width": st.sampled_from([20, 45, 64]),
        "height": st.sampled_from([17, 50]),
        "resize": st.sampled_from(["cover", "fit", "fill", "contain"]),
        "crop": st.fixed_dictionaries({"width": st.integers(20, 40), "height": st.just(30)}),
        "flip-horizontal": st.booleans(),
        "correction": st.fixed_dictionaries({"saturation": st.sampled_from([0, 2])}),
        "chroma-key": st.fixed_dictionaries({"color": st.sampled_from(["#008000", "#ff0000"])}),
        "mask": ranges.files("mask"),
    }


def heard_fields(ranges: Ranges) -> Fields:
    """What every element that plays a file, and is heard, may say."""
    return {
        "seek": ranges.seconds | ranges.seconds.map(lambda seconds: -seconds),
        "loop": st.integers(-1, 40),
        "muted": st.booleans(),
        "volume": st.sampled_from([0, 0.4, 1]),
    }


def _image(ranges: Ranges) -> Drawn:
    fields = any_fields(ranges) | seen_fields(ranges)
    return element("image", {"src": ranges.files("image")}, fields)


def _video(ranges: Ranges) -> Drawn:
    fields = any_fields(ranges) | seen_fields(ranges) | heard_fields(ranges)
    return element("video", {"src": ranges.files("video")}, fields).map(ranges.settled)


def _audio(ranges: Ranges) -> Drawn:
    fields = any_fields(ranges) | heard_fields(ranges)
    return element("audio", {"src": ranges.files("audio")}, fields).map(ranges.settled)


def _text(ranges: Ranges) -> Drawn:
    words = st.sampled_from(["", "Ann", "two\nlines"])
    settings = st.fixed_dictionaries({"font-size": st.sampled_from([9, "30px"])})
    styles = st.sampled_from(["001", "003", "005", "010"])
    own = {"settings": settings, "style": styles}
    return element("text", {"text": words}, any_fields(ranges) | seen_fields(ranges) | own)


def _html(ranges: Ranges) -> Drawn:
    pages = st.sampled_from(["", "<p>Ann", "<div style='background:red'>two<br>lines</div>"])
    fields = any_fields(ranges) | seen_fields(ranges) | {"dpi": st.sampled_from([1, 1.5])}
    return element("html", {"html": pages, "wait": st.just(0)}, fields)


def _voice(ranges: Ranges) -> Drawn:
    words = st.sampled_from(["One two three.", "Hello, Ann!"])
    spoken = {"volume": st.sampled_from([0, 0.4, 1]), "muted": st.booleans()}
    least = {"text": words, "model": st.just("espeak")}
    return element("voice", least, any_fields(ranges) | spoken)


CAPTIONS = "1\n00:00:00,100 --> 00:00:00,600\nHello\n\n2\n00:00:00,500 --> 00:00:02,000\nall of you"

BY_WORD = "WEBVTT\n\n00:00.200 --> 00:01.300\n<00:00.200>One <00:00.500>two <00:00.900>three"


def _subtitles(ranges: Ranges) -> Drawn:
    styles = st.sampled_from(["classic", "boxed-line", "classic-one-word"])
    settings = st.fixed_dictionaries({"font-size": st.just(9)}, optional={"style": styles})
    return element(
        "subtitles", {"captions": st.sampled_from([CAPTIONS, BY_WORD])}, {"settings": settings}
    )


def _audiogram(ranges: Ranges) -> Drawn:
    fields = {
        "color": st.sampled_from(["#fff", "teal"]),
        "opacity": st.sampled_from([0, 0.3, 1]),
        "amplitude": st.sampled_from([0, 2.5, 10]),
    }
    return element("audiogram", {}, any_fields(ranges) | seen_fields(ranges) | fields)


def _component(ranges: Ranges) -> Drawn:
    words = st.sampled_from(["Ann", ["two", "lines"], 7])
    styled = st.fixed_dictionaries({"text": words}, optional={"font-size": st.just("auto")})
    ground = ranges.files("image")
    card = st.fixed_dictionaries({}, optional={"background-image": ground, "width": st.just(30)})
    fields = any_fields(ranges) | seen_fields(ranges)
    settings = st.fixed_dictionaries({"headline": styled | words}, optional={"card": card})
    least = {"component": st.just("basic/000"), "settings": settings}
    moves = st.fixed_dictionaries({"left": st.just("60%"), "duration": st.sampled_from([300, 700])})
    box = {"width": st.just("40%"), "height": st.just("60%"), "background": st.just("teal")}
    boxes = st.fixed_dictionaries({"textbox1": st.fixed_dictionaries({**box, "animate": moves})})
    moving = {"component": st.just("textbox/simple"), "settings": boxes}
    return element("component", least, fields) | element("component", moving, fields)


def _template(ranges: Ranges) -> Drawn:
    settings = st.fixed_dictionaries({"body": st.sampled_from(["Ann", "Bea"])})
    least = {"template": st.just("basic/000"), "settings": settings}
    return element("template", least, any_fields(ranges) | seen_fields(ranges))


STRATEGIES: dict[str, Callable[[Ranges], Drawn]] = {
    "image": _image,
    "video": _video,
    "audio": _audio,
    "text": _text,
    "html": _html,
    "voice": _voice,
    "subtitles": _subtitles,
    "audiogram": _audiogram,
    "component": _component,
    "template": _template,
}
"""How elements of each type are drawn, by its name."""


def elements(ranges: Ranges, *types: str) -> Drawn:
    """An element of these types; without any, of all of the table. Fails for a type that has no
    strategy.
    """
    missing = TYPES.keys() - STRATEGIES.keys()
    assert not missing, f"say in STRATEGIES how elements of {missing} are drawn"
    return st.one_of(*(STRATEGIES[name](ranges) for name in types or TYPES))


def made_up_facts(movie: Movie) -> dict[DocumentPath, Facts]:
    """Facts of all that the movie needs, made up from each task alone."""
    facts: dict[DocumentPath, Facts] = {}
    while tasks := element_tasks(movie, facts, OFFERS):
        facts |= {each.path: _facts(each) for each in tasks}
    return facts


def _facts(made: ElementTask) -> MediaFacts:
    if isinstance(made.task, SpeakTask):
        return spoken_facts(made.task)
    if isinstance(made.task, AnimateTask):
        return moving_facts(made.task)
    if not isinstance(made.task, FetchTask):
        size = {"width": 64, "height": 48, "has_alpha": True}
        return MediaFacts(fingerprint_of(made.task), 9, "image", "png_pipe", **size)
    kind = "image" if place_of(made.path) else made.type
    return file_facts(made.task.url, kind)


def moving_facts(task: AnimateTask) -> AnimationFacts:
    """Of a page that moves for a while, and then rests or begins again."""
    digest = fingerprint_of(task)
    size = {"width": 64, "height": 48, "has_alpha": True}
    moving = AnimationFacts(digest, 9, "video", "apng", **size)  # type: ignore[arg-type]
    frames = 2 + int(digest[:2], 16)
    return replace(moving, frames=frames, loop_from=frames // 2 if frames % 2 else None)


def spoken_facts(task: SpeakTask) -> SpeechFacts:
    """A quarter of a second for each word."""
    said = task.text.split()
    words = tuple(Word(each, 250 * n, 250 * n + 200) for n, each in enumerate(said))
    lasting = {"duration_us": 250_000 * len(said), "has_audio": True, "words": words}
    return SpeechFacts(fingerprint_of(task), 9, "audio", "flac", **lasting)  # type: ignore[arg-type]


def file_facts(source: str, kind: str) -> MediaFacts:
    """Made up from the URL, which ends in a digit, and the type of element that it is for."""
    digest = hashlib.sha256(f"{source} {kind}".encode()).hexdigest()
    number = int(source[-1])
    if kind not in ("video", "audio"):
        moving = {"duration_us": 700_000, "demuxer": "gif"} if number > 6 else {}
        return MediaFacts(**{"digest": digest, "size_bytes": 9, "kind": "image", "width": 64,
                             "height": 48, "demuxer": "png_pipe"} | moving)  # fmt: skip
    lasting = {"duration_us": 37_000 + number * 1_700_003, "has_audio": number % 3 > 0}
    size = {"width": 64, "height": 48} if kind == "video" else {}
    lasting["has_audio"] |= kind == "audio"
    return MediaFacts(digest, 9, "video" if kind == "video" else "audio", "mov", **size, **lasting)
