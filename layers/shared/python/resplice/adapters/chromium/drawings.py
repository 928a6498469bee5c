"""What is written into a drawing before it is painted, so that it always comes out the same.

A picture of a page sees none of the page's fonts: bundled ones are put into a drawing that has
texts, for the families that it names. What CSS moves in it is held where it begins.
"""

from __future__ import annotations

import base64
import re
from html import unescape

from resplice.adapters.chromium.bundled_fonts import ORIGIN, BundledFonts
from resplice.core.text import FALLBACK_FAMILY

MAX_FONT_BYTES = 24 << 20
MAX_FAMILIES = 16
_TEXTS = re.compile(r"<(?:\w+:)?text\b")
_END = re.compile(rb"</((?:\w{1,40}:)?)svg\s*>")
_NAMED = re.compile(
    r"font-family\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
    r"|font-family\s*:\s*([^;}<]{0,400})"
    r"|\bfont\s*:[^;}<\"]{0,99}?\d[\w.%]{0,9}(?:\s?/\s?[\w.%]{1,9})?\s{1,9}([^;}<]{0,400})",
    re.IGNORECASE,
)
"""An attribute, a property, and the short form of several properties."""
_FAMILY = re.compile(r"\s*[\"']?([A-Za-z][\w -]{0,60})")
_SOURCE = re.compile(rf"url\({re.escape(ORIGIN)}([^)]+)\)")
_MOVES = re.compile(rb"<(/?)((?:\w{1,40}:)?)(animate|animateTransform|animateMotion|set)\b")
"""What moves a picture by a clock that nobody can stop: it becomes a description."""
_STOPPED = "*{animation-play-state:paused!important}"
GENERIC = ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit")


def prepared(drawing: bytes, fonts: BundledFonts) -> bytes:
    """The drawing, with the bundled fonts that its texts are in, at its first moment.

    Raises PaintError.
    """
    drawing = _MOVES.sub(rb"<\1\2desc", drawing)
    text, at = drawing.decode("utf-8", "replace"), drawing.rfind(b"</")
    end = _END.match(drawing, at) if at >= 0 else None
    rules = _STOPPED if "animation" in text else ""
    if _TEXTS.search(text):
        found = "".join(_rules(family, text, fonts) for family in _families(text, fonts))
        rules += _inlined(found, fonts)
    if not end or not rules:
        return drawing
    name = end[1] + b"style"
    return drawing[:at] + b"<%b>%b</%b>" % (name, rules.encode(), name) + drawing[at:]


def _families(text: str, fonts: BundledFonts) -> list[str]:
    """Of each list of families, those that are bundled; else the first, for which others stand."""
    found = dict[str, None]()
    for said in _NAMED.findall(unescape(text)):
        parts = map(_FAMILY.match, "".join(said).split(","))
        names = [part[1].strip() for part in parts if part]
        names = [name for name in names if name.lower() not in GENERIC]
        found |= dict.fromkeys([name for name in names if fonts.has(name)] or names[:1])
    return [*found][:MAX_FAMILIES]


def _rules(family: str, text: str, fonts: BundledFonts) -> str:
    """The rules of a family; one that is not bundled is drawn as texts are then."""
    if fonts.has(family):
        return fonts.rules([family], text)
    return fonts.rules([FALLBACK_FAMILY], text).replace(f'"{FALLBACK_FAMILY}"', f'"{family}"')


def _inlined(rules: str, fonts: BundledFonts) -> str:
    """The rules with the fonts themselves in the place of their addresses."""
    left = MAX_FONT_BYTES

    def data(source: re.Match[str]) -> str:
        nonlocal left
        path = fonts.file(source[1])
        size = path.stat().st_size if path else 0
        if path is None or size > left:
            return "local('')"
        left -= size
        return f"url(data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()})"

    return _SOURCE.sub(data, rules)
