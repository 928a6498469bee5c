"""What is heard in a whole movie, and where the words of a source are in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.facts import FactsOf, MediaFacts, SpeechFacts
from resplice.core.schema.validation import validate
from resplice.core.soundtrack import soundtrack
from resplice.core.words import Word

CANVAS = Canvas(640, 360, 10)
WORDS = (Word("One", 100, 400), Word("two.", 500, 900))
SPEECH = SpeechFacts(
    "a" * 64, 9, "audio", "flac", duration_us=1_000_000, has_audio=True, words=WORDS
)
SONG = MediaFacts("b" * 64, 9, "audio", "mp3", duration_us=1_000_000, has_audio=True)
VOICE, MUSIC = (
    {"type": "voice", "text": "One two."},
    {"type": "audio", "src": "https://e.example/a"},
)
FIRST, SECOND = ("scenes", 0, "elements", 0), ("scenes", 1, "elements", 0)


def heard(document: dict[str, Any], facts: FactsOf) -> Any:
    return soundtrack(validate({"fps": 10, **document}), facts, CANVAS)


def spoken(element: dict[str, Any]) -> list[tuple[str, int, int]]:
    """The words of a voice in a scene that begins at 2 s and lasts 5 s."""
    document = {"scenes": [{"duration": 2}, {"duration": 5, "elements": [element]}]}
    (audible,) = heard(document, {SECOND: SPEECH})
    return [(word.text, word.start_ms, word.end_ms) for word in audible.placed(WORDS)]


def test_it_is_unknown_while_something_heard_is_not_there() -> None:
    document = {"scenes": [{"elements": [VOICE]}, {"elements": [MUSIC]}]}
    assert heard(document, {FIRST: SPEECH}) is None
    assert heard(document, {FIRST: SPEECH, SECOND: SONG}) is not None


def test_what_is_only_seen_is_not_waited_for() -> None:
    text = {"type": "text", "text": "a"}
    (voice,) = heard({"scenes": [{"elements": [VOICE, text]}]}, {FIRST: SPEECH})
    assert voice.words == WORDS


def test_scenes_and_the_movie_are_heard_in_the_movies_time() -> None:
    document = {
        "scenes": [{"duration": 2, "elements": [VOICE]}, {"duration": 2, "elements": [MUSIC]}],
        "elements": [{**MUSIC, "start": 1}],
    }
    found = heard(document, {FIRST: SPEECH, SECOND: SONG, ("elements", 0): SONG})
    assert [(each.path, each.start_ms, each.end_ms) for each in found] == [
        (FIRST, 0, 1000),
        (("elements", 0), 1000, 2000),
        (SECOND, 2000, 3000),
    ]
    assert [each.words for each in found] == [WORDS, None, None]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, [("One", 2100, 2400), ("two.", 2500, 2900)]),
        ({"start": 1.5}, [("One", 3600, 3900), ("two.", 4000, 4400)]),
        ({"duration": 0.7}, [("One", 2100, 2400), ("two.", 2500, 2700)]),
        ({"duration": 0.3}, [("One", 2100, 2300)]),
        ({"start": 4.4}, [("One", 6500, 6800), ("two.", 6900, 7000)]),
    ],
)
def test_words_are_placed_and_cut_with_their_sound(
    more: dict[str, Any], words: list[tuple[str, int, int]]
) -> None:
    assert spoken({**VOICE, **more}) == words


def test_a_source_that_is_sought_and_loops_says_what_is_heard_of_it() -> None:
    clip = {**MUSIC, "seek": 0.45, "loop": 2}
    (audible,) = heard({"scenes": [{"elements": [clip]}]}, {FIRST: SONG})
    assert [(word.text, word.start_ms) for word in audible.placed(WORDS)] == [
        ("two.", 50),
        ("two.", 600),
    ]
    endless = replace(audible, plays=-1, end_ms=1650)
    assert [word.start_ms for word in endless.placed(WORDS)] == [50, 600, 1150]
