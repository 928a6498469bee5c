"""What of a file is played, and what of it is heard."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Canvas, Source
from resplice.core.elements.moving import heard, never_heard, passage, sought_before, sought_behind
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.elements.video.model import VideoElement
from resplice.core.facts import MediaFacts
from warned_lines import plainly

CLIP = MediaFacts("a" * 64, 9, "video", "mov", 64, 48, 2_500_000, has_audio=True)
STILL = MediaFacts("b" * 64, 9, "image", "png_pipe", 64, 48)
SILENT = MediaFacts("c" * 64, 9, "video", "mov", 64, 48, 2_500_000)
PATH = ("elements", 0)


def video(**more: Any) -> VideoElement:
    return VideoElement.model_validate({"type": "video", "src": "https://e.com/a.mp4", **more})


def around(facts: MediaFacts) -> Surroundings:
    return Surroundings(Canvas(64, 48, 25), PATH, {PATH: facts})


@pytest.mark.parametrize(
    ("said", "plays"),
    [
        ({}, Passage(0, 2_500_000, 1)),
        ({"seek": 0.5}, Passage(500_000, 2_000_000, 1)),
        ({"loop": 0}, Passage(0, 2_500_000, 1)),
        ({"loop": -1}, Passage(0, 2_500_000, -1, on_frames=True)),
        ({"loop": 3, "seek": 2}, Passage(2_000_000, 500_000, 3, on_frames=True)),
        ({"seek": -0.5}, Passage(2_000_000, 500_000, 1)),
        ({"seek": -2.5}, Passage(0, 2_500_000, 1)),
        ({"seek": -9}, Passage(0, 2_500_000, 1)),
        ({"seek": -1, "loop": 2}, Passage(1_500_000, 1_000_000, 2, on_frames=True)),
        ({"seek": 2.5}, Passage(2_500_000, 0, 0)),
        ({"seek": 9, "loop": -1}, Passage(9_000_000, 0, 0)),
    ],
)
def test_what_is_left_behind_the_seek_point_plays(said: dict[str, Any], plays: Passage) -> None:
    assert passage(video(**said), CLIP, on_frames=True) == plays


def test_a_sound_loops_to_the_sample_and_a_still_does_not_play() -> None:
    assert passage(video(loop=2), CLIP, on_frames=False) == Passage(0, 2_500_000, 2)
    assert passage(video(), STILL, on_frames=True) is None


def test_to_seek_behind_the_end_names_both_lengths() -> None:
    ((keys, message),) = sought_behind(video(seek=3), around(CLIP))
    assert keys == ("seek",)
    assert message == "'seek' is 3 s, but the clip 'https://e.com/a.mp4' is only 2.5 s long"
    assert list(sought_behind(video(seek=2.4), around(CLIP))) == []
    assert list(sought_behind(video(seek=3), around(STILL))) == []


def test_to_seek_back_behind_the_beginning_is_warned_of() -> None:
    words = ".seek is -3 s, but the clip is only 2.5 s long: it plays from its beginning"
    assert plainly(sought_before(video(seek=-3), around(CLIP))) == (words,)
    for seek, facts in ((-2.5, CLIP), (-1, CLIP), (3, CLIP), (-3, STILL)):
        assert list(sought_before(video(seek=seek), around(facts))) == []
        assert list(sought_behind(video(seek=-abs(seek)), around(facts))) == []


@pytest.mark.parametrize(
    ("said", "facts", "volume"),
    [
        ({}, CLIP, 1),
        ({"volume": 0.5}, CLIP, 0.5),
        ({"volume": 0}, CLIP, None),
        ({"muted": True}, CLIP, None),
        ({}, SILENT, None),
    ],
)
def test_what_has_sound_is_heard(
    said: dict[str, Any], facts: MediaFacts, volume: float | None
) -> None:
    sound = Heard(Source.of(facts), volume, in_step_with_frames=True) if volume else None
    assert heard(video(**said), facts, in_step_with_frames=True) == sound


def test_a_volume_of_nothing_is_warned_of_and_silence_is_not() -> None:
    assert plainly(never_heard(video(volume=0), around(CLIP))) == (
        ".volume is 0: it is never heard",
    )
    assert list(never_heard(video(muted=True), around(CLIP))) == []
