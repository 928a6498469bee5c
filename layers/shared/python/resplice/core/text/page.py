"""A text element to the HTML page that shows it. Pure: painting is the browser's.

Text comes from outside and is hostile: it is escaped. Settings are read in `settings`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5
from typing import Any

from resplice.core.text import FALLBACK_FAMILY
from resplice.core.text.css import in_pixels, joined
from resplice.core.text.settings import flex, read
from resplice.core.text.styles import STYLES, Style
from resplice.frozen import frozen

_LINE_BREAK = re.compile(r"<br\s*/?>|\r\n?|\n", re.IGNORECASE)
_ENTITY = re.compile(r"&(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,8};|[a-zA-Z0-9]{1,40};)")

_PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>
html,body{{margin:0;overflow:hidden}}{density}
.canvas{{display:flex;width:{width}px;height:{height}px;{place}}}
.text{{box-sizing:border-box;min-width:0;max-width:100%;unicode-bidi:plaintext;
overflow-wrap:break-word}}
{style}</style></head><body><div class="canvas">
<div class="text" style="{rules}">{text}</div></div></body></html>
"""
_PARTS = (
    ".words{unicode-bidi:inherit}.word,.letter{text-decoration:inherit;text-indent:0}"
    ".word{max-width:100%}"
)
_APART = ".word,.letter{display:inline-block}"
"""What moves must be a box of its own."""
_ON_WORDS = re.compile(r"background(-.*)?|border-radius")
"""Settings that are the words' own where each has a ground of its own."""


@frozen
class TextPage:
    """A page to paint. width, height: its viewport, pixels."""

    width: int
    height: int
    html: str


def text_page(
    text: str,
    style: str,
    settings: Mapping[str, Any],
    width: int,
    height: int,
    canvas_width: int,
    canvas_height: int,
    own_family: str | None = None,
    density: int = 1,
) -> TextPage:
    """The page that shows the text in a box of width x height pixels, transparent elsewhere.

    canvas_width/height  the element's own, pixels: what vw and vh count
    own_family           the family name of the font behind font-url, put before font-family
    density              pixels of the picture for each of the box's
    Raises TextSettingsRefused; KeyError for a style that STYLES has not.
    """
    row = STYLES[style]
    rules, places = read(row.rules, settings)
    own = f'"{own_family}",' if own_family else ""
    families = f'font-family:{own}{rules.pop("font-family")},"{FALLBACK_FAMILY}";'
    grounds = {name: rules.pop(name) for name in [*rules] if _on_words(row, name)}
    of_words = f".word{{{in_pixels(joined(grounds), canvas_width, canvas_height)}}}"
    page = _PAGE.format(
        width=width,
        height=height,
        density=f"html{{zoom:{density}}}" if density > 1 else "",
        place=joined(flex(places, rules["text-align"])),
        rules=html.escape(families + in_pixels(joined(rules), canvas_width, canvas_height)),
        style=_style(row) + of_words * bool(grounds),
        text=row.around.format(text=_parted(_markup(text), row)),
    )
    return TextPage(width * density, height * density, page)


def _style(row: Style) -> str:
    parts = _PARTS + _APART * (row.split != "spans") if row.split else ""
    return parts + row.css


def _on_words(row: Style, name: str) -> bool:
    return row.split == "spans" and bool(_ON_WORDS.fullmatch(name))


def _parted(markup: str, row: Style) -> str:
    """The text, marked for the painter to take it apart."""
    return f'<div class="words" data-split="{row.split}">{markup}</div>' if row.split else markup


def _markup(text: str) -> str:
    """The text as HTML: line breaks are breaks, everything else is literal."""
    return "<br>".join(html.escape(line) for line in lines(text))


def lines(text: str) -> list[str]:
    """The text as it is read, line by line: its breaks and entities are HTML's, nothing else is."""
    return [_ENTITY.sub(_character, line) for line in _LINE_BREAK.split(text)]


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for; a name that is none stays as it is written."""
    named = html5.get(entity[1])
    return html.unescape(entity[0]) if entity[1].startswith("#") else named or entity[0]
