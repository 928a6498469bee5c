"""What a swatch may say."""

from __future__ import annotations

from typing import Literal

from resplice.core.document.values import Colour
from resplice.core.elements.visual import VisualElement


class SwatchElement(VisualElement):
    """A colour, and the picture of where it is seen.

    colour   fills it
    pattern  the URL of a picture: the colour is seen where that is bright
    """

    type: Literal["swatch"]
    colour: Colour
    pattern: str | None = None
