"""Voices: who speaks, what goes to them, what is refused and what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.elements.outcome import Passage, Surroundings
from resplice.core.elements.voice.heard import heard, in_vain, plays
from resplice.core.elements.voice.model import VoiceElement
from resplice.core.elements.voice.needs import NO_TEXT, faults, needs, notes
from resplice.core.facts import SpeechFacts
from resplice.core.providers import Access, Connection, Offers
from resplice.core.tasks import SpeakTask
from warned_lines import plainly

PATH = ("scenes", 0, "elements", 0)
KOKORO, ESPEAK = Access("kokoro", build="k1"), Access("espeak", build="e1")
MINE = Connection("mine", "elevenlabs", (("endpoint", "https://e.example"),))
HERE = Offers((KOKORO, ESPEAK), (MINE,))
AZURE = replace(HERE, connections=(Connection("a", "azure", (("region", "x"),), default=True),))
SPEECH = SpeechFacts("a" * 64, 9, "audio", "flac", duration_us=2_500_000, has_audio=True)


def voice(text: str = "Good morning, everybody.", **more: Any) -> VoiceElement:
    return VoiceElement.model_validate({"type": "voice", "text": text, **more})


def around(offers: Offers = HERE, known: bool = False) -> Surroundings:
    return Surroundings(Canvas(64, 48, 25), PATH, {PATH: SPEECH} if known else {}, offers)


def task(element: VoiceElement, offers: Offers = HERE) -> SpeakTask:
    ((place, made),) = needs(element, around(offers))
    assert place == () and isinstance(made, SpeakTask)
    return made


def refusals(element: VoiceElement, offers: Offers = HERE) -> dict[str, str]:
    return {str(keys[0]): words for keys, words in faults(element, around(offers))}


def test_the_embedded_voices_speak_where_nobody_else_is_configured() -> None:
    said = task(voice(voice="en-US-AriaNeural"))
    assert (said.provider, said.language, said.build) == ("kokoro", "en-US", "k1")
    ((keys, words),) = notes(voice(voice="en-US-AriaNeural"), around())
    assert keys == ("voice",) and "en-US-AriaNeural" in words and "Kokoro" in words


def test_a_voice_of_its_own_provider_speaks_where_that_is_configured() -> None:
    said = task(voice(voice="en-US-AriaNeural"), AZURE)
    assert (said.provider, said.voice, said.connection) == ("azure", "en-US-AriaNeural", "a")
    assert said.options == (("region", "x"),)
    assert list(notes(voice(voice="en-US-AriaNeural"), around(AZURE))) == []


def test_a_connection_that_is_named_is_the_only_one_asked() -> None:
    said = task(voice(voice="Rachel", model="elevenlabs", connection="mine"))
    assert (said.provider, said.connection) == ("elevenlabs", "mine")
    assert refusals(voice(connection="mien"))["connection"].endswith("did you mean 'mine'?")


def test_another_voice_is_refused_where_that_is_wanted() -> None:
    strict = replace(HERE, strict_voices=True)
    assert "voice" in refusals(voice(voice="en-US-AriaNeural"), strict)
    assert refusals(voice(voice="af_heart"), strict) == {}


@pytest.mark.parametrize("text", ["", "  \n", "<speak><break time='1s'/></speak>"])
def test_nothing_to_say_is_refused_in_the_formats_words(text: str) -> None:
    assert refusals(voice(text)) == {"text": NO_TEXT}


def test_unknown_models_and_broken_tags_are_refused() -> None:
    assert "elevenlabs" in refusals(voice(model="parrot"))["model"]
    assert "not well-formed" in refusals(voice("<speak>Good <b>morning</speak>"))["text"]


def test_settings_reach_the_task_in_one_spelling() -> None:
    first = task(voice(**{"model-settings": {"speed": 1.2, "b": [1]}}))
    second = task(voice(**{"model-settings": {"b": [1], "speed": 1.2}}))
    assert first == second and first.settings == '{"b":[1],"speed":1.2}'
    assert task(voice()).settings == "{}"


def test_tags_without_a_document_around_them_are_tags_too() -> None:
    bare = voice('Hello <break time="1s"/> Tom & Ann.')
    assert bare.text == '<speak>Hello <break time="1s"/> Tom &amp; Ann.</speak>'
    assert task(bare).text.split() == ["Hello", "Tom", "&", "Ann."]
    for text in ("1 < 2 and <b>3</b> > 2", "a <break", 'say <break time="1s"> and go on'):
        assert voice(text).text == text


def test_what_is_left_out_of_settings_is_told() -> None:
    (_, other), (keys, words) = notes(
        voice(voice="Rachel", **{"model-settings": {"stability": 1, "speed": 2}}), around()
    )
    assert "Rachel" in other and keys == ("model-settings",) and words.startswith("stability:")


def test_tags_go_to_who_takes_them_and_their_rate_to_the_others() -> None:
    slow = voice('<speak><prosody rate="50%">Good morning, everybody.</prosody></speak>')
    told = task(slow, AZURE)
    assert told.ssml and told.text == slow.text and told.settings == "{}"
    stripped = task(slow)
    assert (stripped.ssml, stripped.text) == (False, "Good morning, everybody.")
    assert stripped.settings == '{"speed":0.5}'
    ((keys, words),) = notes(slow, around())
    assert keys == ("text",) and "tags" in words


def test_it_is_heard_as_long_as_its_speech_lasts() -> None:
    assert plays(voice(), around(known=True)) == Passage(0, 2_500_000, 1)
    said = heard(voice(volume=0.5), around(known=True))
    assert said and (said.volume, said.source.digest) == (0.5, "a" * 64)
    assert heard(voice(muted=True), around(known=True)) is None


def test_what_is_never_heard_is_told() -> None:
    assert list(in_vain(voice(), around(known=True))) == []
    cut = replace(around(known=True), there_s=1.0)
    assert [*plainly(in_vain(voice(), cut))] == [
        "is cut off: it is there for 1.00 s, and its speech lasts 2.50 s"
    ]
    assert list(in_vain(voice(), replace(cut, there_s=2.45))) == []
    assert "never heard" in next(in_vain(voice(volume=0), around(known=True)))
