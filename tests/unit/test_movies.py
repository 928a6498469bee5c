"""Movies such as people have (tests/movies): each is read, and is as long and as large as it says.

Their files are placeholders: what they are is made up here. What is painted is made up too, of one
size and place, so that where a text lies is where its canvas does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from drawn import OFFERS, spoken_facts
from resplice.core.composition import Canvas
from resplice.core.document.expand import expand
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import TYPES
from resplice.core.facts import AnimationFacts, Facts, MediaFacts
from resplice.core.lengths import lengths_of
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import AnimateTask, FetchTask, PaintTask, SpeakTask, Task
from resplice.core.timeline import TimedLayer, Timeline, timeline

FOLDER = Path(__file__).parents[1] / "movies"


def photo(width: int, height: int) -> MediaFacts:
    return MediaFacts(f"{width}x{height}", 9, "image", "jpeg_pipe", width, height)


def film(seconds: float, width: int = 1920, height: int = 1080) -> MediaFacts:
    us = round(seconds * 1e6)
    return MediaFacts("film", 9, "video", "mov", width, height, us, has_audio=True)


def sound(seconds: float) -> MediaFacts:
    return MediaFacts("sound", 9, "audio", "mp3", duration_us=round(seconds * 1e6), has_audio=True)


FILES: dict[str, MediaFacts] = {
    **{f"sample-house-{room}.jpg": photo(1920, 1280)
       for room in ("front", "kitchen", "bedroom", "living", "backyard")},
    **{f"london-0{number}.jpg": photo(1920, 1080) for number in (1, 2, 3)},
    **{"flower-bee.jpg": photo(1280, 853), "space-apollo11-01.jpg": photo(2942, 1920)},
    **{"poster.jpg": photo(1080, 1920), "circle.png": photo(200, 200)},
    **{"beach-01.mp4": film(12.4), "new-york-01.mp4": film(8.2), "5s.mp4": film(5, 640, 360)},
    **{"talk.mp4": film(7.2, 1080, 1920), "advertime.mp3": sound(31), "clip.mp3": sound(12.5)},
    "mozart-kv525.mp3": sound(60),
}  # fmt: skip
INK = MediaFacts("ink", 9, "image", "png_pipe", 120, 40, has_alpha=True, x=12, y=8)
MOVING_INK = AnimationFacts(
    "moves", 9, "video", "apng", 120, 40, has_alpha=True, x=12, y=8, frames=60
)
HD, FULL_HD, STORY, USUAL = (1280, 720), (1920, 1080), (1080, 1920), (640, 360)

LONG: dict[str, tuple[tuple[int, int], str]] = {
    "minimal-empty-scene": (USUAL, "5"),
    "quickstart-text": (FULL_HD, "5"),
    "image-and-label": (FULL_HD, "8"),
    "image-10s": (FULL_HD, "10"),
    "three-scenes-three-images": (FULL_HD, "30"),
    "three-rooms-fade": (FULL_HD, "11"),
    "component-string-settings": (FULL_HD, "16"),
    "html-tailwind": (FULL_HD, "4"),
    "html-url-dpi": (FULL_HD, "5"),
    "voice-over-image-zoom": (FULL_HD, "3.5"),
    "movie-voice-and-music": (FULL_HD, "16"),
    "subtitles-boxed-word": (FULL_HD, "1.5"),
    "subtitles-classic-full": (STORY, "7.2"),
    "ai-image": (FULL_HD, "4"),
    "ai-image-connection": (FULL_HD, "3"),
    "expression-ternary-text": (FULL_HD, "3"),
    "expression-audio-plus": (FULL_HD, "15"),
    "iterate-as": (FULL_HD, "18"),
    "webhook-client-data": (FULL_HD, "3"),
    "cache-flags": (FULL_HD, "3"),
    "audiogram-simple": (HD, "15"),
    "audiogram-guide": (STORY, "12.5"),
    "two-videos-one-scene": (FULL_HD, "10"),
    "text-style-002": (USUAL, "5"),
    "text-style-004": (USUAL, "5"),
    "text-style-006": (USUAL, "5"),
    "text-style-008": (USUAL, "5"),
    "text-style-011": (USUAL, "5"),
    "component-counter": ((640, 320), "6"),
    "component-lower-third-050": (FULL_HD, "8"),
    "component-shapes": (FULL_HD, "5"),
    "component-card-array-body": (FULL_HD, "10"),
    "position-custom": (FULL_HD, "3"),
    "sdk-hello-world": (USUAL, "12"),
    "own-loop-fill": (USUAL, "12"),
    "own-extra-time": (USUAL, "2.5"),
    "own-rotate-mask": (HD, "5"),
    "own-pan-distance": (USUAL, "6"),
    "own-scoped-variables": (USUAL, "2"),
    "own-unknown-keys": (USUAL, "2"),
}
"""Each movie's canvas, and its seconds."""


def document(name: str) -> dict[str, Any]:
    return expand(json.loads((FOLDER / f"{name}.json").read_text()))


def types_in(said: dict[str, Any]) -> set[str]:
    containers = [said, *said["scenes"]]
    return {element["type"] for each in containers for element in each.get("elements", ())}


