"""Azure Speech: the document that it is sent, where it is, and what it bills."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from provider_servers.azure_speech import SPEAK, XML, AzureSpeechServer
from provider_servers.voice_studio import TEXT, Studio, azure
from resplice.adapters.providers import azure_voices
from resplice.adapters.providers.azure_voices import paid_characters, speech_url
from resplice.errors import ProviderRefused

MSTTS = "{https://www.w3.org/2001/mstts}"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with azure(tmp_path / "spoken", 20) as studio:
        yield studio


def document(studio: Studio) -> ElementTree.Element:
    assert isinstance(studio.server, AzureSpeechServer)
    return studio.server.documents[-1]


def test_a_text_is_spoken_by_its_voice(studio: Studio) -> None:
    studio.speak()
    root = document(studio)
    (voice,) = root
    assert (voice.tag, voice.get("name")) == (f"{SPEAK}voice", "en-US-JennyNeural")
    assert (root.get(f"{XML}lang"), voice.text, len(voice)) == ("en-US", TEXT, 0)


def test_without_a_language_it_is_the_voices(studio: Studio) -> None:
    studio.speak(voice="zh-CN-XiaoxiaoNeural", language="")
    assert document(studio).get(f"{XML}lang") == "zh-CN"


def test_settings_are_markup(studio: Studio) -> None:
    settings = '{"style": "sad", "styledegree": 2, "role": "Girl", "speed": 1.2, "pitch": "+2st"}'
    studio.speak(settings=settings)
    (style,) = document(studio)[0]
    (prosody,) = style
    assert (style.tag, style.attrib) == (
        f"{MSTTS}express-as",
        {"style": "sad", "styledegree": "2", "role": "Girl"},
    )
    assert (prosody.tag, prosody.attrib) == (f"{SPEAK}prosody", {"rate": "1.2", "pitch": "+2st"})
    assert prosody.text == TEXT
    studio.speak(settings='{"speed": 1.2, "rate": "-10%", "volume": "\\"<>&"}')
    assert document(studio)[0][0].attrib == {"rate": "-10%", "volume": '"<>&'}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ('{"voice_settings": {}, "seed": 1, "speed": 1}', "no model-settings seed, voice_settings"),
        ('{"outputFormat": "mp3"}', "outputFormat"),
        ('{"speed": true}', "speed is neither"),
        ('{"style": null}', "style is neither"),
    ],
)
def test_settings_that_it_does_not_take_are_refused(
    studio: Studio, settings: str, reason: str
) -> None:
    error = studio.failed(settings=settings)
    assert type(error) is ProviderRefused and reason in error.reason
    assert studio.server.asked == []


def test_a_document_with_its_own_voices_is_sent_as_it_is(studio: Studio) -> None:
    own = (
        f"<speak version='1.0' xmlns='{SPEAK.strip('{}')}' xml:lang='de-DE'>"
        "<voice name='de-DE-KatjaNeural'>Grüße<break time='1s'/></voice></speak>"
    )
    spoken = studio.speak(text=own, ssml=True)
    assert studio.server.asked[0].body.decode() == own
    assert spoken.characters == len("Grüße<break time='1s'/>")
    studio.into.unlink()
    error = studio.failed(text=own, ssml=True, settings='{"speed": 2}')
    assert "takes no model-settings speed" in error.reason


def test_a_document_without_a_voice_gets_it(studio: Studio) -> None:
    studio.speak(text='<speak xml:lang="de-DE">Hi <s>you</s></speak>', ssml=True)
    root = document(studio)
    assert (root.get(f"{XML}lang"), root[0].get("name")) == ("de-DE", "en-US-JennyNeural")
    assert "".join(root.itertext()) == "Hi you"
    studio.speak(
        text="<?xml version='1.0'?>\n<speak>Hi</speak>\n", ssml=True, settings='{"rate":2}'
    )
    assert document(studio)[0][0].attrib == {"rate": "2"}


@pytest.mark.parametrize("text", ["<speak>Hi", "Hi", "<speaker>Hi</speaker>", "<speak/>"])
def test_what_is_no_document_is_refused(studio: Studio, text: str) -> None:
    error = studio.failed(text=text, ssml=True)
    assert type(error) is ProviderRefused and "no whole <speak> document" in error.reason


def test_what_is_cut_off_is_not_taken(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(azure_voices, "LONGEST_SECONDS", 1)
    error = studio.failed()
    assert type(error) is ProviderRefused and "10 minutes" in error.reason


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"region": "westus"}, "https://westus.tts.speech.microsoft.com/cognitiveservices/v1"),
        ({"region": " WestUS2 "}, "https://westus2.tts.speech.microsoft.com/cognitiveservices/v1"),
        (
            {"endpoint": "https://eastus.api.cognitive.microsoft.com/", "region": "westus"},
            "https://eastus.tts.speech.microsoft.com/cognitiveservices/v1",
        ),
        (
            {"endpoint": "https://eastus.tts.speech.microsoft.com/cognitiveservices/v1"},
            "https://eastus.tts.speech.microsoft.com/cognitiveservices/v1",
        ),
        (
            {"endpoint": "https://our-own.cognitiveservices.azure.com/"},
            "https://our-own.cognitiveservices.azure.com/tts/cognitiveservices/v1",
        ),
        ({"endpoint": "http://127.0.0.1:5000/"}, "http://127.0.0.1:5000/cognitiveservices/v1"),
    ],
)
def test_where_it_is(options: dict[str, str], url: str) -> None:
    assert speech_url(options) == url


@pytest.mark.parametrize(
    "options",
    [{}, {"region": ""}, {"region": "evil.example/"}, {"region": "a b"}, {"endpoint": "http://[x"}],
)
def test_a_place_that_is_none_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ProviderRefused):
        speech_url(options)


def test_chinese_characters_are_paid_twice_and_markup_but_for_speak_and_voice() -> None:
    assert paid_characters("<speak version='1.0'><voice name='x'>Hi, 你好!</voice></speak>") == 9
    assert paid_characters("<speak><voice name='x'>a<break/>b</voice></speak>") == 10
    assert paid_characters("<speak><voice name='x'>かな漢字</voice></speak>") == 6
