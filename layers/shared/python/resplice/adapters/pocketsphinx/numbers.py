"""Numbers as English says them: `1,250`, `2026`, `3rd`, `$3.50`, `20%`, `007`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_BY_TEN = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL, _TENS = _BELOW_TWENTY.split(), _BY_TEN.split()
_GROUPS = ("", "thousand", "million", "billion", "trillion")
_ORDINAL = {
    **{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"},
    **{"nine": "ninth", "twelve": "twelfth"},
}
_MONEY = {"$": ("dollars", "cents"), "€": ("euros", "cents"), "£": ("pounds", "pence")}
_FORM = re.compile(
    r"(?P<money>[$€£]?)(?P<whole>\d[\d,]*)(?:\.(?P<rest>\d+))?(?P<th>st|nd|rd|th)?(?P<of>%?)", re.I
)
MOST_DIGITS = 15
_FIRST_YEAR, _LAST_YEAR = 1100, 2099


def number_words(text: str) -> Iterator[list[str]]:
    """Each way to say it, in words, the likeliest first; none when it is no number."""
    form = _FORM.fullmatch(text)
    if not form:
        return
    whole, rest = form["whole"].replace(",", ""), form["rest"] or ""
    if len(whole) > MOST_DIGITS:
        yield _digits(whole)
        return
    if form["money"]:
        yield from _money(form["money"], whole, rest)
        return
    behind = ["percent"] if form["of"] else []
    for said in _whole(whole, plain="," not in form["whole"] and not rest):
        if form["th"]:
            yield _ordinal(said)
        else:
            yield [*said, *(["point", *_digits(rest)] if rest else ()), *behind]


def _whole(digits: str, plain: bool) -> Iterator[list[str]]:
    """plain: it may be a year, or a row of digits."""
    value = int(digits)
    if plain and len(digits) > 1 and digits[0] == "0":
        yield _digits(digits)
        yield [word.replace("zero", "oh") for word in _digits(digits)]
        return
    if plain and len(digits) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR and value % 1000 > 9:
        yield _year(value)
    said = _cardinal(value)
    yield said
    if value > 100 and value % 100:
        yield _with_and(said)
    if plain and len(digits) > 2:
        yield _digits(digits)


def _year(value: int) -> list[str]:
    century, rest = divmod(value, 100)
    if not rest:
        return [*_cardinal(century), "hundred"]
    return [*_cardinal(century), *(["oh"] if rest < 10 else []), *_cardinal(rest)]


def _cardinal(value: int) -> list[str]:
    if value < 20:
        return [_SMALL[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_TENS[tens], *([_SMALL[ones]] if ones else [])]
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        return [_SMALL[hundreds], "hundred", *(_cardinal(rest) if rest else [])]
    groups = [value // 1000**n % 1000 for n in range(len(_GROUPS))]
    said = list[str]()
    for group, name in reversed(list(zip(groups, _GROUPS, strict=True))):
        if group:
            said += [*_cardinal(group), *([name] if name else [])]
    return said


def _with_and(said: list[str]) -> list[str]:
    """`two hundred and six`: before what is below a hundred."""
    big = [n for n, word in enumerate(said) if word == "hundred" or word in _GROUPS[1:]]
    last = big[-1] + 1
    return [*said[:last], "and", *said[last:]]


def _ordinal(said: list[str]) -> list[str]:
    *before, last = said
    if last in _ORDINAL:
        return [*before, _ORDINAL[last]]
    return [*before, f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"]


def _money(sign: str, whole: str, rest: str) -> Iterator[list[str]]:
    unit, part = _MONEY[sign]
    value = int(whole)
    named = unit[:-1] if value == 1 else unit
    cents = int(rest) if len(rest) == 2 else 0
    if cents:
        yield [*_cardinal(value), named, "and", *_cardinal(cents), part]
        yield [*_cardinal(value), named, *_cardinal(cents)]
        yield [*_cardinal(value), *_cardinal(cents)]
        return
    point = ["point", *_digits(rest)] if rest.strip("0") else []
    yield [*_cardinal(value), *point, unit if point else named]


def _digits(text: str) -> list[str]:
    return [_SMALL[int(digit)] for digit in text]
