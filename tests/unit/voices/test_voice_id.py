"""Names of voices: whose they are and what they say, in every form and case."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.voices.voice_id import Wanted, understood


@pytest.mark.parametrize(
    ("name", "provider", "own", "language", "sex"),
    [
        ("en-US-AriaNeural", "azure", "en-US-AriaNeural", "en-US", "female"),
        ("en-us-arianeural", "azure", "en-US-AriaNeural", "en-US", "female"),
        ("en-GB-Ryan", "azure", "en-GB-RyanNeural", "en-GB", "male"),
        ("pt-BR-ThalitaMultilingualNeural", "azure", None, "pt-BR", "female"),
        ("zh-CN-liaoning-XiaobeiNeural", "azure", None, "zh-CN-liaoning", "female"),
        ("iu-Latn-CA-SiqiniqNeural", "azure", None, "iu-Latn-CA", "female"),
        ("en-US-Aria:DragonHDLatestNeural", "azure", None, "en-US", "female"),
        ("en-US-Andrew2:DragonHDLatestNeural", "azure", None, "en-US", "male"),
        ("de-DE-NobodyNeural", "azure", None, "de-DE", None),
        (
            "Microsoft Server Speech Text to Speech Voice (en-US, JennyNeural)",
            *("azure", "en-US-JennyNeural", "en-US", "female"),
        ),
        ("Rachel ", "elevenlabs", "21m00Tcm4TlvDq8ikWAM", "en-US", "female"),
        ("rachel", "elevenlabs", "21m00Tcm4TlvDq8ikWAM", "en-US", "female"),
        ("onwK4e9ZLuTAKqWW03F9", "elevenlabs", None, "en-GB", "male"),
        ("aBcD1234aBcD1234aBcD", "elevenlabs", None, None, None),
        ("Joanna", "polly", "Joanna", "en-US", "female"),
        ("HANS", "polly", "Hans", "de-DE", "male"),
        ("Hyunduk", "polly", "Hyunduk", None, None),
        ("af_heart", "kokoro", "af_heart", "en-US", "female"),
        ("BM_George", "kokoro", "bm_george", "en-GB", "male"),
        ("de+m3", "espeak", "de+m3", "de", "male"),
        ("en-US-Wavenet-D", None, None, "en-US", "male"),
        ("en-US-Neural2-F", None, None, "en-US", "female"),
        ("fr-FR-Standard-B", None, None, "fr-FR", "male"),
        ("de-DE-Chirp3-HD-Aoede", None, None, "de-DE", "female"),
        ("de-DE-Chirp3-HD-Charon", None, None, "de-DE", "male"),
        ("en-US", None, None, "en-US", None),
        ("es", None, None, "es", None),
    ],
)
def test_a_name_says_whose_it_is_and_how_it_speaks(
    name: str, provider: str | None, own: str | None, language: str | None, sex: str | None
) -> None:
    wanted = understood(name)
    assert (wanted.provider, wanted.language, wanted.sex) == (provider, language, sex)
    assert wanted.name == (own or name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", "my narrator", "Internationalization", "INTERNATIONALIZATIONS"[:20]),
        *(
            "x" * 10_000,
            "a-" * 5_000,
            f"en-US-{'a' * 200}Neural",
            "Joanna\x00",
            "\u202eanna",
            "👩‍🎤",
            "en_US",
            "q",
        ),
    ],
)
def test_other_names_say_nothing(name: str) -> None:
    assert understood(name) == Wanted(None, name.strip())


@pytest.mark.parametrize(
    ("prefer", "own"),
    [
        ((), "nPczCjzI2devNBz1zQrb"),
        (("polly",), "Brian"),
        (("azure", "polly"), "en-US-BrianMultilingualNeural"),
        (("kokoro", "polly"), "Brian"),
    ],
)
def test_whose_a_shared_name_is_depends_on_who_is_preferred(
    prefer: tuple[str, ...], own: str
) -> None:
    assert understood("Brian", prefer).name == own


@pytest.mark.parametrize(
    ("name", "polyglot"),
    [
        ("en-US-AvaMultilingualNeural", True),
        ("en-US-NewcomerMultilingualNeural", True),
        ("en-US-Ava:DragonHDLatestNeural", True),
        ("en-US-AvaNeural", False),
        ("Rachel", True),
        ("Joanna", False),
    ],
)
def test_some_speak_the_language_of_the_text(name: str, polyglot: bool) -> None:
    assert understood(name).polyglot is polyglot


@given(st.text(max_size=200))
def test_no_name_is_too_strange(name: str) -> None:
    assert isinstance(understood(name).name, str)


def test_a_long_name_takes_no_time() -> None:
    began = time.monotonic()
    for name in ("a" * 1_000_000, "en-US-" + "a-" * 50_000, "-" * 119, "a-" * 59):
        understood(name)
    assert time.monotonic() - began < 5
