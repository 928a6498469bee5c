"""Audio: it needs its file, and is heard to the sample, whatever the frames are."""

from __future__ import annotations

from typing import Any

from resplice.core.composition import Canvas, Source
from resplice.core.elements.audio.heard import heard, in_vain, plays
from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.audio.needs import needs
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.facts import MediaFacts
from resplice.core.tasks import FetchTask

SONG = MediaFacts("a" * 64, 9, "audio", "mp3", duration_us=2_000_000, has_audio=True)
PATH = ("elements", 0)
AROUND = Surroundings(Canvas(64, 48, 25), PATH, {PATH: SONG})


def audio(**more: Any) -> AudioElement:
    return AudioElement.model_validate({"type": "audio", "src": "https://e.com/a", **more})


def test_it_needs_its_file_alone() -> None:
    assert list(needs(audio(), AROUND)) == [((), FetchTask("https://e.com/a"))]


def test_it_loops_to_the_sample() -> None:
    assert plays(audio(loop=-1, seek=0.25), AROUND) == Passage(250_000, 1_750_000, -1)


def test_what_is_never_heard_of_it_is_said() -> None:
    told = list(in_vain(audio(volume=0, seek=-3), AROUND))
    assert [words.split()[0] for words in told] == [".volume", ".seek"]
    assert list(in_vain(audio(seek=-2), AROUND)) == []


def test_it_keeps_no_step_with_frames() -> None:
    sound = Heard(Source.of(SONG), 0.5, in_step_with_frames=False)
    assert heard(audio(volume=0.5), AROUND) == sound
