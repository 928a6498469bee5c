"""Japanese numbers in katakana, as they are said: 2026 is ニセンニジューロク. Pure.

What is counted changes the number, and is changed by it: https://en.wikipedia.org/wiki/Japanese_numerals
and https://en.wikipedia.org/wiki/Japanese_counter_word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
_PLACES = (("セン", 1000), ("ヒャク", 100), ("ジュー", 10))
_CHANGED = {
    **{"サンヒャク": "サンビャク", "ロクヒャク": "ロッピャク", "ハチヒャク": "ハッピャク"},
    **{"サンセン": "サンゼン", "ハチセン": "ハッセン"},
}
_GROUPS = ("", "マン", "オク", "チョー")
MOST_DIGITS = 16
"""A longer number is said digit by digit."""

_IDEOGRAPHS = {**{sign: value for value, sign in enumerate("〇一二三四五六七八九")}, "零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
IDEOGRAPHS = frozenset((*_IDEOGRAPHS, *_TENS, *_MYRIADS))

_WHOLE = {
    "人": {1: "ヒトリ", 2: "フタリ"},
    "つ": dict(
        enumerate(
            (
                "ヒトツ",
                "フタツ",
                "ミッツ",
                "ヨッツ",
                "イツツ",
                "ムッツ",
                "ナナツ",
                "ヤッツ",
                "ココノツ",
            ),
            1,
        )
    ),
    "日": {
        **{
            2: "フツカ",
            3: "ミッカ",
            4: "ヨッカ",
            5: "イツカ",
            6: "ムイカ",
            7: "ナノカ",
            8: "ヨーカ",
        },
        **{9: "ココノカ", 10: "トーカ", 14: "ジューヨッカ", 20: "ハツカ", 24: "ニジューヨッカ"},
    },
    "歳": {20: "ハタチ"},
}
"""Said as one word of their own, by what is counted."""
FIRST_OF_MONTH = "ツイタチ"
COUNTERS = {
    **{
        "月": "ガツ",
        "日": "ニチ",
        "人": "ニン",
        "つ": "ツ",
        "円": "エン",
        "年": "ネン",
        "時": "ジ",
    },
    **{
        "分": "フン",
        "%": "パーセント",
        "℃": "ド",
        "°C": "ド",
        "°": "ド",
        "km": "キロ",
        "kg": "キロ",
    },
    **{"cm": "センチ", "mm": "ミリ", "m": "メートル", "g": "グラム", "GB": "ギガバイト"},
    **{"MB": "メガバイト", "TB": "テラバイト", "¥": "エン", "$": "ドル", "€": "ユーロ"},
}
"""How they are read behind a number, whatever they are read as alone."""

_LAST_DIGITS = {
    **{"年": {4: "ヨ"}, "円": {4: "ヨ"}, "人": {4: "ヨ"}, "時": {4: "ヨ", 7: "シチ", 9: "ク"}},
    **{"月": {4: "シ", 7: "シチ", 9: "ク"}, "日": {7: "シチ", 9: "ク"}},
}
_STOPPED = {"イチ": "イッ", "ロク": "ロッ", "ハチ": "ハッ", "ジュー": "ジュッ", "ャク": "ャッ"}
_H = {"ハ": "パバ", "ヒ": "ピビ", "フ": "プブ", "ヘ": "ペベ", "ホ": "ポボ"}
_STOPPED_BEFORE = {
    **dict.fromkeys("カキクケコ", ("イチ", "ロク", "ハチ", "ジュー", "ャク")),
    **dict.fromkeys("ハヒフヘホ", ("イチ", "ロク", "ハチ", "ジュー", "ャク")),
    **dict.fromkeys("サシスセソタチツテト", ("イチ", "ハチ", "ジュー")),
    **dict.fromkeys("パピプペポ", ("ジュー",)),
}
_STOPPED_BY_FOREIGN = {
    **dict.fromkeys("カキクケコ", ("ロク", "ジュー", "ャク")),
    **dict.fromkeys("サシスセソタチツテトハヒフヘホパピプペポ", ("ジュー",)),
}
_SOFT, _VOICED = ("分", "泊"), {"階": "ガイ", "軒": "ゲン"}
_KATAKANA = re.compile("[ァ-ヺー]")


def value_of(ideographs: str) -> int:
    """`二十四` is 24, `二〇二六` is 2026. Of IDEOGRAPHS alone."""
    whole = group = digit = 0
    for sign in ideographs:
        if sign in _IDEOGRAPHS:
            digit = digit * 10 + _IDEOGRAPHS[sign]
        elif sign in _TENS:
            group, digit = group + (digit or 1) * _TENS[sign], 0
        else:
            whole, group, digit = whole + ((group + digit) or 1) * _MYRIADS[sign], 0, 0
    return whole + group + digit


def spelt(digits: str) -> str:
    """Of digits, with commas between, and maybe a decimal point: `1,000`, `3.5`, `007`."""
    whole, _, decimals = digits.replace(",", "").partition(".")
    if len(whole) > MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        said = one_by_one(whole)
    else:
        said = _counted(int(whole))
    return f"{with_counter(said, '', 'テン')}{one_by_one(decimals)}" if decimals else said


def number_of(digits: str, counter: str, reading: str, in_date: bool = False) -> str:
    """The number with what it counts. counter: as it is written; reading: in katakana.

    in_date: whether it is the day of a month that was named.
    """
    plain = digits.replace(",", "")
    value = int(plain) if plain.isdecimal() and not plain.startswith("0") else None
    if value == 1 and in_date and counter == "日":
        return FIRST_OF_MONTH
    if value in (known := _WHOLE.get("歳" if counter == "才" else counter, {})):
        return known[value]
    said, last = spelt(digits), digits[-1]
    ending = DIGITS[int(last)]
    own = _LAST_DIGITS.get(counter[:1], {}).get(int(last))
    if own and said.endswith(ending):
        return said.removesuffix(ending) + own + reading
    return with_counter(said, counter, reading)


def with_counter(said: str, counter: str, reading: str) -> str:
    """Both as they flow together: サン and ホン are サンボン, イチ and カイ are イッカイ."""
    first, rest = reading[:1], reading[1:]
    foreign = bool(_KATAKANA.match(counter))
    stopped = _STOPPED_BY_FOREIGN if foreign else _STOPPED_BEFORE
    ending = next((each for each in stopped.get(first, ()) if said.endswith(each)), None)
    if ending:
        first = first if foreign else _H.get(first, first)[0]
        return f"{said.removesuffix(ending)}{_STOPPED[ending]}{first}{rest}"
    if said.endswith("ン") and first in _H and not foreign:
        soft = counter[:1] in _SOFT
        if soft or not said.endswith("ヨン"):
            return f"{said}{_H[first][0 if soft else 1]}{rest}"
    if said.endswith("サン") and counter in _VOICED:
        return said + _VOICED[counter]
    return said + reading


def one_by_one(digits: str) -> str:
    """Of digits; what else is between them is left out."""
    return "".join(DIGITS[int(digit)] for digit in digits if digit.isdecimal())


def _counted(number: int) -> str:
    return "".join(_in_groups(number)) if number else DIGITS[0]


def _in_groups(number: int) -> Iterator[str]:
    """Four digits each, the highest first."""
    for place in reversed(range(len(_GROUPS))):
        group = number // 10_000**place % 10_000
        if group:
            said, name = _group(group), _GROUPS[place]
            if group == 1000 and place:
                said = "イッセン"
            yield with_counter(said, "", name) if name == "チョー" else said + name


def _group(number: int) -> str:
    said = ""
    for name, place in _PLACES:
        digit = number // place % 10
        if digit:
            whole = (DIGITS[digit] if digit > 1 else "") + name
            said += _CHANGED.get(whole, whole)
    return said + (DIGITS[number % 10] if number % 10 else "")
