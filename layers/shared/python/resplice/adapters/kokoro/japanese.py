"""Japanese: its sounds as the model was taught them, from katakana as it is pronounced. Pure.

The alphabet: https://github.com/hexgrad/misaki, misaki/cutlet.py of its first releases, which
Kokoro-82M 1.0 was trained with: no accents, a long vowel is `ː`, the stop of ッ is `ʔ`, and ン is
like what follows, see https://en.wikipedia.org/wiki/N_(kana).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE = """
ア a イ i ウ ɯ エ e オ o カ ka キ kʲi ク kɯ ケ ke コ ko ガ ɡa ギ ɡʲi グ ɡɯ ゲ ɡe ゴ ɡo
サ sa シ ɕi ス sɨ セ se ソ so ザ ʣa ジ ʥi ズ zɨ ゼ ʣe ゾ ʣo
タ ta チ ʨi ツ ʦɨ テ te ト to ダ da ヂ ʥi ヅ zɨ デ de ド do
ナ na ニ ɲi ヌ nɯ ネ ne ノ no ハ ha ヒ çi フ ɸɯ ヘ he ホ ho
バ ba ビ bʲi ブ bɯ ベ be ボ bo パ pa ピ pʲi プ pɯ ペ pe ポ po
マ ma ミ mʲi ム mɯ メ me モ mo ヤ ja ユ jɯ ヨ jo ラ ɾa リ ɾʲi ル ɾɯ レ ɾe ロ ɾo
ワ βa ヰ i ヱ e ヲ o ヴ vɯ ヵ ka ヶ ke ヷ va ヸ vʲi ヹ ve ヺ vo
"""
_SOUNDS: dict[str, str] = dict(re.findall(r"(\S) (\S+)", _TABLE))
_SMALL = {
    **{"ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o", "ャ": "a", "ュ": "ɨ", "ョ": "o"},
    "ヮ": "a",
}
_WHOLE = {
    **{"イェ": "je", "ウァ": "βa", "ウィ": "βi", "ウェ": "βe", "ウォ": "βo"},
    **{"ヴュ": "bʲɨ", "ヴョ": "bʲo"},
}
_LIPS = ("ク", "グ")
_SOFT_ALREADY = "ʲɕʥʨɲç"
_SOFTENING = ("ィ", "ャ", "ュ", "ョ")
_LONG, _STOP, _NASAL = "ー", "ッ", "ン"
_NASALS = {
    **dict.fromkeys("mpb", "m"),
    **dict.fromkeys("kɡ", "ŋ"),
    **dict.fromkeys("ɲʨʥ", "ɲ"),
    **dict.fromkeys("ntdɾz", "n"),
}
_MORA = re.compile("[ァ-ヺー][ァィゥェォャュョヮ]?")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_E_ROW = "[エケゲセゼテデネヘベペメレェ]"
LONG_E = re.compile(f"(?<={_E_ROW})イ")
O_ROW = tuple("オコゴソゾトドノホボポモヨロョォ")
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *("エー", "ビー", "シー", "ディー", "イー", "エフ", "ジー", "エイチ", "アイ", "ジェー"),
            *("ケー", "エル", "エム", "エヌ", "オー", "ピー", "キュー", "アール", "エス", "ティー"),
            *("ユー", "ブイ", "ダブリュー", "エックス", "ワイ", "ゼット"),
        ),
        strict=True,
    )
)
"""What letters are called."""


def katakana(text: str) -> str:
    """Hiragana as katakana; all else as it is."""
    return text.translate(_TO_KATAKANA)


def sounds_of(kana: str) -> str:
    """`キョー` to `kʲoː`. What is no katakana is left out."""
    morae = [_mora(found[0]) for found in _MORA.finditer(kana)]
    return "".join(_joined(morae))


def _joined(morae: list[str]) -> Iterator[str]:
    for sounds, following in zip(morae, [*morae, ""][1:], strict=True):
        yield _NASALS.get(following[:1], "ɴ") if sounds == _NASAL else sounds


def _mora(kana: str) -> str:
    first, small = kana[0], kana[1:]
    if first in (_LONG, _STOP):
        return ("ː" if first == _LONG else "ʔ") + _SMALL.get(small, "")
    if first == _NASAL or first in _SMALL:
        return _NASAL if first == _NASAL else _SMALL[first] + _SMALL.get(small, "")
    if not small or kana in _WHOLE:
        return _WHOLE.get(kana) or _SOUNDS[first]
    consonant = _SOUNDS[first][:-1]
    if first in _LIPS and small in "ァィェォヮ":
        consonant += "ᵝ"
    elif small in _SOFTENING and consonant and consonant[-1] not in _SOFT_ALREADY:
        consonant += "ʲ"
    return consonant + _SMALL[small]
