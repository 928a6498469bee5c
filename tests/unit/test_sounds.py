"""What is heard, and when, in a container of so many frames."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.facts import MediaFacts
from resplice.core.lengths import lengths_of
from resplice.core.schema.validation import validate
from resplice.core.sounds import TimedSound, placed_sounds, sounds_in

CANVAS, PLACE = Canvas(640, 360, 10), ("scenes", 0, "elements")
SOUND = MediaFacts("a" * 64, 9, "audio", "mp3", duration_us=2_340_000, has_audio=True)


def heard(frames: int = 50, **more: Any) -> list[TimedSound]:
    song = {"type": "audio", "src": "https://e.example/a.mp3", **more}
    movie, facts = validate({"scenes": [{"elements": [song]}]}), {(*PLACE, 0): SOUND}
    stays = lengths_of(movie, facts, CANVAS).stays
    return sounds_in(movie.scenes[0].elements, PLACE, frames, facts, CANVAS, stays)


@pytest.mark.parametrize(
    ("more", "window"),
    [
        ({}, (0, 2.34)),
        ({"start": 1}, (1, 3.34)),
        ({"duration": 1}, (0, 1)),
        ({"loop": -1, "duration": -2}, (0, 5)),
        ({"start": 4}, (4, 5)),
        ({"seek": 2}, (0, 0.34)),
        ({"seek": -1}, (0, 1)),
        ({"loop": -1}, (0, 2.34)),
        ({"extra-time": 2}, (0, 2.34)),
    ],
)
def test_a_sound_is_heard_in_its_window(more: dict[str, Any], window: tuple[float, float]) -> None:
    (sound,) = heard(**more)
    assert (sound.start_s, sound.end_s) == pytest.approx(window)


@pytest.mark.parametrize("more", [{"muted": True}, {"volume": 0}, {"start": 5}])
def test_what_is_never_heard_is_not_there(more: dict[str, Any]) -> None:
    assert heard(**more) == []


def test_a_fade_is_no_longer_than_its_sound() -> None:
    (sound,) = heard(duration=1, **{"fade-in": 3})
    assert sound.fade_in_s == 1


def test_each_sound_has_its_path() -> None:
    song = {"type": "audio", "src": "https://e.example/a.mp3"}
    movie = validate({"scenes": [{"elements": [{**song, "muted": True}, song]}]})
    facts = {(*PLACE, 0): SOUND, (*PLACE, 1): SOUND}
    stays = lengths_of(movie, facts, CANVAS).stays
    heard = placed_sounds(movie.scenes[0].elements, PLACE, 50, facts, CANVAS, stays)
    assert [path for path, _ in heard] == [(*PLACE, 1)]