RENDERED = [name for name in LONG if types_in(document(name)) <= TYPES.keys()]
"""Movies that have no type but those of the table."""


def read(name: str) -> Movie:
    return validate(document(name))


def test_each_has_its_length_here() -> None:
    called = {"template-call"}
    assert {path.stem for path in FOLDER.glob("*.json")} == LONG.keys() | called
    assert len(RENDERED) >= 32


@pytest.mark.parametrize("name", RENDERED)
def test_a_movie_is_as_large_and_as_long_as_it_says(name: str) -> None:
    movie, (size, seconds) = read(name), LONG[name]
    known: dict[DocumentPath, Facts] = {}
    for path, element in movie.each_element():
        if TYPES[element.type].has_length:
            known[path] = made(element)
    assert movie.size() == size
    assert lengths_of(movie, known, Canvas(*size, movie.fps)).movie_s == Fraction(seconds)


def made(element: Any) -> Facts:
    """Facts of a file by its name; a quarter of a second for each word that is spoken."""
    if hasattr(element, "src"):
        return FILES[element.src.rpartition("/")[2]]
    return sound(len(element.text.split()) / 4)


def planned(name: str) -> Timeline:
    movie = read(name)
    facts: dict[DocumentPath, Facts] = {}
    while tasks := element_tasks(movie, facts, OFFERS):
        facts |= {each.path: FACTS[type(each.task)](each.task) for each in tasks}
    return timeline(movie, facts)


FACTS: dict[type[Task], Callable[[Any], Facts]] = {
    FetchTask: lambda task: FILES[task.url.rpartition("/")[2]],
    PaintTask: lambda task: INK,
    AnimateTask: lambda task: MOVING_INK,
    SpeakTask: spoken_facts,
}

WHOLE, LOW, SCENE = (0, 0, 1920, 1080), (0, 0, 1920, 1280), (0, 100)
PLACES: dict[str, list[list[tuple[tuple[int, int, int, int], tuple[int, int]]]]] = {
    "minimal-empty-scene": [[]],
    "quickstart-text": [[((12, 8, 120, 40), (0, 125))]],
    "image-and-label": [[(LOW, (0, 200)), ((12, 8, 120, 40), (0, 200))]],
    "image-10s": [[((0, 0, 1280, 853), (0, 250))]],
    "three-scenes-three-images": [[(WHOLE, (0, 250))]] * 3,
    "three-rooms-fade": [[(LOW, SCENE), ((12, 8, 120, 40), SCENE)]] * 3,
    "voice-over-image-zoom": [[((0, 0, 1920, 1280), (0, 88))]],
    "expression-ternary-text": [[((12, 8, 120, 40), (0, 75))]],
    "iterate-as": [[(LOW, SCENE), ((96 + 60 + 12, 54 + 60 + 8, 120, 40), SCENE)]] * 5,
    "expression-audio-plus": [[((12, 8, 120, 40), (0, 250))]],
    **{f"text-style-{style}": [[((12, 8, 120, 40), (0, 125))]]
       for style in ("002", "004", "006", "008")},
    "text-style-011": [[((50 + 12, 8, 120, 40), (0, 125))]],
    "sdk-hello-world": [[((12, 8, 120, 40), (50, 300))]],
    "webhook-client-data": [[((12, 8, 120, 40), (0, 75))]],
    "cache-flags": [[((0, 0, 1080, 1920), (0, 75))]],
    # Waves reach 10 and 5 tenths of half their box, and two rows more; whole rows by fours.
    "audiogram-simple": [[((0, 0, 1280, 400), (0, 375))]],
    "audiogram-guide": [[((0, 800 + 478, 1080, 964), (0, 313))]],
    "two-videos-one-scene": [[(WHOLE, (0, 125)), (WHOLE, (125, 250))]],
    "position-custom": [[((100 + 12, 50 + 8, 120, 40), (0, 75))]],
    "own-loop-fill": [[((0, 0, 640, 360), (0, 300))]],
    "own-extra-time": [[((0, 0, 1920, 1280), (0, 63))]],
    "own-rotate-mask": [[((440, 160, 400, 400), (0, 125)),
                         ((50, 50, 200, 200), (0, 125))]],
    "own-pan-distance": [[((0, 0, 1920, 1280), (0, 50))]] * 3,
    "own-scoped-variables": [[((12, 8, 120, 40), (0, 50))]],
    "own-unknown-keys": [[((12, 8, 120, 40), (0, 50))]],
}  # fmt: skip
"""Of each scene, its pictures bottom first: (x, y, width, height), and frames [first, end)."""


def place(layer: TimedLayer) -> tuple[tuple[int, int, int, int], tuple[int, int]]:
    return (layer.look.x, layer.look.y, *layer.look.size), (layer.start, layer.end)


@pytest.mark.parametrize("name", PLACES)
def test_pictures_lie_where_and_when_they_should(name: str) -> None:
    found = [[place(layer) for layer in scene.layers] for scene in planned(name).scenes]
    assert found == PLACES[name]
