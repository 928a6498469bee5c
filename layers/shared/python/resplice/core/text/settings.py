"""The settings of a text, over its style: as CSS rules and the place of its box. Pure.

Names are JSON2Video's; some have two spellings. What a value may be is decided in css.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resplice.core.document.limits import MAX_PROBLEMS
from resplice.core.text import css

_SYNONYMS = {
    "font-color": "color",
    "vertical-align": "vertical-position",
    "horizontal-align": "horizontal-position",
}
_VERTICAL = {"top": "flex-start", "center": "center", "middle": "center", "bottom": "flex-end"}
_HORIZONTAL = {"left": "flex-start", "center": "center", "right": "flex-end"}
PLACES = {"vertical-position": _VERTICAL, "horizontal-position": _HORIZONTAL}


SETTINGS = (
    *("font-family", "font-size", "font-weight", "font-style", "color", "text-align"),
    *("vertical-position", "horizontal-position", "background-color", "line-height"),
    *("letter-spacing", "word-spacing", "text-shadow", "text-decoration", "text-transform"),
    *("text-indent", "padding", "margin", "border", "border-radius", "border-color", "opacity"),
    *("shadow", "font-color", "vertical-align", "horizontal-align", "background-image"),
    *("box-shadow", "white-space", "word-break", "overflow-wrap", "direction", "width", "height"),
)
"""What people set on a text: any CSS of that kind works, these are what a slip is compared to."""


class TextSettingsRefused(ValueError):
    """Settings that cannot be used. faults: (settings key, what is wrong with its value)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in faults))


def says_nothing(setting: str) -> bool:
    """Whether a text setting is of no effect, whatever its value."""
    name = _SYNONYMS.get(setting, setting)
    special = name in PLACES or name in ("font-family", "shadow")
    return not special and not css.is_property(name)


def read(
    defaults: Mapping[str, str], settings: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """(CSS declarations, places of the text's box) of the settings over the style's defaults.

    Raises TextSettingsRefused with the first 100 faults.
    """
    rules, places = dict(defaults), dict[str, str]()
    faults = list[tuple[str, str]]()
    for name, key in _keys(settings).items():
        try:
            if name in PLACES:
                places[name] = _place(name, settings[key])
            else:
                rules |= _declarations(name, settings[key])
        except ValueError as fault:
            faults.append((key, str(fault)))
            if len(faults) == MAX_PROBLEMS:
                break
    if faults:
        raise TextSettingsRefused(faults)
    return rules, places


def _keys(settings: Mapping[str, Any]) -> dict[str, str]:
    """Today's name of each setting that says something, to the key that says it.

    Of two spellings of one setting, today's counts.
    """
    said = {key: key for key, value in settings.items() if value is not None}
    if said.keys().isdisjoint(_SYNONYMS):
        return said
    return {_SYNONYMS.get(key, key): key for key in said} | {
        key: key for key in said if key not in _SYNONYMS
    }


def _place(name: str, value: Any) -> str:
    place = str(value).strip().lower()
    if place not in PLACES[name]:
        raise ValueError(f"must be one of {', '.join(PLACES[name])}")
    return place


def flex(places: Mapping[str, str], text_align: str) -> dict[str, str]:
    """Where the text's box lies; aligned lines take their box along unless its place is said."""
    aligned = text_align.lower() if text_align.lower() in _HORIZONTAL else "center"
    return {
        "align-items": _VERTICAL[places.get("vertical-position", "center")],
        "justify-content": _HORIZONTAL[places.get("horizontal-position", aligned)],
    }


def _declarations(name: str, value: Any) -> dict[str, str]:
    """The CSS that a setting stands for; nothing for one that is not known."""
    if name == "font-family":
        families = css.families(css.written(value))
        return {name: families} if families else {}
    if name == "shadow":
        return {"text-shadow": css.shadow(value)}
    if not css.is_property(name):
        return {}
    said = {name: css.declaration(name, value)}
    return said | {"unicode-bidi": "normal"} if name == "direction" else said
