"""Texts in components: paragraphs with a little inline markup, everything else literal. Pure.

Texts come from outside and are hostile: what is let through are a few tags without attributes,
balanced, so that none ends what the component's own page has opened.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from resplice.core.document.limits import MAX_TEXT_CHARS

_TAG = re.compile(
    r"<(/?)(b|i|em|strong|u|s|sup|sub|small|span)\s*>|<br\s*/?>|(\r\n?|\n)", re.IGNORECASE
)


class Safe(str):
    """HTML of ours, or made harmless: templates do not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def paragraphs(value: Any) -> tuple[Safe, ...]:
    """The paragraphs of a `text`: a text, or a list of texts. Raises ValueError.

    An empty text is no paragraph; an empty one of a list stands, as a gap.
    """
    if isinstance(value, list | tuple):
        return tuple(inline(part) for part in value)
    return (inline(value),) if value not in (None, "") else ()


def inline(value: Any) -> Safe:
    """One text as HTML. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be a text or a list of texts")
    text = str(value)
    if len(text) > MAX_TEXT_CHARS:
        raise ValueError(f"must not be longer than {MAX_TEXT_CHARS} characters")
    return Safe("".join(_balanced(text)))


def _balanced(text: str) -> Iterator[str]:
    opened: list[str] = []
    at = 0
    for tag in _TAG.finditer(text):
        yield _literal(text[at : tag.start()])
        at = tag.end()
        name = (tag[2] or "").lower()
        if not name:
            yield "<br>"
        elif not tag[1]:
            opened.append(name)
            yield f"<{name}>"
        elif opened and opened[-1] == name:
            opened.pop()
            yield f"</{name}>"
        else:
            yield html.escape(tag[0])
    yield _literal(text[at:])
    yield from (f"</{name}>" for name in reversed(opened))


def _literal(text: str) -> str:
    """Text with its entities read, as HTML."""
    return html.escape(html.unescape(text))
