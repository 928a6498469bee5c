"""How Chinese and Japanese become words and sounds, with the dictionaries that are installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.kokoro.japanese import katakana, sounds_of
from resplice.adapters.kokoro.japanese_numbers import number_of, spelt, value_of
from resplice.adapters.kokoro.pieces import Clause
from resplice.adapters.kokoro.sounds import READINGS
from resplice.adapters.kokoro.unspaced import Said, laid_out
from resplice.adapters.kokoro.voices import KokoroVoices

BUILT = Path(__file__).resolve().parents[2] / "layers/voices/built"


@pytest.fixture(scope="module")
def kokoro() -> Iterator[KokoroVoices]:
    library = EspeakLibrary(BUILT / "espeak")
    made = KokoroVoices(BUILT / "kokoro", library)
    yield made
    made.close()
    library.close()


def read(kokoro: KokoroVoices, text: str, language: str) -> tuple[list[str], list[Clause]]:
    return kokoro._clauses(text, READINGS[language])


@pytest.mark.parametrize(
    ("kana", "sounds"),
    [
        ("キョー", "kʲoː"),
        ("トーキョー", "toːkʲoː"),
        ("ガッコー", "ɡaʔkoː"),
        ("サンポ", "sampo"),
        ("サンカイ", "saŋkai"),
        ("コンニチワ", "koɲɲiʨiβa"),
        ("ホンダ", "honda"),
        ("ホン", "hoɴ"),
        ("センエン", "seɴeɴ"),
        ("シュジュツ", "ɕɨʥɨʦɨ"),
        ("ファミリー", "ɸamʲiɾʲiː"),
        ("ティッシュ", "tʲiʔɕɨ"),
        ("クォーツ", "kᵝoːʦɨ"),
        ("ヴァイオリン", "vaioɾʲiɴ"),
        ("ウェブ", "βebɯ"),
        ("シンガポール", "ɕiŋɡapoːɾɯ"),
        ("a?", ""),
    ],
)
def test_kana_become_sounds(kana: str, sounds: str) -> None:
    assert sounds_of(kana) == sounds


def test_the_model_knows_each_sound_of_any_kana() -> None:
    tokens = json.loads((BUILT / "kokoro/tokens.json").read_text())
    kana = [chr(code) for code in range(ord("ァ"), ord("ー") + 1)]
    pairs = (sounds_of(one + other) for one in kana for other in ["", *kana])
    assert {sound for sounds in pairs for sound in sounds} <= set(tokens)


def test_hiragana_are_katakana_too() -> None:
    assert katakana("ひらがなー、字") == "ヒラガナー、字"


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0", "ゼロ"),
        ("10", "ジュー"),
        ("1,000", "セン"),
        ("3300", "サンゼンサンビャク"),
        ("8,680", "ハッセンロッピャクハチジュー"),
        ("10000000", "イッセンマン"),
        ("100000001", "イチオクイチ"),
        ("1000000000000", "イッチョー"),
        ("3.14", "サンテンイチヨン"),
        ("10.5", "ジュッテンゴ"),
        ("007", "ゼロゼロナナ"),
        ("1" * 17, "イチ" * 17),
    ],
)
def test_numbers_are_spelt(digits: str, said: str) -> None:
    assert spelt(digits) == said


@pytest.mark.parametrize(
    ("digits", "counter", "reading", "said"),
    [
        ("1", "人", "ニン", "ヒトリ"),
        ("14", "人", "ニン", "ジューヨニン"),
        ("4", "月", "ガツ", "シガツ"),
        ("9", "時間", "ジカン", "クジカン"),
        ("20", "日", "ニチ", "ハツカ"),
        ("19", "日", "ニチ", "ジュークニチ"),
        ("3", "本", "ホン", "サンボン"),
        ("4", "本", "ホン", "ヨンホン"),
        ("10", "分", "フン", "ジュップン"),
        ("4", "分", "フン", "ヨンプン"),
        ("3", "階", "カイ", "サンガイ"),
        ("8", "階", "カイ", "ハッカイ"),
        ("1", "冊", "サツ", "イッサツ"),
        ("600", "円", "エン", "ロッピャクエン"),
        ("20", "%", "パーセント", "ニジュッパーセント"),
        ("1", "キロ", "キロ", "イチキロ"),
        ("6", "キロ", "キロ", "ロッキロ"),
        ("300", "回", "カイ", "サンビャッカイ"),
        ("3", "軒", "ケン", "サンゲン"),
        ("4", "泊", "ハク", "ヨンパク"),
    ],
)
def test_what_is_counted_changes_the_number(
    digits: str, counter: str, reading: str, said: str
) -> None:
    assert number_of(digits, counter, reading) == said


def test_ideographs_are_numbers() -> None:
    found = [value_of(each) for each in ("二十四", "二〇二六", "百", "三千五百万", "一億")]
    assert found == [24, 2026, 100, 35_000_000, 100_000_000]


@pytest.mark.parametrize(
    ("text", "words", "sounds"),
    [
        ("今日は良い天気ですね。", "今日は 良い 天気ですね。", "kʲoː βa joi teŋkʲi desɨ ne"),
        ("東京都に住んでいます。", "東京都に 住んでいます。", "toːkʲoː to ɲi sɨnde i masɨ"),
        ("2026年11月28日", "2026年 11月 28日", "ɲiseɲɲiʥɨːɾokɯneɴ ʥɨːiʨiɡaʦɨ ɲiʥɨːhaʨiɲiʨi"),
        ("一人で行きました", "一人で 行きました", "çitoɾʲi de ikʲi maɕi ta"),
        ("4月1日に二十歳", "4月 1日に 二十歳", "ɕiɡaʦɨ ʦɨitaʨi ɲi hataʨi"),
        ("学校へ行こう。", "学校へ 行こう。", "ɡaʔkoː e ikoː"),
        ("先生と言った", "先生と 言った", "seɴseː to iʔta"),
        ("ＮＨＫのTシャツ", "ＮＨＫの Tシャツ", "enɯeːʨikeː no tʲiːɕaʦɨ"),
        ("３階で¥2,500、10:30", "３階で ¥2,500、 10:30", None),
        ("ｱﾒﾘｶのﾊﾟﾝ", "ｱﾒﾘｶの ﾊﾟﾝ", "ameɾʲika no paɴ"),
        ("iPhone15を「買う」", "iPhone15を 「買う」", "ˈI fˈOn ʥɨːɡo o kaɯ"),
        ("090-1234", "090-1234", "ʣeɾokʲɨːʣeɾoiʨiɲisaɴjoɴ"),
        ("😀 龘", "😀 龘", ""),
    ],
)
def test_japanese_words(kokoro: KokoroVoices, text: str, words: str, sounds: str | None) -> None:
    found, clauses = read(kokoro, text, "j")
    assert found == words.split()
    assert sounds is None or " ".join(each.sounds for each in clauses) == sounds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("你好，世界！", "你好， 世界！"),
        ("今天的天气很好。", "今天的 天气 很 好。"),
        ("2026年11月28日，打25%折", "2026年 11月 28日， 打 25% 折"),
        ("我爱Python编程（真的）", "我 爱 Python 编程 （真的）"),
        ("“今天”3D打印", "“今天” 3D 打印"),
        ("龘。", "龘。"),
    ],
)
def test_chinese_words(kokoro: KokoroVoices, text: str, words: str) -> None:
    found, _ = read(kokoro, text, "z")
    assert "".join(found) == text
    assert found == words.split()


@pytest.mark.parametrize("language", ["j", "z"])
@pytest.mark.parametrize(
    "text", ["", "。。", "\x00\ud800", "（「", "今\x07日 ー々ゝ", "ﾞﾟッンー", "㈱１²⑤"]
)
def test_odd_texts_lose_nothing(kokoro: KokoroVoices, language: str, text: str) -> None:
    found, clauses = read(kokoro, text, language)
    assert "".join(found) == "".join(text.split())
    assert [place for each in clauses for place, _ in each.words] == list(range(len(found)))


def test_words_that_share_characters_are_one() -> None:
    words, clauses = laid_out("12", [Said(0, 2, "a"), Said(0, 2, "b"), Said(1, 2, "c")])
    assert (words, clauses[0].sounds) == (["12"], "a b c")
