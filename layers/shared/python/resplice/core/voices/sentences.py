"""A long text in parts that a provider takes, cut where a speaker would breathe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_ENDS = "!?…。！？｡．؟۔।॥։።៕။‽⁇⁈⁉"
"""What ends a sentence wherever it stands. A full stop does so only before a space."""
_CLAUSES = ",;:—–、，；：،؛፣፤·・"
MAX_CLOSING = 6
"""Quotes and brackets that may close after the end of a sentence."""
_CLOSING = "\"'”’»›)]}」』）】》〉"
_ABBREVIATIONS = frozenset(
    {
        *("dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "vs", "etc", "no", "nr", "fig", "vol"),
        *("inc", "ltd", "co", "corp", "dept", "est", "approx", "gen", "col", "sgt", "capt", "rev"),
        *("e.g", "i.e", "a.m", "p.m", "u.s", "u.k", "z.b", "d.h", "bzw", "usw", "ca", "hr", "fr"),
        *("mme", "mlle", "sra", "srta", "dra", "ud", "uds", "p.ej", "sig", "dott", "ing", "avv"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    }
)
_JOINED = (
    *((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F)),
    *((0x900, 0x903), (0x93A, 0x94F), (0x981, 0x983), (0x9BC, 0x9CD), (0xB82, 0xB82)),
    *((0xBBE, 0xBCD), (0xC3E, 0xC4D), (0xE31, 0xE31), (0xE34, 0xE3A), (0xE47, 0xE4E)),
    *((0x1AB0, 0x1AFF), (0x200D, 0x200D), (0x20D0, 0x20FF), (0xFE00, 0xFE0F)),
    *((0x1F3FB, 0x1F3FF),),
)
"""Code points that belong to the letter before them."""


def chunks(text: str, most: int) -> list[str]:
    """The text in parts of at most that many characters; joined they are the text again.

    Cut at the end of a sentence where one is within reach, else of a clause, else of a word; inside
    a word only when it is too long by itself. most: at least 1.
    """
    if most < 1:
        raise ValueError("most must be at least 1")
    return list(_parts(text, most))


def _parts(text: str, most: int) -> Iterator[str]:
    start = 0
    while len(text) - start > most:
        end = _cut(text, start, start + most)
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _cut(text: str, start: int, limit: int) -> int:
    """Where the part that begins at start ends: after start, at limit at most."""
    for is_end in (_ends_sentence, _ends_clause, _ends_word):
        found = _last(text, start, limit, is_end)
        if found:
            return found
    return _between_letters(text, start, limit)


def _last(text: str, start: int, limit: int, is_end: Callable[[str, int], bool]) -> int:
    """The last place in (start, limit] that is such an end; 0 when there is none."""
    begin = next((at for at in range(start, limit) if not text[at].isspace()), limit)
    return next((at for at in range(limit, begin, -1) if is_end(text, at)), 0)


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a sentence ends before text[at], with the spaces that follow it."""
    if at < len(text) and text[at].isspace():
        return False
    spaced = text[at - 1].isspace()
    end = at
    while end and text[end - 1].isspace():
        end -= 1
    if "\n" in text[end:at]:
        return True
    closed = max(0, end - MAX_CLOSING)
    while end > closed and text[end - 1] in _CLOSING:
        end -= 1
    if not end or (at < len(text) and text[at] in _CLOSING + _ENDS):
        return False
    return text[end - 1] in _ENDS or (spaced and text[end - 1] == "." and _is_stop(text, end - 1))


def _is_stop(text: str, dot: int) -> bool:
    """Whether the full stop there is one, and not that of `Dr.` or of an initial."""
    begin = dot
    while begin and dot - begin < 12 and not text[begin - 1].isspace():
        begin -= 1
    word = text[begin:dot].strip("\"'“‘«(").lower()
    initial = len(word) == 1 and word.isalpha()
    return word not in _ABBREVIATIONS and not initial


def _ends_clause(text: str, at: int) -> bool:
    before = text[at - 1]
    if at < len(text) and text[at].isspace():
        return False
    if before.isspace():
        return text[max(0, at - 12) : at].rstrip()[-1:] in tuple(_CLAUSES)
    return ord(before) > 0x2E80 and before in _CLAUSES


def _ends_word(text: str, at: int) -> bool:
    """Before a word, or between two signs of a script that writes no spaces."""
    if at < len(text) and text[at].isspace():
        return False
    return text[at - 1].isspace() or (at < len(text) and _unspaced(text[at - 1], text[at]))


def _unspaced(before: str, after: str) -> bool:
    return all(0x2E80 <= ord(each) <= 0x9FFF or ord(each) >= 0x20000 for each in (before, after))


def _between_letters(text: str, start: int, limit: int) -> int:
    """The last place that leaves no mark without its letter; the limit when there is none."""
    places = range(limit, start, -1)
    return next((at for at in places if not _belongs(text, at)), limit)


def _belongs(text: str, at: int) -> bool:
    code = ord(text[at])
    return text[at - 1] == "\u200d" or any(first <= code <= last for first, last in _JOINED)
