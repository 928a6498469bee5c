"""Settings of a component that are not CSS: READERS, a reader for each type. Pure.

A reader takes what a document says and gives what a template gets; it raises ValueError, with
what the value must be. Numbers may be texts, as documents have them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from resplice.core.declarations import Setting
from resplice.core.elements.component.markup import Safe, inline, paragraphs
from resplice.core.elements.component.own_markup import boxed
from resplice.core.text import css
from resplice.core.text.easing import css_easing

MAX_MS = 600_000
MAX_LISTED = 2_000
MAX_MARKUP_CHARS = 100_000
MAX_POINTS_CHARS = 50_000

_POINTS = re.compile(r"[\s,]+")


def number(value: Any, least: float | None = None, most: float | None = None) -> float:
    """A number within that range; a whole one stays whole."""
    read = _number(value)
    if read is None:
        raise ValueError("must be a number")
    if (least is not None and read < least) or (most is not None and read > most):
        raise ValueError(f"must be {_range(least, most)}")
    return int(read) if read.is_integer() else read


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"{least:g} to {most:g}"


def milliseconds(value: Any, least: float | None = None, most: float | None = None) -> float:
    """A time within that range, 0 to ten minutes where it is open."""
    return number(value, least or 0, most or MAX_MS)


def _number_of(value: Any, setting: Setting) -> float:
    return number(value, setting.minimum, setting.maximum)


def _integer(value: Any, setting: Setting) -> int:
    return round(_number_of(value, setting))


def _milliseconds(value: Any, setting: Setting) -> float:
    return milliseconds(value, setting.minimum, setting.maximum)


def _easing(value: Any, setting: Setting) -> str:
    """A CSS timing function, of anime.js's name."""
    return css_easing(str(value))


def _text(value: Any, setting: Setting) -> tuple[Safe, ...]:
    return paragraphs(value)


def _css(value: Any, setting: Setting) -> Any:
    """One value of CSS, or a list of them."""
    if isinstance(value, list | tuple):
        return tuple(css.declaration("width", part) for part in _listed(value))
    return css.declaration("width", value)


def _colour(value: Any, setting: Setting) -> str:
    return css.declaration("color", value)


def _angle(value: Any, setting: Setting) -> str:
    """A bare number counts degrees."""
    degrees = _number(value)
    return css.declaration("rotate", value) if degrees is None else f"{degrees:g}deg"


def _choice(value: Any, setting: Setting) -> str:
    said = str(value).strip().lower()
    if said not in setting.choices:
        raise ValueError(f"must be one of {', '.join(setting.choices)}")
    return said


def _boolean(value: Any, setting: Setting) -> bool:
    said = str(value).strip().lower()
    if said not in ("true", "false", "1", "0", "yes", "no"):
        raise ValueError("must be true or false")
    return said in ("true", "1", "yes")


def _markup(value: Any, setting: Setting) -> Safe:
    """HTML that stays within its box: nothing in the page runs, and it loads nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be a text")
    if len(str(value)) > MAX_MARKUP_CHARS:
        raise ValueError(f"must not be longer than {MAX_MARKUP_CHARS} characters")
    return boxed(str(value))


def points(value: Any, setting: Setting | None = None) -> str:
    """`x,y x,y …`, three pairs at least."""
    text = str(value).strip()[: MAX_POINTS_CHARS + 1]
    parts = [part for part in _POINTS.split(text) if part]
    numbers = [_number(part) for part in parts]
    is_long = len(text) > MAX_POINTS_CHARS or len(parts) > MAX_LISTED
    if is_long or len(parts) < 6 or len(parts) % 2 or None in numbers:
        raise ValueError(f"must be 3 to {MAX_LISTED // 2} points: '0,0 100,0 50,100'")
    written = [f"{part:g}" for part in numbers if part is not None]
    return " ".join(f"{x},{y}" for x, y in zip(written[::2], written[1::2], strict=True))


def _list(value: Any, setting: Setting) -> tuple[Any, ...]:
    """Texts, or lists of texts."""
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list")
    return tuple(
        tuple(inline(cell) for cell in _listed(part))
        if isinstance(part, list | tuple)
        else inline(part)
        for part in _listed(value)
    )


def _listed(value: Any) -> Any:
    if len(value) > MAX_LISTED:
        raise ValueError(f"must have at most {MAX_LISTED} items")
    return value


READERS: Mapping[str, Callable[[Any, Setting], Any]] = {
    "text": _text,
    "number": _number_of,
    "integer": _integer,
    "milliseconds": _milliseconds,
    "easing": _easing,
    "colour": _colour,
    "angle": _angle,
    "css": _css,
    "choice": _choice,
    "boolean": _boolean,
    "markup": _markup,
    "points": points,
    "list": _list,
}
"""A reader for each type but `image`: what is behind its URL comes with the task."""
