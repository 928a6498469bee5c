"""Text styles: what a text looks like when its settings do not say. A style is a file and a row.

Values are CSS of ours, trusted; they are read like settings, lengths in vw of the element's canvas.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.text.styles import s001

STYLES: dict[str, Mapping[str, str]] = {"001": s001.RULES}
"""Every text style: its name -> CSS property -> value. Each has a font-family and a text-align."""

USUAL_INTRO_SECONDS = 5
INTRO_SECONDS: dict[str, float] = {"001": 0, "003": 10}
"""How long a style's animation is said to last where that is not the usual; 0: it has none."""


def intro_seconds(style: str) -> float:
    """How long the style's animation is said to last: a text whose duration is -1 does so too."""
    return INTRO_SECONDS.get(style, USUAL_INTRO_SECONDS)
