"""What a text may say. The names in its settings: core/text/settings.py."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from resplice.core.document.limits import MAX_TEXT_CHARS
from resplice.core.document.values import Duration
from resplice.core.elements.visual import VisualElement
from resplice.core.text.styles import STYLES

STYLE_DIGITS = 3
"""Of a style's name, which may come as a number and so without its zeros."""


class TextElement(VisualElement):
    """Words, with the style and the settings that they are painted in.

    text      what is written; \\n or <br> begins a line
    style     how it looks and moves when its settings do not say
    settings  CSS of the text, and where it lies in its box
    """

    type: Literal["text"]
    duration: Duration = -2
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    style: str = "001"
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("style")
    @classmethod
    def _painted(cls, style: str) -> str:
        name = style.strip().zfill(STYLE_DIGITS)
        if name not in STYLES:
            raise ValueError(f"There is no text style '{style}'; there are {', '.join(STYLES)}")
        return name
