"""How an English word may be said, as phones of the CMU dictionary.

Words of the dictionary by their entry; numbers, money and abbreviations by the words that they
stand for; what is left by its letters, roughly: that is enough to find it between its neighbours.
Phones: http://www.speech.cs.cmu.edu/cgi-bin/cmudict (without stress).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice, product

from resplice.adapters.pocketsphinx.numbers import number_words
from resplice.adapters.pocketsphinx.spelling import guesses

Lookup = Callable[[str], str | None]
"""The phones of a word of the dictionary, or None."""

MOST_WAYS = 8
MOST_TRIED = 1000
"""Of all combinations of the ways of parts, of which a long word has millions."""
SILENCE = "SIL"
_RESTS = frozenset({"dollars", "euros", "pounds", "thousand", "million", "billion"})
"""Behind them a voice may rest within a number."""
MOST_PARTS = 24
_PART = re.compile(
    r"[$€£]?\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?(?![a-z])%?|[a-z]+(?:'[a-z]+)*|[&@%+=#]|\d", re.I
)
_SIGNS = {"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "#": "number"}
_SHORT = {
    **{"mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "st": "saint", "vs": "versus"},
    **{"etc": "etcetera", "jr": "junior", "sr": "senior", "no": "number", "inc": "incorporated"},
}
"""Of a word that is written with a full stop."""


def ways_to_say(word: str, lookup: Lookup) -> list[str]:
    """Each as phones with spaces between; none for what is not said, or not known how."""
    plain = _plain(word)
    parts = _PART.findall(plain)
    if not parts or len(parts) > MOST_PARTS:
        return []
    short = plain.endswith(".") and len(parts) == 1
    ways = [list(_ways(part, short, lookup)) for part in parts]
    if not all(ways):
        return []
    said = (" ".join(chosen) for chosen in islice(product(*ways), MOST_TRIED))
    return list(islice(dict.fromkeys(said), MOST_WAYS))


def _plain(word: str) -> str:
    """Without accents, with plain apostrophes."""
    apart = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _ways(part: str, short: bool, lookup: Lookup) -> Iterator[str]:
    if any(char.isdigit() for char in part):
        readings: Iterator[tuple[str, ...]] = (tuple(each) for each in number_words(part))
    elif part in _SIGNS:
        readings = iter([(_SIGNS[part],)])
    else:
        yield from _word(part, short, lookup)
        return
    for words in readings:
        phones = [lookup(each) for each in words]
        if all(phones):
            yield " ".join(filter(None, phones))
            if _RESTS & set(words[:-1]):
                rests = (SILENCE if each in _RESTS else "" for each in words)
                yield " ".join(
                    filter(None, (p for pair in zip(phones, rests, strict=True) for p in pair))
                )


def _word(part: str, short: bool, lookup: Lookup) -> Iterator[str]:
    small = part.lower()
    if short and small in _SHORT and (phones := lookup(_SHORT[small])):
        yield phones
    variants = [small, *(f"{small}({n})" for n in range(2, 5))]
    entries = [phones for each in variants if (phones := lookup(each))]
    yield from entries
    if part.isupper() and 1 < len(part) <= 6:
        yield " ".join(filter(None, (lookup(f"{char}.") or lookup(char) for char in small)))
    if not entries:
        yield from guesses(small)
