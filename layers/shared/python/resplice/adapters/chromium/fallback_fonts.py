"""The fonts behind the fallback family: which, and in which order for a text. Reads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

LATIN = ("noto sans", "inter")
"""Those that also draw Latin letters: each script's own font has some beside."""

_HAN = ("noto sans tc", "noto sans sc", "noto sans kr", "noto sans jp")
_OLD = (
    *("egyptian hieroglyphs", "cuneiform", "linear b", "phoenician", "old italic", "ogham"),
    *("runic", "gothic", "deseret", "osmanya"),
)
_SCRIPTS = (
    *("adlam", "tifinagh", "vai", "tagalog", "buginese", "sundanese", "javanese", "balinese"),
    *("cham", "tai viet", "tai le", "lisu", "ol chiki", "meetei mayek", "canadian aboriginal"),
    *("cherokee", "mongolian", "coptic", "syriac", "thaana", "ethiopic", "armenian", "georgian"),
    *("myanmar", "khmer", "lao", "sinhala", "malayalam", "kannada", "telugu", "oriya"),
    *("gurmukhi", "gujarati", "tamil", "bengali", "thai", "devanagari", "hebrew", "arabic"),
)
_FALLBACKS = (
    *("noto sans math", "noto music", *(f"noto sans {name}" for name in _OLD)),
    *("noto sans symbols 2", "noto sans symbols", "noto color emoji", *_HAN),
    *("noto serif tibetan", *(f"noto sans {name}" for name in _SCRIPTS)),
    *("noto sans", "inter"),
)
"""Lowest precedence first: of two rules that cover a character, CSS takes the later one."""

OWN_RANGES = {
    "noto sans math": "U+20-7E,U+20D0-20EF,U+2100-214F,U+2190-22FF,U+27C0-27EF,U+2900-2BFF,"
    "U+1D400-1D7FF"
}
"""Of packages that say less of their one file than it has."""

_DASHES = range(0x200, 0x207)
"""General punctuation, sixteens of characters."""
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_BOPOMOFO = re.compile("[\u3105-\u312f\u31a0-\u31bf]")
_RARE_MARKS = re.compile("[\u0302-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]")


def in_order(text: str) -> tuple[str, ...]:
    """Their families, with the Han shapes of the text's own language on top of the others'."""
    own = _han_of(text)
    han = iter((*(name for name in _HAN if name != own), own))
    return tuple(next(han) if name in _HAN else name for name in _FALLBACKS)


def beyond_latin(codepoints: Iterable[int]) -> list[int]:
    """Those for which another font than a Latin one is needed, in their order."""
    return [code for code in codepoints if code > 0x24F and code >> 4 not in _DASHES]


def has_rare_marks(text: str) -> bool:
    """Whether marks stand over its letters that only a complete font has, with the letters."""
    return bool(_RARE_MARKS.search(text))


def _han_of(text: str) -> str:
    languages = ((_KANA, "noto sans jp"), (_HANGUL, "noto sans kr"), (_BOPOMOFO, "noto sans tc"))
    return next((name for signs, name in languages if signs.search(text)), "noto sans sc")
