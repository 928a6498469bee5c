"""How texts become sounds and words, before anything is computed of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.ssml import GLUE, BadSsml, Reader
from resplice.adapters.espeak.words import readable, timed, words_of
from resplice.adapters.kokoro.clauses import Word as ChineseWord
from resplice.adapters.kokoro.clauses import chinese_clauses, clauses
from resplice.adapters.kokoro.mandarin import sounds_of, spelt_parts
from resplice.adapters.kokoro.owners import owners
from resplice.adapters.kokoro.pieces import (
    FEW_TOKENS,
    MOST_TOKENS,
    Clause,
    Piece,
    mark_of,
    pieces,
)
from resplice.adapters.kokoro.sounds import READINGS, reading
from resplice.core.words import Word

BUILT = Path(__file__).resolve().parents[2] / "layers/voices/built"
TOKENS = {" ": 16, ".": 4, ",": 3} | {letter: 40 + at for at, letter in enumerate("abcdefgh")}


@pytest.fixture(scope="module")
def library() -> Iterator[EspeakLibrary]:
    made = EspeakLibrary(BUILT / "espeak")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sounds", "alone", "found"),
    [
        ("ʌv ðə kˈæt", ["ʌv", "ðə", "kˈæt"], "000111222 2"),
        ("ɪnðə kˈæt", ["ɪn", "ðˈə", "kˈæt"], "001112222"),
        ("twˈɛnti fˈaɪv", ["twˈɛnti fˈaɪv"], "0" * 13),
        ("ɐ kˈæt", ["ˈA", "", "kˈæt"], "002222"),
        ("", ["x"], ""),
        ("ab", [], "00"),
        ("ab", ["", ""], "00"),
    ],
)
def test_each_sound_has_its_word(sounds: str, alone: list[str], found: str) -> None:
    expected = [int(digit) for digit in found.replace(" ", "")]
    assert owners(sounds, alone) == expected


def test_a_clause_that_is_too_long_to_align_is_shared_out() -> None:
    found = owners("ab " * 2000, ["ab"] * 2000)
    assert found == sorted(found)
    assert set(found) == set(range(2000))


def clause(text: str, *words: str, first: int = 0) -> Clause:
    return Clause(text, " ".join(words), list(enumerate(words, first)))


def test_a_piece_is_whole_sentences() -> None:
    said = clause("abc abc.", *["abc"] * 10)
    made = pieces([said] * 4, TOKENS)
    assert len(made) == 2
    assert all(FEW_TOKENS <= len(each.tokens) <= MOST_TOKENS for each in made)
    assert sum(map(spaces_at_the_end, made)) == 0


def spaces_at_the_end(piece: Piece) -> int:
    return piece.tokens[-1] == TOKENS[" "]


def test_a_sentence_without_end_is_parted_between_words() -> None:
    words = ["abcdefgh"] * 200
    made = pieces([clause(" ".join(words), *words)], TOKENS)
    assert len(made) > 5
    assert all(len(each.tokens) <= MOST_TOKENS for each in made)
    said = [owner for each in made for owner in each.owners if owner is not None]
    assert said == [place for place in range(200) for _ in "abcdefgh"]


def test_a_word_without_end_is_parted_too() -> None:
    made = pieces([clause("a", "abcdefgh" * 200)], TOKENS)
    assert sum(len(each.tokens) for each in made) == 1600
    assert all(len(each.tokens) <= MOST_TOKENS for each in made)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("It ends. ", "."),
        ('"Really?" ', "?"),
        ("Mr. ", ""),
        ("(Dr. ", ""),
        ("Title\n\n", "."),
        ("open", ""),
        ("ठीक हूँ।", "."),
        ("你好，", ","),
        ("", ""),
    ],
)
def test_a_clause_ends_with_its_mark(text: str, mark: str) -> None:
    assert mark_of(Clause(text, "", ())) == mark


@pytest.mark.parametrize(
    ("voice", "language", "espeak"),
    [
        ("af_heart", "en-GB", "en-us"),
        ("bm_george", "en-US", "en-gb"),
        ("af_heart", "fr-FR", "fr-fr"),
        ("pf_dora", "", "pt-br"),
        ("jf_alpha", "ja-JP", "en-us"),
    ],
)
def test_a_voice_keeps_its_accent(voice: str, language: str, espeak: str) -> None:
    how = reading(voice, language)
    assert how and how.espeak == espeak


def test_english_sounds_are_the_models(library: EspeakLibrary) -> None:
    (found,) = clauses("The boy may go now, my child.", READINGS["a"], library)[:1]
    assert found.sounds == "ðə bˈY mˈA ɡˌO nˈW"
    assert [sounds for _, sounds in found.words] == ["ðə", "bˈY", "mˈA", "ɡˈO", "nˈW"]


def test_clauses_have_all_words_in_order(library: EspeakLibrary) -> None:
    text = "Les enfants, n'est-ce pas ? « Bien sûr » dit-il. Voilà"
    made = clauses(text, READINGS["f"], library)
    assert "".join(each.text for each in made) == text
    places = [place for each in made for place, _ in each.words]
    assert places == list(range(len(text.split())))


def test_a_language_that_is_switched_leaves_no_trace(library: EspeakLibrary) -> None:
    for found in clauses("Le week-end et 日本.", READINGS["f"], library):
        assert not set("()^-") & set(found.sounds)


@pytest.mark.parametrize(
    ("syllable", "sounds"),
    [
        ("ni3", "ni↓"),
        ("hao3", "xau↓"),
        ("zhuang1", "ꭧwa→ŋ"),
        ("shi4", "ʂɨ↘"),
        ("ci2", "ʦʰɨ↗"),
        ("xue2", "ɕɥe↗"),
        ("yuan2", "ɥɛ↗n"),
        ("yong4", "jʊ↘ŋ"),
        ("you3", "jou↓"),
        ("wei4", "wei↘"),
        ("lv4", "ly↘"),
        ("le5", "lɤ"),
        ("er4", "ɚ↘"),
        ("OK", ""),
        ("", ""),
    ],
)
def test_syllables_have_the_sounds_of_the_model(syllable: str, sounds: str) -> None:
    assert sounds_of(syllable) == sounds


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("25", "二十五"),
        ("10", "十"),
        ("0", "零"),
        ("10010", "一万零一十"),
        ("1,000", "一千"),
        ("100000000", "一亿"),
        ("3.5%", "百分之三点五"),
        ("2024年", "二零二四年"),
        ("007", "零零七"),
        ("9" * 20, "九" * 20),
    ],
)
def test_numbers_are_spelt_in_characters(text: str, spelt: str) -> None:
    assert "".join(read for _, _, read in spelt_parts(text)) == spelt


def test_chinese_is_read_by_clauses_and_words(library: EspeakLibrary) -> None:
    def pinyin(texts: object) -> list[list[ChineseWord]]:
        assert texts == ["你好", "好"]
        return [[("你好", ["ni3", "hao3"])], [("好", ["hao3"])]]

    words, made = chinese_clauses("你好，好 OK。", READINGS["z"], library, pinyin)
    assert words == ["你好，", "好", "OK。"]
    assert [each.words for each in made] == [
        [(0, "ni↓xau↓")],
        [(1, "xau↓"), (2, "ˌOkˈA")],
    ]
    assert [mark_of(each) for each in made] == [",", "."]


def test_ssml_is_written_anew_in_places_that_are_known() -> None:
    read = Reader('<speak>a <voice name="x">b&amp;c</voice><break time=".5s" foo="1"/> d</speak>')
    assert read.document == '<speak>a b&amp;c<break time="500ms"> </break> d</speak>'.replace(
        "> </break>", "></break>"
    )
    assert len(read.shown) == len(read.document)
    words = [word.replace(GLUE, "") for _, _, word in words_of(read.shown)]
    assert words == ["a", "b&c", "d"]


def test_ssml_with_entities_of_its_own_is_refused() -> None:
    with pytest.raises(BadSsml, match="document type"):
        Reader('<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>')


def test_what_a_text_says_of_its_encoding_is_not_asked_of_it() -> None:
    for encoding in ("utf-7", "big5", "hex", "utf-16", "nobodys"):
        read = Reader(f"<?xml version='1.0' encoding='{encoding}'?><speak>é</speak>")
        assert read.document == "<speak>é</speak>"


def test_what_is_readable_is_as_long() -> None:
    text = "a\x00b\ud800\n😀"
    assert readable(text) == "a b?\n😀"
    assert len(readable(text)) == len(text)


def test_words_never_overlap_nor_leave_the_sound() -> None:
    said = {0: (0.0, 120.0), 2: (100.0, 5000.0)}
    assert timed(["a", "—", "b", "!"], said, 1000) == (
        Word("a", 0, 120),
        Word("—", 120, 120),
        Word("b", 120, 1000),
        Word("!", 1000, 1000),
    )
