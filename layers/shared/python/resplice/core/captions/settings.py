"""The settings of subtitles, with their other names, to what they mean. Pure.

Names and defaults are JSON2Video's. A value that cannot be read is a fault; a name that we do not
know is read as the nearest thing there is, with a warning.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resplice.core.captions.appearance import POSITIONS, SIZE_OF_WIDTH, STYLES, Appearance
from resplice.core.captions.fonts import font_named, weight_of
from resplice.core.composition import Canvas
from resplice.core.document.colours import with_alpha
from resplice.core.document.limits import MAX_PIXELS
from resplice.core.document.spelling import nearest
from resplice.core.warned import warned
from resplice.frozen import frozen

MAX_FONT_PX = 2000
MAX_EDGE_PX = 200
MAX_WORDS = 50
USUAL_WORDS = 4
MAX_REPLACED = 1_000
MAX_KEYWORDS = 1_000

SYNONYMS = {"color": "line-color", "font-color": "line-color", "highlight-color": "word-color"}
PLACES = {
    **{"bottom": "bottom-center", "top": "top-center", "center": "center-center"},
    **{"middle": "center-center", "mid-center": "center-center", "center-middle": "center-center"},
}
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


class CaptionSettingsRefused(ValueError):
    """Settings that cannot be used. faults: every (settings key, what is wrong with its value)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in faults))


@frozen
class CaptionSettings:
    """What the settings say of all captions; replacements: (word heard, word written)."""

    look: Appearance
    max_words: int = USUAL_WORDS
    all_caps: bool = False
    keywords: tuple[str, ...] = ()
    replacements: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Read:
    """Settings while they are read."""

    look: Appearance
    others: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def usual_look(canvas: Canvas) -> Appearance:
    """How captions look when nobody says how."""
    return Appearance(max(1, round(canvas.width * SIZE_OF_WIDTH)))


def read_settings(
    settings: Mapping[str, Any], canvas: Canvas, usual: Appearance | None = None
) -> CaptionSettings:
    """usual: how they look where the settings say nothing; the format's defaults without it.

    Raises CaptionSettingsRefused with every fault.
    """
    read = _Read(usual or usual_look(canvas))
    faults = []
    for name, key in _keys(settings).items():
        try:
            _READERS[name](read, settings[key])
        except ValueError as fault:
            faults.append((key, str(fault)))
    if faults:
        raise CaptionSettingsRefused(faults)
    return CaptionSettings(read.look, **read.others, warnings=tuple(read.warnings))


def _keys(settings: Mapping[str, Any]) -> dict[str, str]:
    """Each setting that says something, in the order of SETTINGS, to the key that says it.

    Of two names of one setting, the usual one counts.
    """
    said = (key for key in sorted(SYNONYMS) if settings.get(key) is not None)
    found = {SYNONYMS[key]: key for key in said}
    found |= {name: name for name in _READERS if settings.get(name) is not None}
    return {name: found[name] for name in _READERS if name in found}


def _style(read: _Read, value: Any) -> None:
    name = _name(value)
    meant = name if name in STYLES else nearest(name, STYLES) or "classic"
    if meant != name:
        words = f"the subtitles style '{name[:60]}' is not known: {meant} is used"
        read.warnings.append(warned("setting-ignored", words))
    read.look = replace(read.look, style=next(style for style in STYLES if style == meant))


def _position(read: _Read, value: Any) -> None:
    name = _name(value)
    place = name if name in POSITIONS else PLACES.get(name, "bottom-center")
    if place != name:
        words = f"the position '{name[:60]}' is not known: {place} is used"
        read.warnings.append(warned("setting-ignored", words))
    read.look = replace(read.look, position=place)


