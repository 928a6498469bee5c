"""What a video may say."""

from __future__ import annotations

from typing import ClassVar, Literal

from resplice.core.elements.generated import Generated
from resplice.core.elements.moving import Playing, Sounding
from resplice.core.elements.visual import VisualElement
from resplice.core.models import Kind


class VideoElement(VisualElement, Sounding, Playing, Generated):
    """A clip, with its sound: of a file, or generated."""

    makes: ClassVar[Kind] = "video"

    type: Literal["video"]
