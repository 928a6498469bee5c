"""A row of the table of text styles. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from resplice.frozen import frozen


@frozen
class Style:
    """What a text looks like when its settings do not say, and how it moves.

    rules    settings: CSS property -> value; each style has a font-family and a text-align
    intro_s  how long it lasts when its duration is -1; 0: as long as its container
    split    what its text is taken apart into: `letters`, `words`, `spans` (words that stay
             inline), or nothing
    css      how the parts look and move, as CSS animations; .text is the block, .word and .letter
             its parts, each with its number --n and its chance --random (0..1)
    around   what stands in the block: the text at {text}
    """

    rules: Mapping[str, str]
    intro_s: float = 5
    split: str = ""
    css: str = ""
    around: str = "{text}"

    @property
    def moves(self) -> bool:
        return "animation:" in self.css


BASE = MappingProxyType(
    {
        "font-size": "4vw",
        "font-weight": "400",
        "color": "#FFFFFF",
        "text-align": "center",
        "line-height": "1.2",
    }
)
SHADOW = MappingProxyType({"text-shadow": "2px 2px rgba(33,33,33,0.5)"})
