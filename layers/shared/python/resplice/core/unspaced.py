"""Scripts without spaces between words: how words stand beside each other, and a text in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_PIECE = 6
"""Letters of a piece. A row of subtitles ends between pieces."""

# These take milliseconds to compile, which `re` does when they are needed, and once.
_UNSPACED = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Han, kana: written without spaces between words."""
_HAN_OR_KANA = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_AROUND = "“”‘’…—·%"
"""Marks that are of any script: that of the letters beside them."""
_OPENING = "“‘「『（(【《〈［[｛{〔"
_KINDS = (
    ("hiragana", "[ぁ-ゟ]"),
    ("katakana", "[ァ-ヺー-ヿ\uff66-\uff9f]"),
    ("han", "[⺀-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
)
_GOES_ON = "ー\uff70々ゝゞ"


def unspaced(text: str) -> bool:
    """Whether the word is in a script that has no spaces between words."""
    return bool(re.search(_UNSPACED, text))


def spaced(before: str, after: str) -> bool:
    """Whether a space belongs between two words: not within a script that has none, and not where
    Chinese or Japanese counts in digits.
    """
    last, first = before.rstrip(_AROUND)[-1:], after.lstrip(_AROUND)[:1]
    if re.match(_UNSPACED, last) and re.match(_UNSPACED, first):
        return False
    counted = (last.isdigit(), bool(re.match(_HAN_OR_KANA, first)))
    counting = (bool(re.match(_HAN_OR_KANA, last)), first.isdigit())
    return not (all(counted) or all(counting))


def parted(before: str, after: str) -> bool:
    """Whether a word may end between these two that have no white space between them."""
    return bool(re.match(_UNSPACED, before.rstrip(_AROUND)[-1:])) or bool(
        re.match(_UNSPACED, after.lstrip(_AROUND)[:1])
    )


def pieces(text: str) -> list[str]:
    """What lies between white space; Chinese and Japanese of that in pieces of few letters.

    Nobody looks into a dictionary here: a piece ends behind a mark, where the script changes but
    before hiragana, which end words, and where it would be too long. Other scripts stay whole.
    """
    return [piece for run in text.split() for piece in _pieces(run)]


def _pieces(run: str) -> Iterator[str]:
    begin = 0
    for at in (*(at for at in range(1, len(run)) if _ends(run, at)), len(run)):
        yield from _short(run[begin:at])
        begin = at


def _ends(run: str, at: int) -> bool:
    before, after = run[at - 1], run[at]
    if not (_kind(before) or _kind(after)) and not re.match(_HAN_OR_KANA, before):
        return False
    if before in _OPENING or before.isdigit() or after in _GOES_ON:
        return False
    if after in _OPENING:
        return True
    if _is_mark(after):
        return False
    stays = (_kind(before), "hiragana") if _kind(before) else ("hiragana", "katakana")
    return _is_mark(before) or _kind(after) not in stays


def _is_mark(letter: str) -> bool:
    return not letter.isalnum() and letter not in _GOES_ON


def _kind(letter: str) -> str:
    return next((kind for kind, letters in _KINDS if re.match(letters, letter)), "")


def _short(piece: str) -> Iterator[str]:
    """The piece in parts of about one length, where it is too long and all of these scripts."""
    letters = [letter for letter in piece if not _is_mark(letter)]
    parts = -(-len(letters) // LONGEST_PIECE)
    if not all(_kind(letter) or letter in _GOES_ON for letter in letters):
        parts = 1
    begin = 0
    for part in range(1, parts + 1):
        end = len(piece) * part // parts
        while end < len(piece) and (piece[end] in _GOES_ON or _is_mark(piece[end])):
            end += 1
        if end > begin:
            yield piece[begin:end]
        begin = max(begin, end)
    if begin < len(piece):
        yield piece[begin:]
