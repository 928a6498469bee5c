"""Values of text settings as CSS: what is let through, and how it is written. Pure.

Settings come from outside and are hostile: a value becomes CSS only when its property is on a list
and it can neither load anything nor end its declaration. Every function raises ValueError, with
what the value must be, for one that is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from resplice.core.text.families import GENERIC

MAX_VALUE_CHARS = 1000

_UNITLESS = {
    *("font-weight", "line-height", "opacity", "tab-size", "font-size-adjust", "scale", "flex"),
    *("flex-grow", "flex-shrink", "order", "fill-opacity", "stroke-opacity", "aspect-ratio"),
    *("stroke-miterlimit", "column-count", "orphans", "widows"),
}

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
    r"|(repeating-)?(linear|radial|conic)-gradient|repeat|minmax|fit-content"
    r"|(translate|rotate|scale|skew)([xyz]|3d)?|matrix(3d)?|perspective"
    r"|blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|saturate|sepia"
    r"|circle|ellipse|inset|polygon"
)
_REFUSED = re.compile(r"[;{}<>@\\\[\]\x00-\x1f\x7f]|/\*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([\w-]*)\(")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_VIEWPORT_UNIT = re.compile(r"(?<![\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))[sld]?v(w|h|min|max)\b", re.I)
_ADDRESS = re.compile(r"[a-z]+:", re.IGNORECASE)
_FAMILY = re.compile(r"[\w .&'+-]{1,100}")


def is_property(name: str) -> bool:
    """Whether a CSS property of that name may be set."""
    return bool(_PROPERTY.fullmatch(name))


def declaration(name: str, value: Any) -> str:
    """The value of a property that may be set; a bare number counts pixels."""
    text = written(value)
    if _NUMBER.fullmatch(text):
        return text if name in _UNITLESS else f"{text}px"
    return _checked(text)


def written(value: Any) -> str:
    """A text or a number as it stands in CSS."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be a text or a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if len(text) > MAX_VALUE_CHARS:
        raise ValueError(f"must not be longer than {MAX_VALUE_CHARS} characters")
    return text


def _checked(value: str) -> str:
    """The value, if it stays within its declaration and calls nothing that could load."""
    if not value or (bad := _REFUSED.search(value)):
        raise ValueError(f"must not hold '{bad[0]}'" if value and bad else "must not be empty")
    bare = _STRING.sub("", value) if "'" in value or '"' in value else value
    if "'" in bare or '"' in bare:
        raise ValueError("has a quote that is not closed")
    for call in _CALL.finditer(bare):
        if call[1] and not _FUNCTIONS.fullmatch(call[1].lower()):
            raise ValueError(f"must not use {call[1]}()")
    if (")" in bare or "(" in bare) and not _balanced(bare):
        raise ValueError("has a bracket that is not closed")
    return value


def _balanced(value: str) -> bool:
    depth = 0
    for char in value:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def families(value: str) -> str:
    """A CSS font-family list of quoted names; empty for the address of a font file."""
    if _ADDRESS.match(value):
        return ""
    names = [name.strip().strip("\"'").strip() for name in value.split(",")]
    if not all(_FAMILY.fullmatch(name) for name in names):
        raise ValueError("must be a font name, or several with commas between")
    return ",".join(f'"{GENERIC.get(name.lower(), name)}"' for name in names)


def shadow(value: Any) -> str:
    """The old numeric shadow: how many pixels the default shadow lies aside."""
    text = written(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number of pixels")
    offset = float(text)
    return f"{offset:g}px {offset:g}px rgba(33,33,33,0.5)" if offset else "none"


def joined(rules: Mapping[str, str]) -> str:
    """Declarations as one text."""
    return "".join(f"{name}:{value};" for name, value in rules.items())


def in_pixels(css: str, canvas_width: int, canvas_height: int) -> str:
    """The CSS with lengths that count a canvas, not the page's viewport, as pixels."""
    sides = {"w": canvas_width, "h": canvas_height}
    sides |= {"min": min(sides.values()), "max": max(sides.values())}

    def pixels(found: re.Match[str]) -> str:
        return f"{float(found[1]) * sides[found[2].lower()] / 100:.6g}px"

    return _VIEWPORT_UNIT.sub(pixels, css)
