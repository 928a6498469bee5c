"""Fonts that elements name and that do not come with us: fetched where that is on, else told.

A `font-url` goes before any of them: who has one asks nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from resplice.core.addresses import is_address
from resplice.core.captions.fonts import weight_of
from resplice.core.document.paths import DocumentPath
from resplice.core.elements.files import Need
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.provided import Fault
from resplice.core.facts import Facts, MediaFacts
from resplice.core.tasks import FontTask
from resplice.core.text.families import USUAL, instead_of, is_bundled, substitute
from resplice.core.warned import warned
from resplice.frozen import frozen

PLACE: DocumentPath = ("settings", "font-family")
"""Where, inside the element, a named font is said, and its facts are known."""
NOT_FETCHED = "does not come with us, and fonts are not fetched here"
_NAME = re.compile(r"[\w .&'+-]{1,100}")


@frozen
class NamedFont:
    """The first family of a list, when it does not come with us; others: the rest of the list."""

    family: str
    weight: int
    others: tuple[str, ...] = ()

    @property
    def instead(self) -> str:
        """The list without it."""
        return ", ".join(self.others) or USUAL


def named_font(families: Any, weight: Any) -> NamedFont | None:
    """None when the first family comes with us, or is none."""
    if not isinstance(families, str) or is_address(families):
        return None
    first, *others = [name.strip().strip("\"'").strip() for name in families.split(",")]
    if not _NAME.fullmatch(first) or is_bundled(first):
        return None
    return NamedFont(first, weight_of(weight), tuple(others))


def fetching(
    font: NamedFont | None, around: Surroundings, place: DocumentPath = PLACE
) -> Iterator[Need]:
    """Its task, where fonts are fetched. place: where, inside the element, it is said."""
    offers = around.offers
    if font and offers.fonts_url:
        said = font.family, font.weight, offers.fonts_url
        instead = instead_of(font.family, font.others)
        yield place, FontTask(*said, instead, offers.strict_fonts)


def is_awaited(font: NamedFont | None, around: Surroundings, place: DocumentPath = PLACE) -> bool:
    """Whether it is to be fetched, and nobody knows yet what came."""
    return bool(font and around.offers.fonts_url and not around.at(place))


def fetched(around: Surroundings, place: DocumentPath = PLACE) -> Facts | None:
    """What came of it, if it is a font."""
    found = around.at(place)
    return found if isinstance(found, MediaFacts) else None


def missed(
    font: NamedFont | None, around: Surroundings, place: DocumentPath = PLACE, *, strict: bool
) -> Iterator[Fault]:
    """Says that it is not there and not fetched: as an error where that is asked for."""
    if font and not around.offers.fonts_url and around.offers.strict_fonts == strict:
        words = substitute(font.family, NOT_FETCHED, font.others)
        plain = words.partition("; drawn with")[0]
        yield place, plain if strict else warned("font-missing", words)
