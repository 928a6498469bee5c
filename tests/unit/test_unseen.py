"""What is asked for and never seen or heard is said, with its path; what is meant is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawn import OFFERS, spoken_facts
from resplice.core.document.expand import expand
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, MediaFacts
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import FetchTask, SpeakTask
from resplice.core.timeline import timeline
from resplice.errors import DocumentError, Problem
from warned_lines import plainly

ROOT = Path(__file__).parents[2]
PHOTO = {"type": "image", "src": "https://e.com/photo.jpg", "width": 100, "height": 50}
CLIP = {"type": "video", "src": "https://e.com/clip.mp4"}
MUSIC = {"type": "audio", "src": "https://e.com/music.mp3"}
LINE = {"type": "text", "text": "Ann"}
TEXT = MediaFacts("text", 700, "image", "png_pipe", 120, 40, has_alpha=True, x=12, y=8)
BLANK = MediaFacts("blank", 70, "image", "png_pipe", 1, 1, has_alpha=True)


def found(name: str) -> MediaFacts:
    """Facts made up from a file's name."""
    seconds = {"clip.mp4": 2.5, "music.mp3": 3.2, "long.mp4": 23.4}.get(name, 5)
    lasting = {"duration_us": round(seconds * 1e6), "has_audio": True}
    match name.rpartition(".")[2]:
        case "mp4" | "webm":
            sound = {"has_audio": name in ("clip.mp4", "long.mp4")}
            return MediaFacts(name, 9, "video", "mov", 1920, 1080, **lasting | sound)
        case "mp3" | "m4a":
            return MediaFacts(name, 9, "audio", "mp3", **lasting)
    black = name == "black.png"
    return MediaFacts(name, 9, "image", "png_pipe", 4000, 3000, black=black)


def warned(document: dict[str, Any], text: MediaFacts = TEXT) -> tuple[str, ...]:
    movie = validate(document)
    facts: dict[DocumentPath, Facts] = {}
    while tasks := element_tasks(movie, facts, OFFERS):
        for each in tasks:
            if isinstance(each.task, SpeakTask):
                facts[each.path] = spoken_facts(each.task)
                continue
            url = each.task.url if isinstance(each.task, FetchTask) else ""
            facts[each.path] = found(url.rpartition("/")[2]) if url else text
    return plainly(timeline(movie, facts).warnings)


def of_scene(*inner: dict[str, Any], **more: Any) -> tuple[str, ...]:
    return warned({"scenes": [{"duration": 2, "elements": list(inner), **more}]})


def of_movie(*inner: dict[str, Any], **scene: Any) -> tuple[str, ...]:
    return warned({"scenes": [{"duration": 2, **scene}], "elements": list(inner)})


FIRST = "scenes[0].elements[0]"


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (PHOTO | {"start": 5, "duration": 1},
         " begins at 5 s, but its scene is only 2 s long: it is never seen"),
        (PHOTO | {"start": 2}, " begins at 2 s, but its scene is only 2 s long: it is never seen"),
        (MUSIC | {"start": 2.5},
         " begins at 2.5 s, but its scene is only 2 s long: it is never heard"),
        (PHOTO | {"duration": 0.01}, " is there for 0.01 s, less than a frame, and is not seen"),
        (PHOTO | {"start": 1.99}, " is there for 0.01 s, less than a frame, and is not seen"),
        (CLIP | {"seek": 2.49}, " is there for 0.01 s, less than a frame, and is not seen"),
        (PHOTO | {"x": 640}, " lies outside the canvas and is never seen"),
        (PHOTO | {"x": -100}, " lies outside the canvas and is never seen"),
        (PHOTO | {"y": 360}, " lies outside the canvas and is never seen"),
        (PHOTO | {"y": -50}, " lies outside the canvas and is never seen"),
        (PHOTO | {"position": "top-left", "x": 700}, " lies outside the canvas and is never seen"),
        (PHOTO | {"x": 700, "rotate": {"angle": 45}}, " lies outside the canvas and is never seen"),
        (LINE | {"x": 2000}, " lies outside the canvas and is never seen"),
        (PHOTO | {"crop": {"x": 4000, "width": 9, "height": 9}},
         ".crop lies outside the picture (4000x3000) and does nothing"),
        (PHOTO | {"fade-in": 3}, ".fade-in is 3 s, but the element is there for 2 s only"),
        (CLIP | {"duration": 1, "fade-out": 1.5},
         ".fade-out is 1.5 s, but the element is there for 1 s only"),
        (MUSIC | {"seek": -7},
         ".seek is -7 s, but the clip is only 3.2 s long: it plays from its beginning"),
        (PHOTO | {"chroma-key": {"color": "#00b140", "tolerance": 100}},
         ".chroma-key.tolerance is 100: it is all transparent, never seen"),
        (PHOTO | {"resize": "fill"},
         ".resize 'fill' fills the canvas from its middle: position, x, y, width and height do "
         "nothing beside it"),
        (PHOTO | {"mask": "https://e.com/black.png"},
         ".mask is black all over: nothing of the element is seen"),
        (MUSIC | {"volume": 0}, ".volume is 0: it is never heard"),
    ],
)  # fmt: skip
def test_what_is_never_there_is_said(element: dict[str, Any], words: str) -> None:
    assert of_scene(element) == (FIRST + words,)


