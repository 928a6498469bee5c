"""Transcribers over HTTP: one contract, held by all, against servers that speak as documented."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from provider_servers.azure_transcription import AzureServer, phrase
from provider_servers.elevenlabs_transcription import ElevenLabsServer, token
from provider_servers.listening import KEY, ListeningServer, half, refusing, silent
from provider_servers.openai_transcription import OpenAiServer
from resplice.adapters.providers.azure_transcriber import AzureTranscriber
from resplice.adapters.providers.elevenlabs_transcriber import ElevenLabsTranscriber
from resplice.adapters.providers.http import Asking
from resplice.adapters.providers.openai_transcriber import OpenAiTranscriber
from resplice.core.words import Word
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, TranscriberProvider, Transcript

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
WORDS = (
    Word("Save", 270, 560),
    Word("20%,", 560, 1220),
    Word("says", 1220, 1330),
    Word("Okonkwo.", 1330, 1950),
    Word("¿Sí?", 1950, 2440),
)


@dataclass
class Place:
    """A provider: our side, its side, and how long was waited between tries."""

    provider: TranscriberProvider
    server: ListeningServer
    path: str
    waited: list[float]

    def hear(self, language: str = "en", sound: Path = SPEECH, **more: Any) -> Transcript:
        options = (("endpoint", self.server.url() + self.path),)
        wanted = Listening("a" * 64, language, options=options, **more)
        return self.provider.transcribe(sound, wanted, Secret(key=KEY))


KINDS: dict[str, tuple[Callable[[Asking], Any], type[ListeningServer], str, str]] = {
    "azure": (AzureTranscriber, AzureServer, "", "Azure Speech"),
    "elevenlabs": (ElevenLabsTranscriber, ElevenLabsServer, "", "ElevenLabs"),
    "openai": (OpenAiTranscriber, OpenAiServer, "/v1", "OpenAI"),
}


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    yield from placed(request.param)


def placed(kind: str, read_s: float = 30) -> Iterator[Place]:
    make, serve, path, title = KINDS[kind]
    waited: list[float] = []
    with serve() as server:
        yield Place(make(Asking(title, read_s, waited.append)), server, path, waited)


@pytest.fixture
def azure() -> Iterator[Place]:
    yield from placed("azure")


@pytest.fixture
def elevenlabs() -> Iterator[Place]:
    yield from placed("elevenlabs")


@pytest.fixture
def openai() -> Iterator[Place]:
    yield from placed("openai")


def test_words_come_with_punctuation_times_and_language(place: Place) -> None:
    heard = place.hear()
    assert heard.words == WORDS
    assert heard.language.startswith("en")
    assert heard.warnings == ()
    assert heard.seconds == (7 if place.path else 6.25)
    assert len(place.server.asked) == 1


def test_silence_has_no_words_and_is_no_error(place: Place) -> None:
    place.server.said = place.server.silence()
    heard = place.hear()
    assert heard.words == () and heard.seconds > 6


def test_a_wrong_key_is_refused_once_and_not_told(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = "sk-another-key-that-is-secret-too"
    with caplog.at_level(logging.DEBUG), pytest.raises(ProviderRefused) as caught:
        wanted = Listening("a" * 64, "en", options=(("endpoint", place.server.url() + place.path),))
        place.provider.transcribe(SPEECH, wanted, Secret(key=wrong))
    assert "401" in str(caught.value)
    assert wrong not in f"{caught.value!r} {caught.value} {caplog.text}"
    assert len(place.server.asked) == 1


def test_a_key_that_is_echoed_is_not_told(openai: Place) -> None:
    openai.server.faults.append(refusing(400, {"error": {"message": f"No: {KEY}"}}))
    with pytest.raises(ProviderRefused) as caught:
        openai.hear()
    assert KEY not in str(caught.value) and KEY[4:20] not in str(caught.value)


@pytest.mark.parametrize("secret", [None, Secret(), Secret(key="")])
def test_without_a_key_nobody_is_asked(place: Place, secret: Secret | None) -> None:
    wanted = Listening("a" * 64, "en", options=(("endpoint", place.server.url()),))
    with pytest.raises(ProviderRefused, match="no key"):
        place.provider.transcribe(SPEECH, wanted, secret)
    assert place.server.asked == []


def test_a_throttled_request_waits_as_long_as_it_is_told(place: Place) -> None:
    place.server.faults.append(refusing(429, {"error": {"message": "slow"}}, Retry_After="3"))
    assert place.hear().words == WORDS
    assert place.waited == [3]


def test_a_busy_provider_is_busy_in_the_end(place: Place) -> None:
    place.server.faults.extend([refusing(500, b"<html>down</html>")] * 9)
    with pytest.raises(ProviderBusy, match="500"):
        place.hear()
    assert 1 < len(place.server.asked) <= 5


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_silent_is_not_asked_twice(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"resplice.adapters.providers.{kind}_transcriber.WAIT_PER_SECOND", 0)
    for place in placed(kind, read_s=0.3):
        place.server.faults.append(silent)
        with pytest.raises(ProviderLost, match="may have been paid"):
            place.hear()
        assert len(place.server.asked) == 1


def test_half_an_answer_is_lost(place: Place) -> None:
    place.server.faults.append(half)
    with pytest.raises(ProviderLost):
        place.hear()
    assert len(place.server.asked) == 1


@pytest.mark.parametrize(
    "said",
    [
        *(b"", b"<html>", b"\xff\xfe", b"[" * 100_000, [], {}, "words", 7, None),
        *({"words": 1}, {"phrases": [1], "durationMilliseconds": 1}, {"text": 1, "words": [7]}),
        {"text": "a", "words": [{"word": "a", "text": "a", "type": "word", "start": "x"}]},
        {"text": "a", "words": [{"word": "a", "text": "a", "type": "word", "start": -1, "end": 2}]},
        {"text": "a", "words": [{"word": 1, "text": 1, "type": "word", "start": 0, "end": 2}]},
        b'{"text": "a", "words": [{"word": "a", "text": "a", "type": "word", "start": NaN}]}',
        b'{"text": "a", "words": [{"word": "a", "text": "a", "type": "word", "start": 1e999}]}',
        {"phrases": [{"text": "a", "offsetMilliseconds": 0}], "durationMilliseconds": 1},
        {"phrases": [phrase(("a", 0, 1))], "durationMilliseconds": None},
    ],
    ids=str,
)
def test_an_answer_that_is_not_as_documented_is_lost(place: Place, said: Any) -> None:
    place.server.faults.append(lambda to: to.give(200, said))
    with pytest.raises(ProviderLost):
        place.hear()


def test_a_language_is_asked_for_in_the_provider_s_own_code(place: Place) -> None:
    place.hear("pt_br"), place.hear("zh-Hant"), place.hear("auto")
    assert [_language(each) for each in place.server.asked] == {
        "AzureServer": ["pt-BR", "zh-TW", None],
        "ElevenLabsServer": ["por", "zho", None],
        "OpenAiServer": ["pt", "zh", None],
    }[type(place.server).__name__]


def _language(heard: Any) -> str | None:
    if definition := heard.text("definition"):
        return next(iter(json.loads(definition).get("locales", ())), None)
    found: str | None = heard.text("language_code") or heard.text("language")
    return found


def test_a_language_that_is_not_known_is_found_out_and_warned_of(place: Place) -> None:
    assert not place.provider.knows("tlh", "default")
    heard = place.hear("tlh")
    assert heard.words == WORDS
    assert "'tlh'" in heard.warnings[0]
    assert _language(place.server.asked[0]) is None


def test_which_languages_and_models_are_known(place: Place) -> None:
    knows = place.provider.knows
    assert all(knows(tag, "default") for tag in ("auto", "en", "en-GB", "no", "pt-BR", "zh-TW"))
    assert not knows("xx", "default") and not knows("", "default") and not knows("en", "base")
    assert knows("en", "whisper") == isinstance(place.provider, OpenAiTranscriber)


def test_what_is_no_flac_is_not_sent(place: Place, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(ProviderRefused, match="no FLAC"):
        place.hear(sound=sound)
    assert place.server.asked == []


def test_a_sound_that_is_too_large_is_refused_with_the_limit(place: Place, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(SPEECH.read_bytes())
    with sound.open("r+b") as file:
        file.truncate(3_001_000_000)
    with pytest.raises(ProviderRefused, match=r"larger than the (25|500|3000) MB"):
        place.hear(sound=sound)
    assert place.server.asked == []


@pytest.mark.parametrize("kind", ["azure", "elevenlabs"])
def test_a_sound_that_is_too_long_is_refused_with_the_limit(kind: str, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(lasting(SPEECH.read_bytes(), hours=11))
    for place in placed(kind):
        with pytest.raises(ProviderRefused, match=r"longer than the (5|10) hours"):
            place.hear(sound=sound)


def lasting(flac: bytes, hours: float) -> bytes:
    """The file, with another length in its head (36 bits: RFC 9639, 8.2)."""
    samples = int(hours * 3600 * 16_000)
    packed = int.from_bytes(flac[18:26], "big") >> 36 << 36 | samples
    return flac[:18] + packed.to_bytes(8, "big") + flac[26:]


def test_keywords_reach_azure_as_its_phrase_list(azure: Place) -> None:
    azure.hear(keywords=("Okonkwo", "spring sale"))
    definition = json.loads(azure.server.asked[0].text("definition") or "")
    assert definition["phraseList"] == {"phrases": ["Okonkwo", "spring sale"]}
    assert definition["profanityFilterMode"] == "None"


def test_keywords_reach_elevenlabs_as_keyterms_that_it_takes(elevenlabs: Place) -> None:
    elevenlabs.hear(keywords=("Okonkwo", "x" * 50, "a b c d e f", "spring sale"))
    elevenlabs.hear()
    first, second = elevenlabs.server.asked
    assert first.texts("keyterms") == ["Okonkwo", "spring sale"]
    assert (first.text("model_id"), second.text("model_id")) == ("scribe_v2", "scribe_v1")
    assert second.texts("keyterms") == []


def test_keywords_reach_openai_as_its_prompt(openai: Place) -> None:
    openai.hear(keywords=("Okonkwo", "spring sale"))
    assert openai.server.asked[0].text("prompt") == "Okonkwo, spring sale"


def test_the_sound_is_sent_as_it_is(place: Place) -> None:
    place.hear()
    files = [part for part in place.server.asked[0].parts if part.file]
    assert [(part.file, part.kind) for part in files] == [("sound.flac", "audio/flac")]
    assert files[0].body == SPEECH.read_bytes()


def test_azure_is_found_by_its_region() -> None:
    for region in ("", "evil.example/", "west europe"):
        wanted = Listening("a" * 64, "en", options=(("region", region),))
        with pytest.raises(ProviderRefused, match="needs a region"):
            AzureTranscriber().transcribe(SPEECH, wanted, Secret(key=KEY))


def test_words_of_elevenlabs_are_put_in_order_and_last(elevenlabs: Place) -> None:
    said = elevenlabs.server.transcript()
    said["words"] = [token("b", 2, 2), token("a", 1, 5), token("two words", 3, 4), token("", 4, 5)]
    elevenlabs.server.said = said
    words = elevenlabs.hear().words
    assert [word.text for word in words] == ["a", "b", "two", "words"]
    assert all(word.start_ms < word.end_ms for word in words)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))


def test_openai_words_that_its_text_lacks_stay_bare(openai: Place) -> None:
    openai.server.said = {**openai.server.transcript(), "text": "Something else."}
    assert [word.text for word in openai.hear().words] == ["Save", "20", "says", "Okonkwo", "Sí"]


def test_openai_sentences_without_word_times_are_spread(openai: Place) -> None:
    said = openai.server.transcript()
    del said["words"]
    said["segments"] = [{"id": 0, "text": " Save 20%, says Okonkwo. ¿Sí?", "start": 0.27, "end": 2}]
    openai.server.said = said
    words = openai.hear().words
    assert [word.text for word in words] == [word.text for word in WORDS]
    assert (words[0].start_ms, words[-1].end_ms) == (270, 2000)


def test_azure_silence_in_no_language_has_no_words_and_is_no_error(azure: Place) -> None:
    told = "No language was identified."
    inner = {"code": "NoLanguageIdentified", "message": told}
    fault = refusing(422, {"code": "UnprocessableEntity", "message": told, "innerError": inner})
    azure.server.faults.extend([fault, fault])
    assert (heard := azure.hear("auto")).words == () and heard.seconds == 6.25
    with pytest.raises(ProviderRefused, match="No language"):
        azure.hear("en")
