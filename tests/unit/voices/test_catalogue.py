"""The lists of voices: what is in them, and that a name finds the right one."""

from __future__ import annotations

from collections import Counter

import pytest
from resplice.core.providers import PROVIDERS
from resplice.core.voices.catalogue import PROVIDERS_OF_VOICES, by_name, elevenlabs, of_provider
from resplice.core.voices.catalogue.voice import listed
from resplice.core.voices.language_tags import language_of


def test_every_provider_of_voices_has_a_list() -> None:
    speaking = {name for name, kind in PROVIDERS.items() if "voices" in kind.services}
    assert set(PROVIDERS_OF_VOICES) == speaking
    assert of_provider("replicate") == ()


@pytest.mark.parametrize(
    ("provider", "least", "languages"),
    [("azure", 550, 80), ("polly", 110, 25), ("kokoro", 54, 8), ("elevenlabs", 50, 1)],
)
def test_the_lists_are_long(provider: str, least: int, languages: int) -> None:
    voices = of_provider(provider)
    assert len(voices) >= least
    assert len({language_of(voice.language) for voice in voices}) >= languages


def test_kokoro_has_just_its_voices() -> None:
    assert len(of_provider("kokoro")) == 54
    assert of_provider("kokoro")[0].id == "af_heart"


@pytest.mark.parametrize("provider", PROVIDERS_OF_VOICES)
def test_no_voice_is_there_twice(provider: str) -> None:
    counted = Counter(voice.id.lower() for voice in of_provider(provider))
    assert [id for id, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("provider", PROVIDERS_OF_VOICES)
def test_every_voice_is_found_by_its_id(provider: str) -> None:
    assert all(by_name(provider)[voice.id.lower()] == voice for voice in of_provider(provider))


def test_azure_has_a_woman_and_a_man_in_nearly_every_language() -> None:
    sexes: dict[str, set[str | None]] = {}
    for voice in of_provider("azure"):
        sexes.setdefault(language_of(voice.language), set()).add(voice.sex)
    assert [each for each, found in sexes.items() if not found >= {"female", "male"}] == []


@pytest.mark.parametrize(
    ("provider", "name", "id", "sex", "model"),
    [
        ("azure", "aria", "en-US-AriaNeural", "female", ""),
        ("azure", "en-gb-libbyneural", "en-GB-LibbyNeural", "female", ""),
        ("azure", "en-us-brianmultilingualneural", "en-US-BrianMultilingualNeural", "male", ""),
        ("azure", "iu-latn-ca-taqqiqneural", "iu-Latn-CA-TaqqiqNeural", "male", ""),
        ("azure", "zh-cn-liaoning-xiaobeineural", "zh-CN-liaoning-XiaobeiNeural", "female", ""),
        ("azure", "en-us-blueneural", "en-US-BlueNeural", None, ""),
        ("polly", "joanna", "Joanna", "female", "neural"),
        ("polly", "geraint", "Geraint", "male", "standard"),
        ("polly", "tiffany", "Tiffany", "female", "generative"),
        ("elevenlabs", "rachel", "21m00Tcm4TlvDq8ikWAM", "female", ""),
        ("elevenlabs", "onwk4e9zlutakqww03f9", "onwK4e9ZLuTAKqWW03F9", "male", ""),
        ("kokoro", "af_heart", "af_heart", "female", ""),
        ("espeak", "en-us+f3", "en-us+f3", "female", ""),
    ],
)
def test_names_and_ids_find_their_voice(
    provider: str, name: str, id: str, sex: str | None, model: str
) -> None:
    voice = by_name(provider)[name]
    assert (voice.id, voice.sex, voice.model) == (id, sex, model)


def test_voices_of_kokoro_have_names_that_others_are_called_by() -> None:
    assert "daniel" not in by_name("kokoro")
    assert by_name("elevenlabs")["daniel"].language == "en-GB"


def test_ids_of_elevenlabs_have_20_letters_and_figures() -> None:
    assert all(len(v.id) == 20 and v.id.isalnum() for v in of_provider("elevenlabs"))


def test_the_models_of_elevenlabs_speak_more_and_more() -> None:
    v2 = elevenlabs.LANGUAGES[elevenlabs.MULTILINGUAL]
    flash = elevenlabs.LANGUAGES[elevenlabs.FLASH]
    assert v2 is not None
    assert flash is not None
    assert (len(v2), len(flash)) == (29, 32)
    assert v2 < flash


def test_a_list_goes_on_with_an_indented_line() -> None:
    read = list(listed("\nen-US: Ann Bea /\n  Cid / Dot\nfr-FR: / Eve\n"))
    assert read == [
        ("en-US", "female", "Ann"),
        ("en-US", "female", "Bea"),
        ("en-US", "male", "Cid"),
        ("en-US", None, "Dot"),
        ("fr-FR", "male", "Eve"),
    ]