@pytest.mark.parametrize(
    "element",
    [
        PHOTO,
        PHOTO | {"start": 1.9},
        PHOTO | {"mask": "https://e.com/mask.png"},
        PHOTO | {"duration": 9},
        PHOTO | {"x": 639},
        PHOTO | {"x": -99, "y": -49},
        PHOTO | {"x": 645, "rotate": {"angle": 45}},
        PHOTO | {"fade-in": 2, "fade-out": 2},
        PHOTO | {"width": 640, "height": 360, "resize": "cover", "position": "center-center"},
        PHOTO | {"start": -1},
        PHOTO | {"chroma-key": {"color": "#00b140", "tolerance": 99}},
        PHOTO | {"duration": 1, "extra-time": 1, "fade-in": 2},
        CLIP | {"seek": -1},
        CLIP | {"loop": -1},
        CLIP | {"duration": 1, "loop": -1},
        PHOTO | {"crop": {"x": 3999, "width": 9, "height": 9}},
        LINE,
        CLIP | {"seek": 2.4, "loop": -1, "duration": -2},
        CLIP | {"volume": 0},
        CLIP | {"muted": True},
        MUSIC | {"muted": True},
        MUSIC | {"duration": 1, "fade-out": 1},
    ],
)
def test_what_is_there_is_not_spoken_of(element: dict[str, Any]) -> None:
    assert of_scene(element) == ()


def test_a_text_whose_box_misses_the_movie_is_said() -> None:
    """A `y` moves the whole box, in whose middle the text is, so this one is too low."""
    low = LINE | {"y": 1500, "settings": {"font-size": "60px"}}
    painted = MediaFacts("low", 700, "image", "png_pipe", 400, 80, has_alpha=True, x=340, y=920)
    document = {"resolution": "instagram-story", "scenes": [{"elements": [low]}]}
    assert warned(document, painted) == (f"{FIRST} lies outside the canvas and is never seen",)
    placed = {**document, "scenes": [{"elements": [low | {"height": 200}]}]}
    assert warned(placed, replace(painted, y=60)) == ()


def test_a_loop_that_plays_once_is_said() -> None:
    words = "elements[0].loop is -1, but no 'duration' says until when: it plays once"
    assert of_movie(MUSIC | {"loop": -1}, duration=4) == (words,)
    assert of_movie(MUSIC | {"loop": -1, "duration": -2}, duration=4) == ()
    assert of_movie(MUSIC | {"loop": -1}, duration=3) == (), "nothing comes after it"
    of_two = {"scenes": [{"elements": [CLIP | {"loop": -1}, MUSIC]}]}
    assert warned(of_two) == (words.replace("elements[0]", FIRST),)


def test_each_of_several_is_said_with_its_own_path() -> None:
    """What begins too late and what lies outside, in one scene; what begins where it ends."""
    told = of_scene(
        LINE | {"start": 5, "duration": 1},
        LINE | {"x": 2000, "duration": 1},
        MUSIC | {"duration": 2},
        MUSIC | {"start": -1},
        {"type": "voice", "text": "This is a long line to say.", "duration": 1, "model": "espeak"},
    )
    assert [words.partition(" ")[0] for words in told] == [
        f"scenes[0].elements[{number}]" for number in (0, 1, 3, 4)
    ]
    late, outside, unheard, cut = told
    assert late.endswith(" begins at 5 s, but its scene is only 2 s long: it is never seen")
    assert outside.endswith(" lies outside the canvas and is never seen")
    assert unheard.endswith(" begins at 6 s, but its scene is only 2 s long: it is never heard")
    assert cut.endswith(" is cut off: it is there for 1.00 s, and its speech lasts 1.75 s")


def test_elements_of_the_movie_are_there_in_its_own_time() -> None:
    late = "elements[0] begins at 3 s, but its movie is only 2 s long: it is never seen"
    assert of_movie(PHOTO | {"start": 3, "duration": -2}) == (late,)
    assert of_movie(PHOTO | {"start": 3, "duration": 1}) == ()


def test_what_lies_under_opaque_scenes_is_said() -> None:
    under = PHOTO | {"z-index": -1, "duration": -2}
    hidden = "elements[0] lies under scenes that hide it: no background over it is transparent"
    assert of_movie(under) == (hidden,)
    assert of_movie(under, **{"background-color": "transparent"}) == ()
    assert of_movie(under | {"duration": 3}) == (), "it outlasts the scenes"
    clear = {"duration": 1, "background-color": "transparent"}
    for window, said in (({"start": 1.2, "duration": 0.5}, ()), ({"duration": 0.9}, (hidden,))):
        document = {"scenes": [{"duration": 1}, clear], "elements": [under | window]}
        assert warned(document) == said
    after = {"scenes": [clear, {"duration": 1}], "elements": [under | {"start": 1, "duration": 1}]}
    assert warned(after) == (hidden,)


