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
    """A text that is spoken.

    text   what is said; SSML where the provider reads it
    voice  who speaks: a provider's id or name of a voice
    model  the provider's model: azure, elevenlabs, elevenlabs-flash-v2-5, elevenlabs-v3, …
    """

    type: Literal["voice"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS), AfterValidator(document)]
    voice: str | None = None
