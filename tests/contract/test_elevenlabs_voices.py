"""ElevenLabs: what it is asked, how voices are found by name, and when words are said."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from provider_servers import speaking
from provider_servers.elevenlabs import CLONED, RACHEL, ElevenLabsServer, aligned
from provider_servers.speaking import giving, refusing
from provider_servers.voice_studio import TEXT, Studio, elevenlabs
from resplice.adapters.providers.elevenlabs_names import STOCK
from resplice.core.words import Word
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with elevenlabs(tmp_path / "spoken", 20) as studio:
        yield studio


def server(studio: Studio) -> ElevenLabsServer:
    assert isinstance(studio.server, ElevenLabsServer)
    return studio.server


@pytest.mark.parametrize(
    ("model", "theirs"),
    [
        ("", "eleven_multilingual_v2"),
        ("elevenlabs", "eleven_multilingual_v2"),
        ("elevenlabs-v2", "eleven_multilingual_v2"),
        ("elevenlabs-flash-v2-5", "eleven_flash_v2_5"),
        ("elevenlabs-v3", "eleven_v3"),
        ("eleven_flash_v2_5", "eleven_flash_v2_5"),
    ],
)
def test_a_model_goes_by_our_name_or_theirs(studio: Studio, model: str, theirs: str) -> None:
    studio.speak(model=model)
    assert server(studio).bodies == [{"text": TEXT, "model_id": theirs}]
    (asked,) = studio.server.asked
    assert asked.path == f"/v1/text-to-speech/{RACHEL}/with-timestamps?output_format=mp3_44100_128"
    assert asked.headers["content-type"] == "application/json"


def test_a_model_that_it_does_not_have_is_refused(studio: Studio) -> None:
    error = studio.failed(model="eleven_v99")
    assert type(error) is ProviderRefused and error.reason == "422 field required"


def test_settings_are_part_of_the_request_but_not_its_text(studio: Studio) -> None:
    settings: dict[str, Any] = {
        "voice_settings": {"stability": 0.4, "speed": 1.1},
        "language_code": "es",
        "seed": 7,
    }
    more = {"text": "else", "model_id": "eleven_v3", "output_format": "mp3_44100_192"}
    studio.speak(settings=json.dumps({**settings, **more}))
    expected = {**settings, "text": TEXT, "model_id": "eleven_multilingual_v2"}
    assert server(studio).bodies == [expected]
    assert studio.server.asked[0].path.endswith("output_format=mp3_44100_192")


def test_markup_is_refused_rather_than_read_aloud(studio: Studio) -> None:
    error = studio.failed(text="<speak>Hi</speak>", ssml=True)
    assert type(error) is ProviderRefused and studio.server.asked == []


@pytest.mark.parametrize("value", ['"pcm_44100"', '"mp3_44100_128&x=1"', "7", "null"])
def test_a_sound_of_another_format_is_refused(studio: Studio, value: str) -> None:
    error = studio.failed(settings=f'{{"output_format": {value}}}')
    assert type(error) is ProviderRefused and "output_format" in error.reason
    assert studio.server.asked == []


@pytest.mark.parametrize("voice", ["Rachel", "rachel", " RACHEL ", RACHEL])
def test_a_stock_voice_needs_no_question(studio: Studio, voice: str) -> None:
    studio.speak(voice=voice)
    (asked,) = studio.server.asked
    assert RACHEL in asked.path


@pytest.mark.parametrize("voice", ["Our Narrator", "our narrator - calm, from leeds"])
def test_a_voice_of_the_account_is_found_by_its_name(studio: Studio, voice: str) -> None:
    spoken = studio.speak(voice=voice)
    listed, said = studio.server.asked
    assert (listed.method, listed.path) == ("GET", "/v1/voices")
    assert listed.headers["xi-api-key"] == server(studio).key
    assert CLONED in said.path
    assert spoken.characters == studio.server.characters == len(TEXT)


def test_a_name_that_nobody_has_is_refused_before_anything_is_paid(studio: Studio) -> None:
    error = studio.failed(voice="Our")
    assert type(error) is ProviderRefused
    assert error.reason == "the account has no voice of the name 'Our'"
    assert studio.server.characters == 0 and len(studio.server.asked) == 1


@pytest.mark.parametrize(
    ("listed", "kind"),
    [
        (giving(b"[]"), ProviderRefused),
        (giving(b'{"voices": {"name": "Our Narrator"}}'), ProviderRefused),
        (giving(b'{"voices": [1, null, {"name": 3}]}'), ProviderRefused),
        (
            giving(b'{"voices": [{"name": "Our Narrator", "voice_id": "../../x"}]}'),
            ProviderRefused,
        ),
        (giving(b"<html>"), ProviderLost),
        (speaking.half, ProviderBusy),
        (refusing(401, {"detail": {"message": "no right voices_read"}}), ProviderRefused),
    ],
)
def test_a_list_of_voices_that_is_none(
    studio: Studio, listed: speaking.Fault, kind: type[Exception]
) -> None:
    assert type(studio.failed(listed, voice="Our Narrator")) is kind
    assert len(studio.server.asked) == 1


def test_every_stock_voice_has_an_id_of_its_form() -> None:
    assert len(STOCK) > 40
    assert all(len(id) == 20 and id.isalnum() and name.isalpha() for name, id in STOCK.items())


def test_words_take_the_time_of_their_letters(studio: Studio) -> None:
    """50 ms for each character, spaces too; punctuation lengthens no word."""
    assert studio.speak(text=" Hé,  you 2!\n— ok").words == (
        Word("Hé,", 50, 150),
        Word("you", 300, 450),
        Word("2!", 500, 550),
        Word("—", 550, 750),
        Word("ok", 750, 850),
    )


def test_without_spaces_a_word_is_a_character(studio: Studio) -> None:
    words = studio.speak(text="「你好」iPhone，世界。").words
    assert words and [word.text for word in words] == ["「你", "好」", "iPhone，", "世", "界。"]
    words = studio.speak(text="สวัสดีโลก").words
    assert words and [word.text for word in words] == ["ส", "วั", "ส", "ดี", "โล", "ก"]


def test_times_may_be_of_the_text_without_its_outer_spaces(studio: Studio) -> None:
    server(studio).alignment = lambda text: aligned(text.strip())
    words = studio.speak(text="  two words ").words
    assert words == (Word("two", 0, 150), Word("words", 200, 450))


def without(name: str) -> Any:
    return lambda text: {key: value for key, value in aligned(text).items() if key != name}


def changed(name: str, value: Any) -> Any:
    return lambda text: {**aligned(text), name: value}


@pytest.mark.parametrize(
    "alignment",
    [
        lambda text: None,
        lambda text: [],
        lambda text: aligned("another text"),
        lambda text: aligned(""),
        without("characters"),
        without("character_end_times_seconds"),
        changed("characters", None),
        changed("characters", [1, {}]),
        changed("character_start_times_seconds", [1]),
        changed("character_start_times_seconds", ["x"] * len(TEXT)),
        changed("character_start_times_seconds", [9e9] * len(TEXT)),
        changed("character_start_times_seconds", [-1] * len(TEXT)),
        changed("character_end_times_seconds", [float("nan")] * len(TEXT)),
    ],
)
def test_a_sound_that_was_paid_is_kept_also_without_its_words(
    studio: Studio, alignment: Any
) -> None:
    server(studio).alignment = alignment
    spoken = studio.speak()
    assert spoken.words is None and spoken.characters == len(TEXT)
    assert studio.into.read_bytes() == speaking.tone("mp3")


@pytest.mark.parametrize(
    ("headers", "characters"),
    [
        ({"Character_Cost": "21"}, 21),
        ({"X_Character_Count": "22"}, 22),
        ({}, len(TEXT)),
        ({"Character_Cost": "many"}, len(TEXT)),
        ({"Character_Cost": "9" * 5000}, len(TEXT)),
    ],
)
def test_what_it_says_that_it_bills(
    studio: Studio, headers: dict[str, str], characters: int
) -> None:
    sound = base64.b64encode(speaking.tone("mp3")).decode()
    body = json.dumps({"audio_base64": sound, "alignment": aligned(TEXT)}).encode()
    studio.server.faults.append(giving(body, "application/json", **headers))
    assert studio.speak().characters == characters