WAVE = {"type": "audiogram"}
SILENT = " shows what is heard, but nothing is heard in its {} while it is there: it stays a line"


def test_a_waveform_of_silence_is_said() -> None:
    said = (FIRST + SILENT.format("scene"),)
    assert of_scene(WAVE) == said
    assert of_scene(WAVE, PHOTO) == said
    assert of_scene(WAVE, MUSIC | {"muted": True}) == said
    assert of_scene(WAVE | {"duration": 1}, MUSIC | {"start": 1}) == said
    assert (
        of_scene(WAVE | {"start": 1.5}, MUSIC | {"duration": 0.5}, MUSIC | {"duration": 1}) == said
    )
    assert of_scene(WAVE, MUSIC) == of_scene(WAVE, MUSIC | {"start": 1}) == ()
    assert of_movie(WAVE) == ("elements[0]" + SILENT.format("movie"),)
    assert of_movie(WAVE, elements=[MUSIC]) == of_movie(WAVE, MUSIC) == ()
    assert of_movie(MUSIC, elements=[WAVE]) == said, "a scene shows its own sound"


def test_a_text_of_nothing_is_said() -> None:
    document = {"scenes": [{"duration": 2, "elements": [LINE]}]}
    assert warned(document, BLANK) == (f"{FIRST} has nothing in it that could be seen",)


def test_a_scene_shorter_than_a_frame_is_said() -> None:
    short = "scenes[0] is 0.01 s long, less than a frame: it lasts one"
    assert of_scene(PHOTO, duration=0.01) == (short,)
    assert of_scene(PHOTO | {"duration": 0.01}, duration=-1)[0] == short
    assert of_scene(PHOTO, duration=0.04) == of_scene(PHOTO, duration=1 / 25) == ()
    assert warned({"fps": 30, "scenes": [{"duration": 0.033}]}) == ()
    assert len(warned({"fps": 30, "scenes": [{"duration": 0.03}]})) == 1


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        (((2, 1), (2, 0.5)), "scenes[0].transition has no scene before it and is not seen"),
        (((1, 0), (3, 2)), "scenes[1].transition lasts 1 s, not 2 s: its scenes have no more"),
        (((3, 0), (0.5, 2)), "scenes[1].transition lasts 0.5 s, not 2 s: its scenes have no more"),
        (((2, 0), (1, 1), (2, 1)), "scenes[2].transition is not seen: the transition before it "
                                   "takes all of the scene between them"),
        (((2, 0), (2, 0.01)), "scenes[1].transition is 0.01 s long, less than half a frame, "
                              "and is not seen"),
        (((2, 0), (2, 0.5)), None),
        (((2, 0.5), (2, 0.5), (2, 1)), None),
        (((2, 0), (1, 1)), None),
        (((2, 0), (2, 0)), None),
    ],
)  # fmt: skip
def test_transitions_that_are_cut_are_said(
    lengths: tuple[tuple[float, float], ...], words: str | None
) -> None:
    scenes = [{"duration": d, "transition": {"duration": t}} for d, t in lengths]
    assert warned({"scenes": scenes}) == ((words,) if words else ())


def test_only_the_first_are_said() -> None:
    assert len(of_scene(*[PHOTO | {"x": 999}] * 50)) == MAX_WARNINGS


def test_a_seek_behind_the_end_is_an_error_that_names_both_lengths() -> None:
    sought = [CLIP | {"seek": 12, "duration": 3}, MUSIC | {"seek": 3.2}, CLIP | {"seek": 2.4}]
    with pytest.raises(DocumentError) as refusal:
        warned({"scenes": [{"elements": sought}], "elements": [sought[0]]})
    assert refusal.value.problems == (
        Problem(
            "scenes[0].elements[0].seek",
            "Scene #1, element #1: 'seek' is 12 s, but the clip 'https://e.com/clip.mp4' is only "
            "2.5 s long",
        ),
        Problem(
            "scenes[0].elements[1].seek",
            "Scene #1, element #2: 'seek' is 3.2 s, but the clip 'https://e.com/music.mp3' is "
            "only 3.2 s long",
        ),
        Problem(
            "elements[0].seek",
            "Movie element #1: 'seek' is 12 s, but the clip 'https://e.com/clip.mp4' is only "
            "2.5 s long",
        ),
    )


ORDINARY = [*ROOT.glob("examples/*.json"), *ROOT.glob("tests/cases/*/movie.json")]


@pytest.mark.parametrize("file", ORDINARY, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_ordinary_movies_bring_no_warnings(file: Path) -> None:
    assert warned(expand(json.loads(file.read_text()))) == ()
