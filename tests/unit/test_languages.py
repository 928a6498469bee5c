"""Languages: tags as they are written, and the code of a transcriber that each means."""

from __future__ import annotations

import pytest
from resplice.core.languages import DOCUMENTED, asked, canonical, known, language_of, named
from resplice.core.transcribing import CODES
from warned_lines import plain

REGIONS = (
    "en-GB",
    "en-US",
    "pt-BR",
    "pt-PT",
    "zh-CN",
    "zh-TW",
    "es-MX",
    "es-ES",
    "nb-NO",
    "fil-PH",
)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *(("en", "en"), ("EN-us", "en-US"), ("en_GB", "en-GB"), ("zh-hant", "zh-Hant")),
        *(("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("eng", "en"), ("iw", "he")),
        *(("auto", "auto"), ("AUTO", "auto"), ("cmn-CN", "zh-CN"), ("haw", "haw")),
    ],
)
def test_a_tag_is_written_in_one_way(tag: str, expected: str) -> None:
    assert canonical(tag) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize("text", ["", "e", "en-", "-en", "en US", "en\n", "日本", "e1", "a" * 9])
def test_what_is_no_tag_is_none(text: str) -> None:
    assert canonical(text) is None
    assert language_of(text) == ""
    assert known(text, REGIONS) is None


def test_the_language_of_a_tag() -> None:
    assert [language_of(tag) for tag in ("pt-BR", "EN_us", "por")] == ["pt", "en", "pt"]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *(("en-GB", "en-GB"), ("en", "en-US"), ("en-NZ", "en-US"), ("pt", "pt-PT")),
        *(("pt-BR", "pt-BR"), ("pt-AO", "pt-PT"), ("zh", "zh-CN"), ("zh-Hant", "zh-TW")),
        *(("es-419", "es-MX"), ("es", "es-ES"), ("no", "nb-NO"), ("nn", "nb-NO"), ("tl", "fil-PH")),
        *(("de", None), ("auto", None)),
    ],
)
def test_a_tag_means_a_code(tag: str, code: str | None) -> None:
    assert known(tag, REGIONS) == code


def test_codes_are_told_as_the_transcriber_writes_them() -> None:
    assert known("pt-BR", ("por", "eng")) == "por"
    assert known("zh-TW", ("zho",)) == "zho"
    assert known("nb", ("no",)) == "no"


def test_a_language_of_many_places_is_known_wherever_it_is_spoken() -> None:
    assert known("sw", ("sw-TZ", "sw-UG")) == "sw-TZ"


@pytest.mark.parametrize("provider", ["amazon-transcribe", "azure", "elevenlabs"])
def test_what_the_documentation_lists_is_known_to_the_services(provider: str) -> None:
    assert [
        tag for tag in DOCUMENTED if tag != "auto" and known(tag, CODES[provider]) is None
    ] == []


def test_what_is_not_known_is_found_out_with_a_warning() -> None:
    assert asked("en", REGIONS, "X") == ("en-US", ())
    assert asked("auto", REGIONS, "X") == (None, ())
    code, (warning,) = asked("tlh", REGIONS, "X")
    assert code is None
    assert plain(warning) == "X does not know the language 'tlh': it was to find out by itself"


def test_a_warning_shows_no_more_of_a_tag_than_can_be_shown() -> None:
    _, (warning,) = asked("\x1b[31m" + "a" * 5000, REGIONS, "X")
    assert warning.isprintable() and len(warning) < 200


@pytest.mark.parametrize(
    ("name", "tag"),
    [("english", "en"), ("Haitian Creole", "ht"), ("en", "en"), ("deu", "de"), ("", None)],
)
def test_a_language_by_its_name(name: str, tag: str | None) -> None:
    assert named(name) == tag
