"""Mandarin: its sounds as the model was taught them, from pinyin; numbers in characters. Pure.

A syllable is an initial, a final and a tone, whose mark stands after its vowel. The alphabet:
https://github.com/hexgrad/misaki, misaki/transcription.py and zh.py; the sounds themselves:
https://en.wikipedia.org/wiki/Help:IPA/Mandarin
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
INITIALS = {
    **{"b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l"},
    **{"g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "r": "ɻ", "s": "s"},
    **{"z": "ʦ", "c": "ʦʰ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ"},
}
FINALS = {
    **{"a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0"},
    **{"en": "ə0n", "eng": "ə0ŋ", "er": "ɚ0", "i": "i0", "ia": "ja0", "ian": "jɛ0n", "io": "jɔ0"},
    **{"iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "ing": "i0ŋ", "iong": "jʊ0ŋ"},
    **{"iu": "jou0", "o": "wo0", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "ua": "wa0", "uai": "wai0"},
    **{"uan": "wa0n", "uang": "wa0ŋ", "ueng": "wə0ŋ", "ui": "wei0", "un": "wə0n", "uo": "wo0"},
    **{"v": "y0", "ve": "ɥe0", "van": "ɥɛ0n", "vn": "y0n", "buzz": "ɨ0"},
}
"""0: where the tone stands."""
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?([a-zê]+)([1-5])")
_FRONT = ("j", "q", "x", "y")
_BUZZING = ("z", "c", "s", "zh", "ch", "sh", "r")
_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_NUMBER = re.compile(r"(?<!\d)(?P<year>\d{4})(?=年)|(\d[\d,]*)(?:\.(\d+))?([%％]?)")


def sounds_of(syllable: str) -> str:
    """`hao3` to `xau↓`; nothing for what is no syllable."""
    found = _SYLLABLE.fullmatch(_spelt_out(syllable))
    if not found:
        return ""
    initial, final, tone = found[1] or "", found[2], found[3]
    if final == "i" and initial in _BUZZING:
        final = "buzz"
    if initial in _FRONT and final.startswith("u"):
        final = f"v{final[1:]}"
    if not initial and final == "o":
        return f"ɔ{TONES[tone]}"
    known = FINALS.get(final, "").replace("0", TONES[tone])
    return INITIALS.get(initial, "") + known if known else ""


def _spelt_out(syllable: str) -> str:
    """Without the letters y and w, which only tell that a syllable begins: `yue4`, `wen2`."""
    plain = syllable.replace("ü", "v")
    if plain.startswith("yu"):
        plain = f"v{plain[2:]}"
    elif plain.startswith("y"):
        rest = plain[1:].removeprefix("i")
        plain = {"ou": "iu"}.get(rest[:-1], f"i{rest[:-1]}") + rest[-1:]
    elif plain.startswith("w"):
        rest = plain[1:].removeprefix("u")
        plain = {"ei": "ui", "en": "un"}.get(rest[:-1], f"u{rest[:-1]}") + rest[-1:]
    return plain


def spelt_parts(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, what is read there): each number as one, all else character by character.
    Numbers are read as characters: `25%` is 百分之二十五.
    """
    at = 0
    for found in _NUMBER.finditer(text):
        yield from ((place, place + 1, text[place]) for place in range(at, found.start()))
        at = found.end()
        year = found["year"]
        yield (
            found.start(),
            at,
            _one_by_one(year) if year else _spelt(found[2], found[3] or "", found[4]),
        )
    yield from ((place, place + 1, text[place]) for place in range(at, len(text)))


def _spelt(whole: str, decimals: str, percent: str) -> str:
    digits = whole.replace(",", "")
    many = len(digits) > 16 or (len(digits) > 1 and digits.startswith("0"))
    said = _one_by_one(digits) if many else _counted(int(digits))
    if decimals:
        said += "点" + _one_by_one(decimals)
    return ("百分之" if percent else "") + said


def _one_by_one(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _counted(number: int) -> str:
    if not number:
        return _DIGITS[0]
    said = "".join(_in_groups(number)).rstrip(_DIGITS[0])
    return said.removeprefix("一") if said.startswith("一十") else said


def _in_groups(number: int) -> Iterator[str]:
    """Four digits each, the highest first."""
    groups = [int(each) for each in re.findall(r"\d{4}", f"{number:016}")]
    begun = False
    for group, name in zip(groups, reversed(_GROUPS), strict=True):
        if group:
            yield _group(group, begun) + name
        begun = begun or bool(group)


def _group(number: int, begun: bool) -> str:
    """A group of four digits; a zero is said once for each gap."""
    said, gap = "", False
    for digit, place in zip(f"{number:04}", reversed(_PLACES), strict=True):
        if digit == "0":
            gap = gap or bool(said) or begun
        else:
            said += (_DIGITS[0] if gap else "") + _DIGITS[int(digit)] + place
            gap = False
    return said
