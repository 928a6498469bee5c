"""The families of fonts that come with us, so that it is known without looking which do not. Pure.

The fonts layer holds exactly these: a test compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from resplice.core.document.spelling import nearest

BUNDLED = (
    *("Anton", "Archivo Black", "Arimo", "Bangers", "Bebas Neue", "Comic Neue", "Cousine"),
    *("DM Sans", "Dancing Script", "Fredericka the Great", "Gelasio", "Inter", "Katibeh"),
    *("Lalezar", "Lato", "Libre Baskerville", "Lobster", "Luckiest Guy", "Merriweather"),
    *("Montserrat", "Nanum Pen Script", "Noto Color Emoji", "Noto Music", "Noto Sans"),
    *("Noto Sans Adlam", "Noto Sans Arabic", "Noto Sans Armenian", "Noto Sans Balinese"),
    *("Noto Sans Bengali", "Noto Sans Buginese", "Noto Sans Canadian Aboriginal"),
    *("Noto Sans Cham", "Noto Sans Cherokee", "Noto Sans Coptic", "Noto Sans Cuneiform"),
    *("Noto Sans Deseret", "Noto Sans Devanagari", "Noto Sans Egyptian Hieroglyphs"),
    *("Noto Sans Ethiopic", "Noto Sans Georgian", "Noto Sans Gothic", "Noto Sans Gujarati"),
    *("Noto Sans Gurmukhi", "Noto Sans Hebrew", "Noto Sans JP", "Noto Sans Javanese"),
    *("Noto Sans KR", "Noto Sans Kannada", "Noto Sans Khmer", "Noto Sans Lao"),
    *("Noto Sans Linear B", "Noto Sans Lisu", "Noto Sans Malayalam", "Noto Sans Math"),
    *("Noto Sans Meetei Mayek", "Noto Sans Mongolian", "Noto Sans Myanmar", "Noto Sans Ogham"),
    *("Noto Sans Ol Chiki", "Noto Sans Old Italic", "Noto Sans Oriya", "Noto Sans Osmanya"),
    *("Noto Sans Phoenician", "Noto Sans Runic", "Noto Sans SC", "Noto Sans Sinhala"),
    *("Noto Sans Sundanese", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Syriac"),
    *("Noto Sans TC", "Noto Sans Tagalog", "Noto Sans Tai Le", "Noto Sans Tai Viet"),
    *("Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Thaana", "Noto Sans Thai"),
    *("Noto Sans Tifinagh", "Noto Sans Vai", "Noto Serif", "Noto Serif Tibetan", "Nunito"),
    *("Open Sans", "Orelega One", "Oswald", "PT Sans", "Pacifico", "Permanent Marker"),
    *("Playfair Display", "Poppins", "Quicksand", "Raleway", "Roboto", "Roboto Mono", "Rubik"),
    *("Shrikhand", "Tinos", "Work Sans"),
)
"""Their names, as Google Fonts writes them."""

TWINS = {
    "arial": "Arimo",
    "helvetica": "Arimo",
    "helvetica neue": "Arimo",
    "times": "Tinos",
    "times new roman": "Tinos",
    "courier": "Cousine",
    "courier new": "Cousine",
    "georgia": "Gelasio",
}
"""Families that are not free, drawn with a free one of the same widths."""

GENERIC = {
    "sans-serif": "Inter",
    "system-ui": "Inter",
    "serif": "Noto Serif",
    "monospace": "Roboto Mono",
    "cursive": "Dancing Script",
}
"""What CSS calls kinds of families, and the one that we draw each with."""

_LOWER = {name.lower() for name in BUNDLED} | TWINS.keys() | GENERIC.keys()


def is_bundled(family: str) -> bool:
    """Whether the family, or a twin of it, comes with us."""
    return family.lower() in _LOWER


def substitute(family: str, why: str, others: Iterable[str] = ()) -> str:
    """Says why a family is not drawn, what is instead, and what may have been meant.

    others: the families that the document names after it.
    """
    return f"the font '{family}' {why}; {instead_of(family, others)}"


def instead_of(family: str, others: Iterable[str] = ()) -> str:
    """The same without the reason, which is not known everywhere."""
    instead = next((name for name in others if is_bundled(name)), USUAL)
    meant = _meant(family)
    return f"drawn with {instead}" + (f" (did you mean '{meant}'?)" if meant else "")


@lru_cache(maxsize=1024)
def _meant(family: str) -> str | None:
    """Movies name few families, each in many texts."""
    return nearest(family, BUNDLED)


USUAL = "Inter"
"""What is drawn at last; scripts that it has not, with Noto."""
