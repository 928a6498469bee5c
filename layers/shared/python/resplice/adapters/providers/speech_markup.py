"""SSML as the voice providers take it: made of plain text, and read for the words in it.

https://www.w3.org/TR/speech-synthesis11/
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from resplice.errors import ProviderRefused
from resplice.frozen import frozen

_DOCUMENT = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<speak\b([^>]*)>(.*)</speak\s*>\s*", re.S)
_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|(<[^>]*>)|(&#?\w+;)|(.)", re.S)
_PARTS_WORDS = re.compile(r"</?(?:break|p|s|speak|voice|audio)\b")


@frozen
class Said:
    """What is said of a text or markup.

    plain    without markup
    offsets  where each character of it begins in what was read, in bytes of UTF-8, and where the
             last one ends
    """

    plain: str
    offsets: tuple[int, ...]


def within(name: str, attributes: Mapping[str, str], inner: str) -> str:
    """The markup in an element; as it is when there are no attributes to say."""
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>" if said else inner


def escaped(text: str) -> str:
    """A plain text as markup."""
    return escape(text)


def opened(title: str, document: str) -> tuple[str, str]:
    """(attributes, inner) of a `<speak>` document, both as they are written.

    Raises ProviderRefused when it is none.
    """
    found = _DOCUMENT.fullmatch(document)
    if not found:
        raise ProviderRefused(title, "the text is no whole <speak> document")
    return found[1], found[2]


def read_plain(text: str) -> Said:
    return Said(text, _offsets([(letter, len(letter.encode())) for letter in text]))


def read_markup(markup: str) -> Said:
    """Tags that part words are a space."""
    pieces = list[tuple[str, int]]()
    for token in _TOKEN.finditer(markup):
        inside, tag, entity, letter = token.groups()
        width = len(token[0].encode())
        if letter:
            pieces.append((letter, width))
        elif entity:
            pieces.append((html.unescape(entity)[:1], width))
        elif inside is not None:
            begun = len("<![CDATA[")
            pieces.extend([("", begun), *((each, len(each.encode())) for each in inside)])
            pieces.append(("", len("]]>")))
        else:
            pieces.append((" " if tag and _PARTS_WORDS.match(tag) else "", width))
    return Said("".join(letter for letter, _ in pieces), _offsets(pieces))


def _offsets(pieces: list[tuple[str, int]]) -> tuple[int, ...]:
    offsets, at = list[int](), 0
    for letter, width in pieces:
        if letter:
            offsets.append(at)
        at += width
    return (*offsets, at)
