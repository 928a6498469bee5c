"""A text element to the HTML page that shows it. Pure: painting is the browser's.

Text and settings come from outside and are hostile. Text is escaped. Settings become CSS only when
the property is on a list and the value can neither load anything nor end its declaration.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

FALLBACK_FAMILY = "Resplice Fallback"
"""The family that the browser adapter makes of bundled fonts, for every script it has."""

MAX_VALUE_CHARS = 1000

STYLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "001": MappingProxyType(
            {
                "font-family": '"Inter"',
                "font-size": "4vw",
                "font-weight": "400",
                "color": "#FFFFFF",
                "text-align": "center",
                "text-shadow": "2px 2px rgba(33,33,33,0.5)",
                "line-height": "1.2",
            }
        )
    }
)
"""What each text style says when its settings do not."""

_GENERIC = {
    "sans-serif": "Inter",
    "system-ui": "Inter",
    "serif": "Noto Serif",
    "monospace": "Roboto Mono",
    "cursive": "Dancing Script",
}
_SYNONYMS = {
    "font-color": "color",
    "vertical-align": "vertical-position",
    "horizontal-align": "horizontal-position",
}
_VERTICAL = {"top": "flex-start", "center": "center", "middle": "center", "bottom": "flex-end"}
_HORIZONTAL = {"left": "flex-start", "center": "center", "right": "flex-end"}
_PLACES = {"vertical-position": _VERTICAL, "horizontal-position": _HORIZONTAL}
_UNITLESS = {"font-weight", "line-height", "opacity", "tab-size", "font-size-adjust"}

_PROPERTY = re.compile(
    r"""(-webkit-)?(
        color | opacity | direction | unicode-bidi | writing-mode | hyphens | tab-size | paint-order
      | font-(size|style|weight|stretch|width|kerning|variant(-[a-z-]+)?|feature-settings
             |variation-settings|synthesis(-[a-z-]+)?|size-adjust|optical-sizing)
      | text-[a-z-]+ | letter-spacing | word-(spacing|break|wrap) | overflow-wrap
      | line-(height|break) | white-space(-collapse)? | hanging-punctuation
      | background(-color|-image|-size|-position|-repeat|-clip|-origin)?
      | (border|outline|padding|margin)(-[a-z-]+)? | box-(shadow|sizing|decoration-break)
      | (min-|max-)?(width|height)
    )""",
    re.VERBOSE,
)
_FUNCTIONS = re.compile(
    r"rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark|calc|min|max|clamp"
    r"|(repeating-)?(linear|radial|conic)-gradient"
)
_REFUSED = re.compile(r"[;{}<>@\\\[\]\x00-\x1f\x7f]|/\*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([\w-]*)\(")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_VIEWPORT_UNIT = re.compile(r"(?<![\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))[sld]?v(w|h|min|max)\b", re.I)
_ADDRESS = re.compile(r"[a-z]+:", re.IGNORECASE)
_FAMILY = re.compile(r"[\w .&'+-]{1,100}")
_LINE_BREAK = re.compile(r"<br\s*/?>|\r\n?|\n", re.IGNORECASE)

_PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>
html,body{{margin:0;overflow:hidden}}{density}
.canvas{{display:flex;width:{width}px;height:{height}px;{place}}}
.text{{box-sizing:border-box;min-width:0;max-width:100%;unicode-bidi:plaintext;
overflow-wrap:break-word;{rules}}}
</style></head><body><div class="canvas"><div class="text">{text}</div></div></body></html>
"""


@dataclass(frozen=True)
class TextPage:
    """A page to paint. width, height: its viewport, pixels."""

    width: int
    height: int
    html: str


class TextSettingsRefused(ValueError):
    """Settings that cannot be used. faults: every (settings key, what is wrong with its value)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in faults))


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

    canvas_width/height  the movie's, pixels: what vw and vh count
    own_family      the family name of the font behind font-url, put before font-family
    density              pixels of the picture for each of the box's
    Raises TextSettingsRefused; KeyError for a style that STYLES has not.
    """
    rules, places = _read(STYLES[style], settings)
    own = f'"{own_family}",' if own_family else ""
    families = f'font-family:{own}{rules.pop("font-family")},"{FALLBACK_FAMILY}";'
    page = _PAGE.format(
        width=width,
        height=height,
        density=f"html{{zoom:{density}}}" if density > 1 else "",
        place=_joined(_flex(places, rules["text-align"])),
        rules=families + _in_pixels(_joined(rules), canvas_width, canvas_height),
        text=_markup(text),
    )
    return TextPage(width * density, height * density, page)


def says_nothing(setting: str) -> bool:
    """Whether a text setting is of no effect, whatever its value."""
    name = _SYNONYMS.get(setting, setting)
    special = name in _PLACES or name in ("font-family", "shadow")
    return not special and not _PROPERTY.fullmatch(name)


