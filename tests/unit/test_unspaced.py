"""Words of scripts without spaces: beside each other, and in pieces that a row can end behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.unspaced import LONGEST_PIECE, parted, pieces, spaced, unspaced


@pytest.mark.parametrize(
    ("before", "after", "space"),
    [
        ("Hello", "world", True),
        ("字幕", "です", False),
        ("字幕", "OK", True),
        ("OK", "字幕", True),
        ("2026年", "11月", False),
        ("20%", "オフ", False),
        ("“今天”", "的", False),
        ("好……", "真", False),
        ("“Hello”", "world", True),
        ("20%", "off", True),
        ("—", "字", True),
        ("แมว", "กิน", False),
        ("ราคา", "100", True),
        ("안녕", "하세요", True),
        ("مرحبا", "بكم", True),
    ],
)
def test_a_space_belongs_between_words_but_not_in_scripts_without_spaces(
    before: str, after: str, space: bool
) -> None:
    assert spaced(before, after) is space


def test_scripts_without_spaces() -> None:
    assert [unspaced(text) for text in ("字", "แมว", "한국어", "cat", "cat字")] == [
        *(True, True, False, False, True)
    ]


def test_a_word_ends_within_a_script_without_spaces_alone() -> None:
    assert parted("字", "幕") and parted("“字”", "幕") and parted("OK", "字") and parted("年", "11")
    assert not parted("iPhone", "15") and not parted("3", "D")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, world! v2.0 Node.js", "Hello, world! v2.0 Node.js"),
        ("今日は良い天気ですね。東京都に住む", "今日は 良い 天気ですね。 東京都に 住む"),
        ("2026年11月28日、Tシャツと", "2026年 11月 28日、 Tシャツと"),
        ("「そうですか」と（彼女は）言った……", "「そうですか」 と （彼女は） 言った……"),
        ("インターネットでコーヒーを", "インター ネットで コーヒーを"),
        ("欢迎来到频道，“真的”吗", "欢迎来到频道， “真的” 吗"),
        ("欢迎来到我们的频道", "欢迎来到 我们的频道"),
        ("OK欢迎", "OK 欢迎"),
        ("แมวกินปลา", "แมวกินปลา"),
        ("안녕하세요 여러분", "안녕하세요 여러분"),
        ("。。。 \n", "。。。"),
        ("", ""),
    ],
)
def test_a_text_in_pieces(text: str, found: str) -> None:
    assert pieces(text) == found.split()


@given(st.text(st.sampled_from("字幕的ひらがカタナー々、。「」（）aB1 2%“”…"), max_size=60))
def test_nothing_is_lost_and_no_piece_is_long(text: str) -> None:
    found = pieces(text)
    assert "".join(found) == "".join(text.split())
    for piece in found:
        letters = [letter for letter in piece if letter.isalnum()]
        own = [letter for letter in letters if not letter.isascii()]
        assert piece and (len(own) < len(letters) or len(letters) <= LONGEST_PIECE + 2)
