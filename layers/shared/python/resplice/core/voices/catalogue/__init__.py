"""Every voice that is known by name, of every provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from resplice.core.voices.catalogue import azure, elevenlabs, espeak, kokoro, polly
from resplice.core.voices.catalogue.voice import Sex, Voice

__all__ = ["PROVIDERS_OF_VOICES", "Sex", "Voice", "by_name", "of_provider"]

_LISTS: dict[str, Callable[[], Iterator[Voice]]] = {
    "elevenlabs": elevenlabs.voices,
    "polly": polly.voices,
    "azure": azure.voices,
    "kokoro": kokoro.voices,
    "espeak": espeak.voices,
}
PROVIDERS_OF_VOICES = tuple(_LISTS)
"""In the order in which a bare name (`Brian`) is looked up, when nothing says whose it is."""

_CALLED_BY_NAME = {"elevenlabs", "polly", "azure"}


@cache
def of_provider(provider: str) -> tuple[Voice, ...]:
    """Its voices, the better first within a language and sex; none for one that has no voices."""
    return tuple(_LISTS[provider]()) if provider in _LISTS else ()


@cache
def by_name(provider: str) -> dict[str, Voice]:
    """Its voices by id and, where people call them so, by name, in lower case. Of several with one
    name the first is meant, for those of the United States first.
    """
    voices = sorted(of_provider(provider), key=lambda voice: voice.language != "en-US")
    by_id = {voice.id.lower(): voice for voice in voices}
    named = reversed(voices) if provider in _CALLED_BY_NAME else ()
    return {voice.name.lower(): voice for voice in named} | by_id