def _read(
    defaults: Mapping[str, str], settings: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """(CSS declarations, places of the text's box) of the settings over the style's defaults."""
    rules, places = dict(defaults), dict[str, str]()
    faults = list[tuple[str, str]]()
    for name, key in _keys(settings).items():
        try:
            if name in _PLACES:
                places[name] = _place(name, settings[key])
            else:
                rules |= _declarations(name, settings[key])
        except ValueError as fault:
            faults.append((key, str(fault)))
    if faults:
        raise TextSettingsRefused(faults)
    return rules, places


def _keys(settings: Mapping[str, Any]) -> dict[str, str]:
    """Today's name of each setting that says something, to the key that says it.

    Of two spellings of one setting, today's counts.
    """
    said = [key for key, value in settings.items() if value is not None]
    return {_SYNONYMS.get(key, key): key for key in said} | {
        key: key for key in said if key not in _SYNONYMS
    }


def _place(name: str, value: Any) -> str:
    place = str(value).strip().lower()
    if place not in _PLACES[name]:
        raise ValueError(f"must be one of {', '.join(_PLACES[name])}")
    return place


def _flex(places: Mapping[str, str], text_align: str) -> dict[str, str]:
    """Where the text's box lies; aligned lines take their box along unless its place is said."""
    aligned = text_align.lower() if text_align.lower() in _HORIZONTAL else "center"
    return {
        "align-items": _VERTICAL[places.get("vertical-position", "center")],
        "justify-content": _HORIZONTAL[places.get("horizontal-position", aligned)],
    }


def _declarations(name: str, value: Any) -> dict[str, str]:
    """The CSS that a setting stands for; nothing for one that is not known."""
    if name == "font-family":
        families = _families(_written(value))
        return {name: families} if families else {}
    if name == "shadow":
        return {"text-shadow": _shadow(value)}
    if not _PROPERTY.fullmatch(name):
        return {}
    written = _checked(_written(value))
    if _NUMBER.fullmatch(written) and name not in _UNITLESS:
        written += "px"
    if name == "direction":
        return {name: written, "unicode-bidi": "normal"}
    return {name: written}


def _written(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be a text or a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = str(value).strip()
    if len(written) > MAX_VALUE_CHARS:
        raise ValueError(f"must not be longer than {MAX_VALUE_CHARS} characters")
    return written


def _checked(value: str) -> str:
    """The value, if it stays within its declaration and calls nothing that could load."""
    if not value or (bad := _REFUSED.search(value)):
        raise ValueError(f"must not hold '{bad[0]}'" if value and bad else "must not be empty")
    bare = _STRING.sub("", value)
    if "'" in bare or '"' in bare:
        raise ValueError("has a quote that is not closed")
    for call in _CALL.finditer(bare):
        if call[1] and not _FUNCTIONS.fullmatch(call[1].lower()):
            raise ValueError(f"must not use {call[1]}()")
    if not _balanced(bare):
        raise ValueError("has a bracket that is not closed")
    return value


def _balanced(value: str) -> bool:
    depth = 0
    for char in value:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _families(value: str) -> str:
    """A CSS font-family list of quoted names; empty for the address of a font file."""
    if _ADDRESS.match(value):
        return ""
    names = [name.strip().strip("\"'").strip() for name in value.split(",")]
    if not all(_FAMILY.fullmatch(name) for name in names):
        raise ValueError("must be a font name, or several with commas between")
    return ",".join(f'"{_GENERIC.get(name.lower(), name)}"' for name in names)


def _shadow(value: Any) -> str:
    """The old numeric shadow: how many pixels the default shadow lies aside."""
    written = _written(value)
    if not _NUMBER.fullmatch(written):
        raise ValueError("must be a number of pixels")
    offset = float(written)
    return f"{offset:g}px {offset:g}px rgba(33,33,33,0.5)" if offset else "none"


def _joined(rules: Mapping[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in rules.items())


def _in_pixels(css: str, canvas_width: int, canvas_height: int) -> str:
    """The CSS with lengths that count the movie's canvas, not the page's viewport, as pixels."""
    sides = {"w": canvas_width, "h": canvas_height}
    sides |= {"min": min(sides.values()), "max": max(sides.values())}

    def pixels(found: re.Match[str]) -> str:
        return f"{float(found[1]) * sides[found[2].lower()] / 100:.6g}px"

    return _VIEWPORT_UNIT.sub(pixels, css)


def _markup(text: str) -> str:
    """The text as HTML: line breaks are breaks, everything else is literal."""
    return "<br>".join(html.escape(line) for line in _LINE_BREAK.split(text))
