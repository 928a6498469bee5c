"""How captions look, as plain values; where they lie on the canvas."""

from __future__ import annotations

from typing import Literal

from resplice.frozen import frozen

Style = Literal["classic", "classic-progressive", "classic-one-word", "boxed-line", "boxed-word"]
STYLES: tuple[Style, ...] = (
    "classic",
    "classic-progressive",
    "classic-one-word",
    "boxed-line",
    "boxed-word",
)

POSITIONS = (
    *("top-left", "top-center", "top-right"),
    *("center-left", "center-center", "center-right"),
    *("bottom-left", "bottom-center", "bottom-right"),
    *("mid-top-center", "mid-bottom-center", "custom"),
)
SIZE_OF_WIDTH = 0.05
"""The font size that nobody said, as a fraction of the movie's width."""


@frozen
class Appearance:
    """What is drawn of every line.

    family    font names as CSS lists them, most wanted first
    weight    100..900
    size_px   of the font, pixels
    position  one of POSITIONS; x, y: with `custom` the middle of the text, pixels of the canvas
    colours   `#rrggbb`, or `#rrggbbaa`; word's of the word that is spoken, line's of the others
    outline_px, shadow_px  thickness around the letters; how far right and down, pixels
    """

    size_px: int
    style: Style = "classic"
    family: str = "Arial"
    weight: int = 400
    position: str = "bottom-center"
    x: int = 0
    y: int = 0
    word_colour: str = "#ffff00"
    line_colour: str = "#ffffff"
    box_colour: str = "#000000"
    outline_colour: str = "#000000"
    outline_px: int = 0
    shadow_colour: str = "#000000"
    shadow_px: int = 0

    @property
    def align(self) -> Literal["left", "center", "right"]:
        """Where rows of a text begin or end."""
        if self.position.endswith("-left"):
            return "left"
        return "right" if self.position.endswith("-right") else "center"
