"""What a text may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from resplice.core.document.limits import MAX_TEXT_CHARS
from resplice.core.elements.visual import VisualElement
from resplice.core.text.styles import STYLES


class TextElement(VisualElement):
    """Words, with the style and the settings that they are painted in."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    style: str = "001"
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("style")
    @classmethod
    def _painted(cls, style: str) -> str:
        if style not in STYLES:
            raise ValueError(f"The text style '{style}' is not supported yet")
        return style
