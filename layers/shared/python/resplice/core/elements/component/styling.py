"""CSS that a document sets on a group of a component: what is let through, and how it is written.

Values are judged by core.text.css; here is which properties there are beside those of texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from resplice.core.text import FALLBACK_FAMILY, css

_DROPPED = frozenset({"position", "z-index", "content"})
"""They would take the component's own page apart."""

_PROPERTY = re.compile(
    r"""left | right | top | bottom | inset(-[a-z-]+)? | display | visibility | flex(-[a-z]+)?
      | order | (row-|column-)?gap | (align|justify|place)-(items|content|self)
      | grid(-[a-z-]+)? | overflow(-[xy])? | object-(fit|position) | aspect-ratio
      | transform(-origin|-style|-box)? | rotate | scale | translate | perspective(-origin)?
      | backface-visibility | filter | backdrop-filter | (mix|background)-blend-mode | isolation
      | clip-path | (-webkit-)?mask(-[a-z-]+)? | border-(collapse|spacing) | table-layout
      | caption-side | empty-cells | list-style(-[a-z]+)? | column(s|-[a-z]+)? | float | clear
      | image-rendering | fill(-[a-z]+)? | stroke(-[a-z]+)? | -webkit-line-clamp | line-clamp
      | text-stroke | shape-(outside|margin) | accent-color | font | background-attachment
      | font-color | offset-(path|distance|rotate|anchor|position) | zoom""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_RENAMED = {"text-stroke": "-webkit-text-stroke", "font-color": "color"}

PLACES = {
    "vertical-align": "vertical-position",
    "vertical-position": "vertical-position",
    "horizontal-align": "horizontal-position",
    "horizontal-position": "horizontal-position",
}
"""Names of the settings that say where a block lies, to the name that is used here."""

KNOWN = (
    *("left", "top", "right", "bottom", "width", "height", "color", "background", "opacity"),
    *("background-color", "background-image", "background-size", "border", "border-radius"),
    *("border-color", "box-shadow", "padding", "margin", "display", "overflow", "rotate"),
    *("font-family", "font-size", "font-weight", "font-style", "font-url", "line-height"),
    *("letter-spacing", "text-align", "text-shadow", "text-stroke", "text-transform"),
    *("vertical-align", "horizontal-align", "min-font-size", "max-font-size", "fill", "stroke"),
    *("transform", "filter", "gap", "align-items", "justify-content", "text-decoration"),
)
"""What people set on a group: any CSS of that kind works, a slip is compared to these."""


def is_dropped(name: str) -> bool:
    """Whether it is CSS that groups may not have: left out without a word."""
    return name in _DROPPED


def is_property(name: str) -> bool:
    """Whether a group may have CSS of that name."""
    return css.is_property(name) or bool(_PROPERTY.fullmatch(name)) or name == "font-family"


def declarations(name: str, value: Any, own_family: str | None = None) -> dict[str, str]:
    """The CSS that a setting stands for. own_family: of the group's own font file, which comes
    first. Raises ValueError, with what the value must be.
    """
    if name == "font-family":
        named = css.families(css.written(value))
        families = filter(None, [own_family and f'"{own_family}"', named, f'"{FALLBACK_FAMILY}"'])
        return {name: ",".join(families)}
    if name == "rotate" and _NUMBER.fullmatch(css.written(value)):
        return {name: f"{css.written(value)}deg"}
    said = {_RENAMED.get(name, name): css.declaration(name, value)}
    return said | {"unicode-bidi": "normal"} if name == "direction" else said


def over(defaults: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults, then what is said: CSS takes the last, also of `padding` and `padding-left`."""
    return {name: value for name, value in defaults.items() if name not in said} | dict(said)
