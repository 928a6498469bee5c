"""Who is asked to transcribe, by language and model."""

from __future__ import annotations

import pytest
from resplice.core.languages import DOCUMENTED, canonical, known
from resplice.core.providers import PROVIDERS, Access, does
from resplice.core.transcribing import CODES, WITH_WHISPER, Listener, knows, listener

SPHINX, AZURE, OPENAI = Access("pocketsphinx"), Access("azure", "a"), Access("openai", "o")


def test_every_transcriber_has_its_languages() -> None:
    assert CODES.keys() == {name for name in PROVIDERS if does(name, "transcribers")}
    assert CODES.keys() >= WITH_WHISPER
    for codes in CODES.values():
        assert len(set(codes)) == len(codes)
        assert all(canonical(code) and known(code, codes) == code for code in codes)


@pytest.mark.parametrize("provider", CODES)
def test_all_take_auto_and_english_and_no_language_that_nobody_speaks(provider: str) -> None:
    assert all(knows(provider, tag, "default") for tag in ("auto", "AUTO", "en", "en-GB", "EN_us"))
    assert not any(knows(provider, tag, "default") for tag in ("", "xx", "tlh", "deutsch!", "日本"))
    assert not knows(provider, "en", "base")
    assert knows(provider, "en", "whisper") == (provider in WITH_WHISPER)


def test_one_that_knows_english_only_says_so() -> None:
    assert [tag for tag in DOCUMENTED if knows("pocketsphinx", tag, "default")] == [
        *("auto", "en", "en-AU", "en-GB", "en-NZ", "en-IN", "en-US")
    ]


def test_the_first_that_knows_the_language_listens() -> None:
    assert listener("en", "default", (SPHINX, AZURE)) == Listener(SPHINX, "default")
    assert listener("auto", "default", (SPHINX, AZURE)) == Listener(SPHINX, "default")
    assert listener("de-CH", "default", (SPHINX, AZURE)) == Listener(AZURE, "default")
    assert listener("gu", "default", (OPENAI, AZURE)) == Listener(AZURE, "default")
    assert listener("tlh", "default", (SPHINX, AZURE)) is None
    assert listener("en", "default", ()) is None


def test_who_has_the_model_listens_before_all_that_have_not() -> None:
    assert listener("en", "whisper", (AZURE, OPENAI)) == Listener(OPENAI, "whisper")
    assert listener("en", "whisper", (SPHINX, AZURE)) == Listener(SPHINX, "default")
    assert listener("gu", "whisper", (OPENAI, AZURE)) == Listener(AZURE, "default")
    assert listener("tlh", "whisper", (OPENAI, AZURE)) is None
