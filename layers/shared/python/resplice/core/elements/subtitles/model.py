"""What subtitles may say. Spec: subtitles reference, 2."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from resplice.core.addresses import is_address
from resplice.core.document.values import lower
from resplice.core.elements.provided import Provided

MAX_INLINE_CHARS = 2_000_000

_TheMovies = BeforeValidator(lambda _: -2)
_TheBeginning = BeforeValidator(lambda _: 0)


class SubtitlesElement(Provided):
    """Captions over the whole movie, wherever the element stands; one of them counts.

    captions  SRT, VTT or ASS: the file's text, or its URL; without them what is said is written
    language  what is spoken: auto, or a code such as en, es or pt-BR
    model     of the transcription: default, or whisper
    settings  how they look, and how words are gathered to lines
    start     without effect: they are over the whole movie
    duration  without effect: they are over the whole movie
    """

    type: Literal["subtitles"]
    captions: str | None = Field(None, max_length=MAX_INLINE_CHARS)
    language: Annotated[str, Field(max_length=40)] = "auto"
    model: Annotated[Literal["default", "whisper"], BeforeValidator(lower)] = "default"
    settings: dict[str, Any] = Field(default_factory=dict)
    start: Annotated[float, _TheBeginning] = 0
    duration: Annotated[float, _TheMovies] = -2

    def said(self) -> str | None:
        """Its captions, when it has some."""
        return self.captions if self.captions and self.captions.strip() else None

    def captions_url(self) -> str | None:
        """Where they are, when that is what it says."""
        said = (self.said() or "").strip()
        return said if len(said.splitlines()) == 1 and is_address(said) else None
