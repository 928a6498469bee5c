"""What the JSON Schema is to know of texts beside their model: styles, and settings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.text.described_css import css_settings
from resplice.core.text.settings import SETTINGS
from resplice.core.text.styles import STYLES

Schema = dict[str, Any]
_HOW = {
    "001": "nothing moves",
    "002": "the whole fades in, over 2 seconds",
    "003": "word by word fades in",
    "004": "letter by letter fades in",
    "005": "letters jump up",
    "006": "letters slide in",
    "007": "letters turn up, like dominoes",
    "008": "letters grow between two lines",
    "009": "letters fade in, in no order",
    "010": "letters fade out, in no order",
    "011": "nothing moves; a box behind each word",
}


def described(part: Schema, parts: Schema, components: Sequence[ComponentFolder]) -> None:
    """Adds which styles there are, and what settings do; defaults are the style's."""
    known = part["properties"]
    known["style"] = {
        **{key: known["style"][key] for key in ("description", "default")},
        "anyOf": [*map(_choice, STYLES), _also()],
    }
    usual = known["style"]["default"]
    known["settings"]["properties"] = css_settings((*SETTINGS, "font-url"), STYLES[usual].rules)
    part["allOf"] = [_of_style(name) for name in STYLES]


def _choice(name: str) -> Schema:
    """A style, with what it looks like."""
    style = STYLES[name]
    rules = style.rules
    family, size = rules["font-family"].strip('"'), rules["font-size"]
    lasts = f"; {style.intro_s:g} s" if style.intro_s else ""
    return {"const": name, "description": f"{family} {size}, {_HOW.get(name, 'a style')}{lasts}."}


def _also() -> Schema:
    """Names without their zeros, and as numbers: read, and not offered."""
    bare = [name.lstrip("0") for name in STYLES]
    return {
        "type": ["string", "integer"],
        "pattern": rf"^\s*0{{0,2}}({'|'.join(bare)})\s*$",
        "minimum": min(map(int, bare)),
        "maximum": max(map(int, bare)),
    }


def _of_style(name: str) -> Schema:
    """The defaults of one style."""
    rules = {key: {"default": value} for key, value in STYLES[name].rules.items()}
    return {
        "if": {"properties": {"style": {"const": name}}, "required": ["style"]},
        "then": {"properties": {"settings": {"properties": rules}}},
    }
