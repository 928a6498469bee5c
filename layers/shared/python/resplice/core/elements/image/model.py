"""What an image may say."""

from __future__ import annotations

from typing import Literal

from resplice.core.elements.generated import Generated
from resplice.core.elements.visual import VisualElement


class ImageElement(VisualElement, Generated):
    """A picture: of a file, or generated."""

    type: Literal["image"]
