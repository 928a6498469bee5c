"""Amazon Polly: what it is asked, and when its words are said by its marks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import cloud
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError
from provider_servers import speaking
from provider_servers.polly import PAUSE_MS, WORD_MS, PollyServer
from provider_servers.speaking import giving, refusing
from provider_servers.voice_studio import TEXT, Studio, polly
from resplice.adapters.providers.polly import PollyVoices
from resplice.core.words import Word
from resplice.errors import ProviderLost, ProviderRefused, RightsRefused
from resplice.ports.voices import Utterance


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with polly(tmp_path / "spoken", 20) as studio:
        yield studio


def bodies(studio: Studio) -> list[dict[str, Any]]:
    assert isinstance(studio.server, PollyServer)
    return studio.server.bodies


def test_sound_is_asked_for_once_and_marks_once(studio: Studio) -> None:
    spoken = studio.speak()
    same = {"Engine": "neural", "Text": TEXT, "TextType": "text", "VoiceId": "Joanna"}
    assert bodies(studio) == [
        {**same, "OutputFormat": "ogg_vorbis"},
        {**same, "OutputFormat": "json", "SpeechMarkTypes": ["word", "viseme"]},
    ]
    assert spoken.characters == 2 * len(TEXT)


def test_words_end_where_the_next_begins_or_it_is_silent(studio: Studio) -> None:
    assert studio.speak(text="Hällo, wörld again.").words == (
        Word("Hällo,", 25, 25 + WORD_MS),
        Word("wörld", 225 + PAUSE_MS, 225 + PAUSE_MS + WORD_MS),
        Word("again.", 425 + PAUSE_MS, 425 + PAUSE_MS + WORD_MS),
    )


def test_speed_is_markup_and_words_stay_those_of_the_text(studio: Studio) -> None:
    plain = studio.speak().words
    quick = studio.speak(settings='{"speed": 1.25, "volume": "loud"}').words
    assert bodies(studio)[-1]["Text"] == (
        '<speak><prosody rate="125%" volume="loud">'
        "Hello, wörld &amp; &lt;friends&gt; — it's 5 o'clock.</prosody></speak>"
    )
    assert bodies(studio)[-1]["TextType"] == "ssml"
    assert plain and quick and [each.text for each in quick] == [each.text for each in plain]


def test_a_document_is_spoken_as_it_is_and_its_words_are_those_that_are_heard(
    studio: Studio,
) -> None:
    document = (
        "<speak>Äh<break time='1s'/>so. <!-- not said -->"
        '<sub alias="World Wide Web">WWW</sub> Q&amp;A</speak>'
    )
    words = studio.speak(text=document, ssml=True).words
    assert bodies(studio)[0]["Text"] == document
    assert words and [word.text for word in words] == ["Äh", "so.", "WWW", "Q&A"]
    studio.speak(text=document, ssml=True, settings='{"speed": 2}')
    assert bodies(studio)[-1]["Text"] == (
        document.replace("<speak>", '<speak><prosody rate="200%">').replace(
            "</speak>", "</prosody></speak>"
        )
    )


def test_its_own_settings_reach_it(studio: Studio) -> None:
    settings = {"SampleRate": 48000, "LexiconNames": ["acme"], "Engine": "generative"}
    studio.speak(settings=json.dumps(settings), model="standard")
    assert {**settings, "SampleRate": "48000"}.items() <= bodies(studio)[0].items()
    studio.speak(model="long-form")
    assert bodies(studio)[-1]["Engine"] == "long-form"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ('{"speed": 1, "stability": 1, "OutputFormat": "mp3"}', "OutputFormat, stability"),
        ('{"speed": 3}', "from 0.2 to 2.0, not 3"),
        ('{"speed": "fast"}', "speed is no number"),
        ('{"speed": true}', "speed is no number"),
        ('{"rate": ["x"]}', "rate is neither"),
        ('{"LexiconNames": "acme"}', "LexiconNames"),
    ],
)
def test_settings_that_it_does_not_take_are_refused(
    studio: Studio, settings: str, reason: str
) -> None:
    error = studio.failed(settings=settings)
    assert type(error) is ProviderRefused and reason in error.reason
    assert studio.server.asked == []


def test_voices_of_two_languages_are_told_which(studio: Studio) -> None:
    studio.speak(voice="Kajal", language="hi-IN")
    assert bodies(studio)[0]["LanguageCode"] == "hi-IN"
    studio.speak(language="en-GB")
    assert "LanguageCode" not in bodies(studio)[-1]


def test_without_spaces_a_word_is_what_a_mark_says(studio: Studio) -> None:
    words = studio.speak(voice="Zhiyu", language="cmn-CN", text="你好世界，再见。").words
    assert words and [word.text for word in words] == ["你好", "世界，", "再见。"]
    assert words[2].start_ms - words[1].end_ms == PAUSE_MS


@pytest.mark.parametrize(
    ("fault", "requests_paid"),
    [
        (refusing(400, {"__type": "EngineNotSupportedException", "message": "no marks"}), 1),
        (giving(b"<html>"), 2),
        (giving(b'{"type": "word"}'), 2),
        (giving(b'{"type": "word", "time": -5, "start": 0, "end": 5}'), 2),
        (giving(b'{"type": "word", "time": "x", "start": 0, "end": 5}'), 2),
        (giving(b"[" * 100_000), 2),
        (giving(b""), 2),
        (speaking.half, 2),
        (speaking.hanging_up, 2),
    ],
)
def test_a_sound_that_was_paid_is_kept_also_without_its_words(
    studio: Studio, fault: speaking.Fault, requests_paid: int
) -> None:
    usual = studio.server

    def first_the_sound(to: speaking.Handler) -> None:
        usual.answer(to, usual.asked[-1])
        usual.faults.append(fault)

    usual.faults.append(first_the_sound)
    spoken = studio.speak()
    assert (spoken.words, spoken.characters) == (None, requests_paid * len(TEXT))
    assert studio.into.read_bytes() == speaking.tone("ogg")
    assert len(usual.asked) == 2


def test_marks_out_of_place_do_no_harm(studio: Studio) -> None:
    usual = studio.server

    def first_the_sound(to: speaking.Handler) -> None:
        usual.answer(to, usual.asked[-1])
        lines = (
            {"type": "word", "time": 900, "start": 4_000_000_000, "end": -7},
            {"type": "word", "time": 20, "start": -3, "end": 10**30},
        )
        usual.faults.append(giving("\n".join(map(json.dumps, lines)).encode()))

    usual.faults.append(first_the_sound)
    words = studio.speak(text="one two").words
    assert words and [word.text for word in words] == ["one", "two"]
    assert all(word.start_ms < word.end_ms for word in words)


@pytest.mark.parametrize(
    "fault",
    [
        refusing(400, {"__type": "ThrottlingException", "message": "Rate exceeded"}),
        refusing(400, {"message": "Rate exceeded"}, x_amzn_ErrorType="ThrottlingException:"),
        refusing(500, {"__type": "ServiceFailureException", "message": "oops"}),
    ],
)
def test_throttled_as_aws_does_it_is_asked_again(studio: Studio, fault: speaking.Fault) -> None:
    studio.server.faults.append(fault)
    assert studio.speak().words
    assert (len(studio.server.asked), studio.slept) == (3, [0.5])


def test_times_of_words_can_be_done_without(studio: Studio, tmp_path: Path) -> None:
    provider = PollyVoices(lambda config: client(studio.server.url(), config), marks=False)
    spoken = provider.speak(studio.utterance, None, tmp_path / "spoken")
    assert (spoken.words, spoken.characters) == (None, len(TEXT))
    assert studio.server.characters == len(TEXT)


@pytest.mark.parametrize("error", [NoRegionError(), NoCredentialsError(), ValueError("no")])
def test_where_there_is_no_account_it_is_refused(error: Exception, tmp_path: Path) -> None:
    def nobody(config: Any) -> Any:
        raise error

    with pytest.raises(RightsRefused, match="no client can be made"):
        PollyVoices(nobody).speak(Utterance("Joanna", "", "en-US", "Hi"), None, tmp_path / "x")


def test_a_right_that_the_server_lacks_is_for_its_operator_to_mend(tmp_path: Path) -> None:
    """A lexicon is what the document asks for: roles may read none."""
    refused = {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}

    class Denied:
        def synthesize_speech(self, **_: Any) -> Any:
            raise ClientError({**refused, "ResponseMetadata": {"HTTPStatusCode": 403}}, "S")

    def said(settings: str) -> ProviderRefused:
        utterance = Utterance("Joanna", "", "en-US", "Hi", settings=settings)
        with pytest.raises(ProviderRefused, match="403 AccessDeniedException") as caught:
            PollyVoices(lambda config: Denied()).speak(utterance, None, tmp_path / "x")
        return caught.value

    assert said("{}").ours and not said('{"LexiconNames": ["acme"]}').ours


def test_many_threads_have_one_client(studio: Studio, tmp_path: Path) -> None:
    made = list[Any]()

    def factory(config: Any) -> Any:
        made.append(client(studio.server.url(), config))
        return made[-1]

    provider = PollyVoices(factory)
    threads = [
        threading.Thread(
            target=provider.speak, args=(studio.utterance, None, tmp_path / str(number))
        )
        for number in range(6)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 1 and len(bodies(studio)) == 12


def client(url: str, config: Any) -> Any:
    credentials = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client(
        "polly", endpoint_url=url, region_name="us-east-1", config=config, **credentials
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"voice": "Nobody"}, "InvalidParameterValue"),
        ({"settings": '{"LexiconNames": ["acme"]}'}, "LexiconNotFoundException"),
        ({"text": "a" * 3001}, "TextLengthExceededException"),
    ],
)
def test_moto_refuses_it_too(changed: dict[str, str], reason: str, tmp_path: Path) -> None:
    provider = PollyVoices(lambda config: client(cloud.endpoint(), config))
    parts = {"voice": "Joanna", "model": "", "language": "en-US", "text": "Hi", **changed}
    with pytest.raises(ProviderRefused, match=f"400 {reason}"):
        provider.speak(Utterance(**parts), None, tmp_path / "spoken")  # type: ignore[arg-type]


def test_moto_takes_the_request_but_has_no_sound(tmp_path: Path) -> None:
    provider = PollyVoices(lambda config: client(cloud.endpoint(), config))
    with pytest.raises(ProviderLost, match="data of an unknown kind instead of sound"):
        provider.speak(Utterance("Joanna", "", "en-US", "Hi"), None, tmp_path / "spoken")
    assert not (tmp_path / "spoken").exists()
