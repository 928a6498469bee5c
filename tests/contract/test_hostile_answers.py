"""Answers of providers in which one value is not what is documented: an error of ours, or a result,
and never a traceback. Every place of a good answer is tried with every odd value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from provider_servers.speaking import Asked, Handler, SpeakingServer
from resplice.adapters.providers.azure_transcriber import AzureTranscriber
from resplice.adapters.providers.black_forest_labs import BlackForestLabs
from resplice.adapters.providers.elevenlabs_transcriber import ElevenLabsTranscriber
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.adapters.providers.fal import Fal
from resplice.adapters.providers.generation import MAX_ADDRESS_CHARS
from resplice.adapters.providers.heard_words import Unexpected, words_of
from resplice.adapters.providers.openai_images import OpenAIImages
from resplice.adapters.providers.openai_transcriber import OpenAiTranscriber
from resplice.adapters.providers.polly_marks import marks_in
from resplice.adapters.providers.replicate import Replicate
from resplice.errors import ProviderBusy, ProviderError, ProviderLost
from resplice.ports.connections import Secret
from resplice.ports.generators import Generation
from resplice.ports.transcribers import Listening
from resplice.ports.voices import Utterance

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
SECRET = Secret(key="a-key-that-nobody-shall-see")
HUGE = 10**400
ODD: tuple[Any, ...] = (
    *(None, True, -1, 5, HUGE, -HUGE, float("nan"), float("inf"), 1e308),
    *("", "\ud800", "x" * 5000, "http://[", [], {}, [[]], {"a": []}, ["", 7]),
)
Options = tuple[tuple[str, str], ...]


class SayingServer(SpeakingServer):
    """It says the same to all."""

    said = b""

    def answer(self, to: Handler, asked: Asked) -> None:
        to.give(200, self.said, "application/json")


@pytest.fixture
def server() -> Iterator[SayingServer]:
    with SayingServer() as server:
        yield server


@dataclass(frozen=True)
class Case:
    """ask: a whole use of a provider at an endpoint. good: its answer."""

    ask: Callable[[Options, Path], object]
    good: Any


def job(provider: Any, model: str) -> Callable[[Options, Path], object]:
    def ask(options: Options, into: Path) -> object:
        wanted = Generation("image", model, "a fox", "squared", 64, 64, options=options)
        started = provider().start(wanted, SECRET, into)
        return started.job and provider().collect(started.job, wanted, SECRET, into)

    return ask


def hearing(provider: Any) -> Callable[[Options, Path], object]:
    return lambda options, _: provider().transcribe(
        SPEECH, Listening("a" * 64, "en", options=options), SECRET
    )


def speaking_of(voice: str) -> Callable[[Options, Path], object]:
    return lambda options, into: ElevenLabsVoices().speak(
        Utterance(voice, "", "en", "Hi", options=options), SECRET, into
    )


WORD = {"text": "a", "offsetMilliseconds": 5, "durationMilliseconds": 5}
ALIGNMENT = {
    "characters": ["H", "i"],
    "character_start_times_seconds": [0.0, 0.1],
    "character_end_times_seconds": [0.1, 0.2],
}
MADE = "https://files.test/made.png"
CASES = {
    "black-forest-labs": Case(
        job(BlackForestLabs, "flux-dev"),
        {"id": "a", "polling_url": "", "status": "Ready", "result": {"sample": MADE}},
    ),
    "black-forest-labs moderated": Case(
        job(BlackForestLabs, "flux-dev"),
        {"id": "a", "status": "Content Moderated", "details": {"Moderation Reasons": ["a"]}},
    ),
    "fal": Case(
        job(Fal, "owner/app"),
        {
            **{"request_id": "a", "status": "COMPLETED", "error": None},
            **{"images": [{"url": MADE}], "has_nsfw_concepts": [False]},
        },
    ),
    "replicate": Case(
        job(Replicate, "owner/name"),
        {"id": "a", "status": "succeeded", "output": [MADE], "data_removed": False},
    ),
    "openai": Case(job(OpenAIImages, "gpt-image-2"), {"data": [{"url": MADE, "b64_json": ""}]}),
    "azure": Case(
        hearing(AzureTranscriber),
        {"durationMilliseconds": 10, "phrases": [{**WORD, "locale": "en-US", "words": [WORD]}]},
    ),
    "elevenlabs": Case(
        hearing(ElevenLabsTranscriber),
        {
            **{"language_code": "eng", "audio_duration_secs": 1.5},
            "words": [{"type": "word", "text": "a", "start": 0.1, "end": 0.2}],
        },
    ),
    "openai words": Case(
        hearing(OpenAiTranscriber),
        {
            **{"text": "Hi.", "language": "english", "duration": 1.5, "usage": {"seconds": 2}},
            "words": [{"word": "Hi", "start": 0.1, "end": 0.2}],
        },
    ),
    "elevenlabs voice": Case(
        speaking_of("Rachel"), {"audio_base64": "SUQz", "alignment": ALIGNMENT}
    ),
    "elevenlabs names": Case(
        speaking_of("My own"), {"voices": [{"name": "My own", "voice_id": "abc"}]}
    ),
}


def spoilt(value: Any, odd: Any) -> Iterator[Any]:
    """The value with the odd one in the place of each of its parts, and of itself."""
    yield odd
    if isinstance(value, dict):
        yield from ({**value, name: each} for name in value for each in spoilt(value[name], odd))
    if isinstance(value, list):
        for at, inside in enumerate(value):
            yield from ([*value[:at], each, *value[at + 1 :]] for each in spoilt(inside, odd))


@pytest.mark.parametrize("name", CASES)
def test_an_odd_value_anywhere_is_no_traceback(
    name: str, server: SayingServer, tmp_path: Path
) -> None:
    case, options = CASES[name], (("endpoint", server.url()),)
    for answer in (each for odd in ODD for each in spoilt(case.good, odd)):
        server.said = json.dumps(answer).encode()
        try:
            case.ask(options, tmp_path / "made")
        except ProviderError as error:
            assert "\n" not in str(error) and SECRET["key"] not in str(error)


def test_odd_marks_are_no_marks() -> None:
    good = [
        {"time": 1, "type": "word", "start": 0, "end": 2, "value": "Hi"},
        {"time": 2, "type": "viseme", "value": "sil"},
    ]
    offsets = (0, 1, 2)
    assert marks_in("\n".join(map(json.dumps, good)).encode(), offsets)
    for odd in ODD:
        for lines in spoilt(good, odd):
            text = "\n".join(map(json.dumps, lines if isinstance(lines, list) else [lines]))
            for mark in marks_in(text.encode(), offsets):
                assert 0 <= mark.start < mark.end and mark.start_ms >= 0


def test_punctuation_without_an_end_is_unexpected() -> None:
    for token in (".", "("):
        with pytest.raises(Unexpected):
            words_of([("a", 0, 1), *[(token, 1, 2)] * 5000, ("a", 2, 3)])


def test_an_address_that_no_record_holds_is_not_noted(server: SayingServer, tmp_path: Path) -> None:
    long = f"{server.url()}/?{'x' * MAX_ADDRESS_CHARS}"
    server.said = json.dumps({"data": [{"url": long}]}).encode()
    options = (("endpoint", server.url()),)
    with pytest.raises(ProviderLost, match="no usable address"):
        CASES["openai"].ask(options, tmp_path / "made")
    server.said = json.dumps({"id": "a", "polling_url": long, "status": "Pending"}).encode()
    CASES["black-forest-labs"].ask(options, tmp_path / "made")
    assert server.asked[-1].path == "/v1/get_result?id=a"


def test_a_status_that_is_no_word_is_waited_for(server: SayingServer, tmp_path: Path) -> None:
    for name in ("fal", "replicate", "black-forest-labs"):
        server.said = json.dumps({**CASES[name].good, "status": {}, "error": None}).encode()
        assert CASES[name].ask((("endpoint", server.url()),), tmp_path / "made") is None
    server.said = b"[]"
    with pytest.raises((ProviderLost, ProviderBusy)):
        CASES["fal"].ask((("endpoint", server.url()),), tmp_path / "made")


def test_a_picture_that_cannot_be_kept_is_lost_and_not_paid_again(
    server: SayingServer, tmp_path: Path
) -> None:
    server.said = json.dumps({"data": [{"b64_json": "QUJD"}]}).encode()
    options = (("endpoint", server.url()),)
    with pytest.raises(ProviderLost, match="cannot be written"):
        CASES["openai"].ask(options, tmp_path / "nowhere" / "made")
