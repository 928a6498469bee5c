"""Who says a text: the voice that was asked for, else the nearest, always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.providers import Access
from resplice.core.voices.catalogue import by_name
from resplice.core.voices.choose import MODELS, Chosen, Refusal, choose

KOKORO, ESPEAK, POLLY = Access("kokoro", build="1"), Access("espeak"), Access("polly")
AZURE = Access("azure", "my-azure", (("region", "westeurope"),))
ELEVENLABS = Access("elevenlabs", "my-elevenlabs")
HERE = (KOKORO, ESPEAK)


def chosen(
    voice: str | None,
    text: str = "123",
    accesses: tuple[Access, ...] = HERE,
    model: str | None = None,
    named: Access | None = None,
) -> Chosen:
    found = choose(voice, model, text, accesses, named)
    assert isinstance(found, Chosen), found
    return found


@pytest.mark.parametrize(
    ("voice", "access", "own", "model", "language"),
    [
        ("en-US-AriaNeural", AZURE, "en-US-AriaNeural", "", "en-US"),
        ("en-us-arianeural ", AZURE, "en-US-AriaNeural", "", "en-US"),
        ("en-US-Aria:DragonHDLatestNeural", AZURE, None, "neural-hd", "en-US"),
        ("de-DE-NewcomerNeural", AZURE, "de-DE-NewcomerNeural", "", "de-DE"),
        ("Rachel", ELEVENLABS, "21m00Tcm4TlvDq8ikWAM", "eleven_multilingual_v2", "en-US"),
        ("aBcD1234aBcD1234aBcD", ELEVENLABS, None, "eleven_multilingual_v2", "en-US"),
        ("joanna", POLLY, "Joanna", "neural", "en-US"),
        ("Zhiyu", POLLY, "Zhiyu", "neural", "zh-CN"),
        ("Geraint", POLLY, "Geraint", "standard", "en-GB"),
        ("AF_Heart", KOKORO, "af_heart", "", "en-US"),
        ("de+m3", ESPEAK, "de+m3", "", "de"),
    ],
)
def test_the_voice_itself_speaks_where_it_is_offered(
    voice: str, access: Access, own: str | None, model: str, language: str
) -> None:
    everybody = (KOKORO, ESPEAK, POLLY, AZURE, ELEVENLABS)
    expected = Chosen(access, own or voice.strip(), model, language)
    assert chosen(voice, accesses=everybody) == expected


@pytest.mark.parametrize(
    ("voice", "text", "accesses", "provider", "language", "sex"),
    [
        ("en-US-AriaNeural", "Hi", HERE, "kokoro", "en-US", "female"),
        ("en-US-GuyNeural", "Hi", HERE, "kokoro", "en-US", "male"),
        ("en-GB-LibbyNeural", "Hi", HERE, "kokoro", "en-GB", "female"),
        ("en-NG-AbeoNeural", "Hi", HERE, "kokoro", "en-GB", "male"),
        ("en-CA-LiamNeural", "Hi", HERE, "kokoro", "en-US", "male"),
        ("es-AR-TomasNeural", "Hola", HERE, "kokoro", "es-ES", "male"),
        ("es-AR-TomasNeural", "Hola", (POLLY,), "polly", "es-MX", "male"),
        ("fr-FR-HenriNeural", "Oui", HERE, "kokoro", "fr-FR", "female"),
        ("ru-RU-DmitryNeural", "Да", HERE, "espeak", "ru", "male"),
        ("zh-HK-HiuMaanNeural", "你好", HERE, "espeak", "yue-HK", "female"),
        ("zh-TW-YunJheNeural", "你好", HERE, "kokoro", "zh-CN", "male"),
        ("ja-JP-NanamiNeural", "今日は", HERE, "kokoro", "ja-JP", "female"),
        ("ja-JP-KeitaNeural", "今日は", HERE, "kokoro", "ja-JP", "male"),
        ("en-US-Wavenet-D", "Hi", HERE, "kokoro", "en-US", "male"),
        ("Daniel", "Hi", HERE, "kokoro", "en-GB", "male"),
        ("Hans", "Ja", HERE, "espeak", "de", "male"),
        ("bf_emma", "Hi", (AZURE,), "azure", "en-GB", "female"),
        ("nb-NO-FinnNeural", "Ja", HERE, "espeak", "nb-NO", "male"),
    ],
)
def test_else_one_of_the_language_then_the_accent_then_the_sex(
    voice: str, text: str, accesses: tuple[Access, ...], provider: str, language: str, sex: str
) -> None:
    found = chosen(voice, text, accesses)
    assert (found.access.provider, found.language, found.exact) == (provider, language, False)
    assert by_name(provider)[found.voice.lower()].sex == sex
    assert voice in (found.warning or "")


def test_the_warning_names_both() -> None:
    found = chosen("fr-FR-DeniseNeural", "Oui")
    assert found.warning == (
        "The voice 'fr-FR-DeniseNeural' of Azure Speech is not set up: "
        "'Siwis' of Kokoro speaks instead."
    )


def test_an_unknown_name_gets_a_voice_and_a_warning() -> None:
    found = chosen("my narrator", "Das ist nicht gut und es ist wahr", (POLLY,))
    assert (found.language, found.exact) == ("de-DE", False)
    assert (found.warning or "").startswith("The voice 'my narrator' is not known: ")


def test_the_same_name_has_always_the_same_voice() -> None:
    names = [f"narrator {number}" for number in range(40)]
    voices = [chosen(name).voice for name in names]
    assert voices == [chosen(f" {name.upper()}").voice for name in names]
    assert len(set(voices)) == 5


def test_children_and_worse_voices_stand_in_for_nobody() -> None:
    voices = {chosen(f"name {number}", "Hi", (POLLY,)).voice for number in range(60)}
    assert voices == {"Joanna", "Ruth", "Danielle", "Salli", "Kendra"}
    men = ["Ryan", "Ollie", "Alfie", "Elliot", "Ethan", "Noah", "Oliver", "Thomas"]
    assert {chosen(f"en-GB-{man}Neural", "Hi").voice for man in men} <= {"bm_george", "bm_fable"}


@pytest.mark.parametrize("voice", [None, "", "  \n"])
@pytest.mark.parametrize(
    ("text", "accesses", "own", "language"),
    [
        ("123", HERE, "af_heart", "en-US"),
        ("Hello world", HERE, "af_heart", "en-US"),
        ("Das ist nicht gut", HERE, "de+f3", "de"),
        ("こんにちは", HERE, "jf_alpha", "ja-JP"),
        ("Das ist nicht gut", (POLLY,), "Vicki", "de-DE"),
        ("<speak>Hola, ¿cómo estás?</speak>", HERE, "ef_dora", "es-ES"),
        ("Hello", (AZURE,), "en-US-AvaMultilingualNeural", "en-US"),
        ("สวัสดี", (POLLY, ESPEAK), "th+f3", "th"),
    ],
)
def test_without_a_voice_the_language_of_the_text_decides(
    voice: str | None, text: str, accesses: tuple[Access, ...], own: str, language: str
) -> None:
    found = chosen(voice, text, accesses)
    assert (found.voice, found.language) == (own, language)
    assert (found.warning, found.exact) == (None, True)


@pytest.mark.parametrize(
    ("model", "provider", "own"),
    [
        ("azure", "azure", ""),
        ("elevenlabs", "elevenlabs", "eleven_multilingual_v2"),
        ("elevenlabs-v2", "elevenlabs", "eleven_multilingual_v2"),
        ("ElevenLabs-V3", "elevenlabs", "eleven_v3"),
        ("elevenlabs-flash-v2-5", "elevenlabs", "eleven_flash_v2_5"),
        ("kokoro", "kokoro", ""),
        ("espeak", "espeak", ""),
        ("polly", "polly", "neural"),
    ],
)
def test_a_model_is_a_provider(model: str, provider: str, own: str) -> None:
    found = chosen(None, "Hi", (ESPEAK, AZURE, POLLY, ELEVENLABS, KOKORO), model)
    assert (found.access.provider, found.model, found.warning) == (provider, own, None)


def test_an_unknown_model_is_refused_with_those_that_are_known() -> None:
    refused = choose("Rachel", "gpt\x00-voice", "Hi", HERE, None)
    assert isinstance(refused, Refusal)
    assert "Unknown model 'gpt?-voice'" in refused.words
    assert all(model in refused.words for model in MODELS)


def test_a_model_that_is_not_set_up_is_said() -> None:
    found = chosen(None, "Hi", HERE, "elevenlabs-v3")
    assert found.warning == "ElevenLabs is not set up: 'Heart' of Kokoro speaks instead."
    assert not found.exact


def test_the_provider_of_the_model_stands_in_first() -> None:
    found = chosen("en-US-GuyNeural", "Hi", (KOKORO, ELEVENLABS), "elevenlabs-v3")
    assert (found.access, found.model) == (ELEVENLABS, "eleven_v3")


def test_a_voice_goes_before_a_model_of_somebody_else() -> None:
    found = chosen("en-US-GuyNeural", "Hi", (AZURE, ELEVENLABS), "elevenlabs")
    assert (found.voice, found.exact) == ("en-US-GuyNeural", True)
    assert found.warning == (
        "The model is ElevenLabs's, but the voice 'en-US-GuyNeural' is Azure Speech's, who says it."
    )


@pytest.mark.parametrize(
    ("voice", "text", "language"),
    [
        ("en-US-AvaMultilingualNeural", "Bonjour, ceci est une phrase pour vous", "fr-FR"),
        ("en-GB-OllieMultilingualNeural", "This is the text of it", "en-GB"),
        ("en-US-AvaMultilingualNeural", "123", "en-US"),
        ("en-US-AriaNeural", "Bonjour, ceci est une phrase pour vous", "en-US"),
        ("en-US-Ava:DragonHDLatestNeural", "Das ist nicht gut", "de-DE"),
    ],
)
def test_a_multilingual_voice_speaks_the_language_of_the_text(
    voice: str, text: str, language: str
) -> None:
    assert chosen(voice, text, (AZURE,)).language == language


def test_elevenlabs_speaks_every_language_with_the_model_that_knows_it() -> None:
    for text, language, model in [
        ("Привет", "ru-RU", "eleven_multilingual_v2"),
        ("xin chào việt nam", "vi-VN", "eleven_flash_v2_5"),
        ("ສະບາຍດີ", "lo", "eleven_v3"),
    ]:
        found = chosen("Rachel", text, (ELEVENLABS,))
        assert (found.language, found.model, found.exact) == (language, model, True)
    asked = chosen("Rachel", "ສະບາຍດີ", (ELEVENLABS,), "elevenlabs-v2")
    assert asked.model == "eleven_multilingual_v2"


def test_a_named_connection_alone_is_asked() -> None:
    found = chosen("en-US-AriaNeural", "Hi", (AZURE, KOKORO), named=ELEVENLABS)
    assert (found.access, found.exact) == (ELEVENLABS, False)
    refused = choose(None, None, "Hi", HERE, Access("replicate", "mine"))
    assert refused == Refusal("The connection 'mine' is to Replicate, which has no voices.")


def test_a_shared_name_is_that_of_who_is_offered() -> None:
    assert chosen("Brian", "Hi", (POLLY,)).voice == "Brian"
    assert chosen("Brian", "Hi", (AZURE,), "azure").voice == "en-US-BrianMultilingualNeural"
    assert chosen("Brian", "Hi", (), named=AZURE).voice == "en-US-BrianMultilingualNeural"
    assert "of ElevenLabs is not set up" in (chosen("Brian", "Hi", (AZURE,)).warning or "")
    assert chosen("Brian", "Hi", (KOKORO, POLLY, ELEVENLABS), "elevenlabs").access == ELEVENLABS


def test_a_language_that_nobody_speaks_is_refused() -> None:
    refused = choose("lo-LA-KeomanyNeural", None, "ສະບາຍດີ", HERE)
    assert refused == Refusal(
        "No voice that is set up speaks lo-LA: add a connection to a provider that does."
    )
    assert isinstance(choose(None, None, "Hi", ()), Refusal)


def test_the_language_of_the_text_saves_a_voice_of_one_that_nobody_speaks() -> None:
    found = chosen("lo-LA-KeomanyNeural", "This is the text of it")
    assert (found.access, found.language) == (KOKORO, "en-US")


@pytest.mark.parametrize("voice", ["x" * 10_000, "\x00\x07", "\u202eעברית", "👩‍🎤", "\ud800", "'"])
def test_strange_names_get_a_voice_and_a_readable_warning(voice: str) -> None:
    found = chosen(voice)
    assert found.access == KOKORO
    assert found.warning is not None
    assert len(found.warning) < 300
    assert found.warning.isprintable()


@given(
    st.one_of(st.none(), st.text(max_size=30)),
    st.text(max_size=60),
    st.lists(st.sampled_from([KOKORO, ESPEAK, POLLY, AZURE, ELEVENLABS])).map(tuple),
    st.sampled_from([None, "", *MODELS]),
)
def test_whatever_is_asked_there_is_an_answer(
    voice: str | None, text: str, accesses: tuple[Access, ...], model: str | None
) -> None:
    found = choose(voice, model, text, accesses)
    assert found == choose(voice, model, text, accesses)
    if isinstance(found, Chosen):
        assert found.access in accesses
        assert found.voice
        assert found.language
        assert found.exact or found.warning


@pytest.mark.parametrize(
    ("language", "provider"), [("de", "espeak"), ("pt-BR", "kokoro"), ("EN", "kokoro")]
)
def test_a_language_asks_for_no_voice_in_particular(language: str, provider: str) -> None:
    found = chosen(language)
    assert found.access.provider == provider and found.exact and found.warning is None


def test_a_voice_that_speaks_what_is_not_its_language_is_told_of() -> None:
    found = chosen("af_heart", "Привет, как дела?")
    assert found.access == KOKORO and found.exact and "seems to be in ru" in (found.warning or "")
    assert chosen("af_heart", "How are you?").warning is None
