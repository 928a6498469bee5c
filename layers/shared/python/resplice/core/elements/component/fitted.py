"""`font-size: auto`: between which sizes the browser is to fit a text. The painter does it.

An element that carries the attributes gets the largest size at which its content overflows
neither itself nor the nearest element around it that is marked `data-fit-box`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resplice.core.elements.component.markup import Safe
from resplice.core.text import css

LEAST, MOST = "min-font-size", "max-font-size"
LEAST_PX = 6.0
AUTO = "auto"


def is_fitted(said: Mapping[str, Any]) -> bool:
    """Whether the group's font size is to be found."""
    return str(said.get("font-size", "")).strip().lower() == AUTO


def bound_px(value: Any, width: int, height: int) -> float:
    """One of the bounds in pixels of the canvas. Raises ValueError."""
    written = css.in_pixels(css.declaration("font-size", value), width, height)
    try:
        pixels = float(written.removesuffix("px"))
    except ValueError:
        pixels = 0
    if not 0 < pixels <= 10_000:
        raise ValueError("must be a size in px, vw or vh, more than 0")
    return pixels


def attributes(least_px: float | None, most_px: float | None, height: int) -> Safe:
    """What marks the element for the painter. Without a bound it may be as high as the canvas."""
    least = LEAST_PX if least_px is None else least_px
    most = max(least, float(height) if most_px is None else most_px)
    return Safe(f'data-fit-min="{least:g}" data-fit-max="{most:g}"')
