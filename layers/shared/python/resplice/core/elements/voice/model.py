"""What a voice may say. Spec: voices and models reference, 1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from resplice.core.elements.moving import Sounding
from resplice.core.elements.provided import Provided
from resplice.core.voices.speech_text import document

MAX_TEXT_CHARS = 10_000
"""About ten minutes of speech."""


class VoiceElement(Sounding, Provided):
    """A text that is spoken. voice: any provider's id of one; model: of the provider."""

    type: Literal["voice"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS), AfterValidator(document)]
    voice: str | None = None