def _family(read: _Read, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be the name of a font")
    family, weight = font_named(value)
    read.look = replace(read.look, family=family, weight=weight or read.look.weight)


def _weight(read: _Read, value: Any) -> None:
    read.look = replace(read.look, weight=weight_of(value))


def _colour(name: str) -> Callable[[_Read, Any], None]:
    def reader(read: _Read, value: Any) -> None:
        if not isinstance(value, str):
            raise ValueError("must be a colour like #1E90FF, rgb(30, 144, 255) or dodgerblue")
        said: dict[str, Any] = {name: with_alpha(value)}
        read.look = replace(read.look, **said)

    return reader


def _pixels(name: str, least: int, most: int) -> Callable[[_Read, Any], None]:
    def reader(read: _Read, value: Any) -> None:
        said: dict[str, Any] = {name: _whole(value, least, most)}
        read.look = replace(read.look, **said)

    return reader


def _outline(read: _Read, value: Any) -> None:
    """-1 is written by some for none."""
    read.look = replace(read.look, outline_px=max(0, _whole(value, -1, MAX_EDGE_PX)))


def _max_words(read: _Read, value: Any) -> None:
    read.others["max_words"] = min(MAX_WORDS, _whole(value, 1, 1_000_000))


def _all_caps(read: _Read, value: Any) -> None:
    name = str(value).strip().lower()
    if name not in _TRUE + _FALSE:
        raise ValueError("must be true or false")
    read.others["all_caps"] = name in _TRUE


def _keywords(read: _Read, value: Any) -> None:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(w, str | int) for w in words):
        raise ValueError("must be a list of words")
    if len(words) > MAX_KEYWORDS:
        raise ValueError(f"must not have more than {MAX_KEYWORDS} words")
    read.others["keywords"] = tuple(str(word).strip() for word in words if str(word).strip())


def _replace(read: _Read, value: Any) -> None:
    if not isinstance(value, Mapping) or not all(
        isinstance(word, str | int | float) or word is None for word in value.values()
    ):
        raise ValueError("must be an object of words and what to write for them")
    if len(value) > MAX_REPLACED:
        raise ValueError(f"must not have more than {MAX_REPLACED} words")
    pairs = ((str(key), "" if word is None else str(word)) for key, word in value.items())
    read.others["replacements"] = tuple(sorted(pairs))


def _nothing(read: _Read, value: Any) -> None:
    """Read elsewhere: the file of a font is one of the element's addresses."""


_READERS: dict[str, Callable[[_Read, Any], None]] = {
    "style": _style,
    "font-family": _family,
    "font-url": _nothing,
    "font-weight": _weight,
    "font-size": _pixels("size_px", 1, MAX_FONT_PX),
    "all-caps": _all_caps,
    "position": _position,
    "x": _pixels("x", -MAX_PIXELS, MAX_PIXELS),
    "y": _pixels("y", -MAX_PIXELS, MAX_PIXELS),
    "word-color": _colour("word_colour"),
    "line-color": _colour("line_colour"),
    "box-color": _colour("box_colour"),
    "outline-color": _colour("outline_colour"),
    "outline-width": _outline,
    "shadow-color": _colour("shadow_colour"),
    "shadow-offset": _pixels("shadow_px", -MAX_EDGE_PX, MAX_EDGE_PX),
    "max-words-per-line": _max_words,
    "keywords": _keywords,
    "replace": _replace,
}
"""How each setting is read; a weight that is said counts more than one in a font's name."""

SETTINGS = (*_READERS, *SYNONYMS)
"""Every name that does something."""


def _name(value: Any) -> str:
    return "-".join(str(value).lower().replace("_", " ").split())


def _whole(value: Any, least: int, most: int) -> int:
    """The nearest whole number, also of a text: `80`, `80px`. Raises ValueError."""
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(str(value).strip().removesuffix("px"))
        if not math.isfinite(number):
            raise ValueError
    except ValueError:
        raise ValueError("must be a number") from None
    if not least <= round(number) <= most:
        raise ValueError(f"must be {least} to {most}")
    return round(number)
