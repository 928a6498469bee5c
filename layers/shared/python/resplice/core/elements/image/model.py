"""What an image may say."""

from __future__ import annotations

from typing import Literal

from resplice.core.elements.visual import VisualElement


class ImageElement(VisualElement):
    """A picture."""

    type: Literal["image"]
    src: str
