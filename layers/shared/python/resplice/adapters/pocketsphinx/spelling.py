"""How an English word that no dictionary has may be said, guessed by its letters.

Two guesses: vowels as in English, and as in most other languages that write so. Rough rules: they
find a word between its neighbours, and are not fit to speak it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RULES: tuple[tuple[str, str], ...] = (
    *(("tch", "CH"), ("dge", "JH"), ("igh", "AY"), ("sch", "SH"), ("tion", "SH AH N")),
    *(("ch", "CH"), ("sh", "SH"), ("th", "TH"), ("ph", "F"), ("wh", "W"), ("ck", "K")),
    *(("ng", "NG"), ("qu", "K W"), ("kn", "N"), ("wr", "R"), ("gh", "G"), ("zh", "ZH")),
    *(("ee", "IY"), ("ea", "IY"), ("oo", "UW"), ("ou", "AW"), ("ow", "OW"), ("oa", "OW")),
    *(("ai", "EY"), ("ay", "EY"), ("ei", "EY"), ("ey", "IY"), ("ie", "IY"), ("oi", "OY")),
    *(("oy", "OY"), ("au", "AO"), ("aw", "AO"), ("eu", "OY"), ("ue", "UW")),
    *(("ar", "AA R"), ("er", "ER"), ("ir", "ER"), ("ur", "ER"), ("or", "AO R")),
    *(("ce", "S EH"), ("ci", "S IH"), ("cy", "S IY"), ("x", "K S"), ("j", "JH"), ("c", "K")),
    *(("b", "B"), ("d", "D"), ("f", "F"), ("g", "G"), ("h", "HH"), ("k", "K"), ("l", "L")),
    *(("m", "M"), ("n", "N"), ("p", "P"), ("q", "K"), ("r", "R"), ("s", "S"), ("t", "T")),
    *(("v", "V"), ("w", "W"), ("y", "Y"), ("z", "Z")),
)
_ENGLISH = {"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH"}
_ELSEWHERE = {"a": "AA", "e": "EH", "i": "IY", "o": "OW", "u": "UW"}
_LAST = {"a": "AH", "i": "IY", "o": "OW", "u": "UW"}
_SOUNDS = dict(_RULES)
_PIECE = re.compile("|".join([*(letters for letters, _ in _RULES), "[aeiou]"]))
_DOUBLE = re.compile(r"([bcdfgklmnprstvz])\1")
_SILENT_E = re.compile(r"(?<=[aeiouy])([^aeiouy])e$")


def guesses(word: str) -> Iterator[str]:
    """Phones of a word in small letters; none when it has no letter of a to z."""
    bare = _DOUBLE.sub(r"\1", "".join(re.findall("[a-z]", word)))
    for vowels in (_ENGLISH, _ELSEWHERE):
        spelled = _SILENT_E.sub(r"\1", bare) if vowels is _ENGLISH else bare
        if phones := " ".join(_phones(spelled, vowels)):
            yield phones


def _phones(word: str, vowels: dict[str, str]) -> Iterator[str]:
    for piece in _PIECE.finditer(word):
        letters = piece[0]
        last = piece.end() == len(word)
        if letters == "y" and piece.start():
            yield "IY" if last else "IH"
        elif letters in vowels:
            yield _LAST.get(letters, vowels[letters]) if last else vowels[letters]
        else:
            yield _SOUNDS[letters]
