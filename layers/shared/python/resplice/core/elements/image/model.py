"""What an image may say."""

from __future__ import annotations

from typing import ClassVar, Literal

from resplice.core.elements.generated import Generated
from resplice.core.elements.visual import VisualElement
from resplice.core.models import Kind


class ImageElement(VisualElement, Generated):
    """A picture: of a file, or generated."""

    makes: ClassVar[Kind] = "image"

    type: Literal["image"]
