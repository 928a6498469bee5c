"""Transcribers: sound to words with their times."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from resplice.core.words import Word
from resplice.frozen import frozen
from resplice.ports.connections import Secret


@frozen
class Listening:
    """What is to be transcribed.

    name      of this work, [0-9a-f]{64}: the same when it is tried again, so that a service which
              keeps jobs by name does it once
    language  BCP-47, or `auto`
    model     `default` or `whisper`, as the document has it
    keywords  words that are likely to be heard
    options   (name, value) of the connection: `region`, `endpoint`
    """

    name: str
    language: str
    model: str = "default"
    keywords: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


@frozen
class Transcript:
    """Words in order, with punctuation; none when nobody speaks. language: BCP-47, as heard.

    seconds   what it bills for
    warnings  how far it can be trusted, in a user's words
    """

    words: tuple[Word, ...]
    language: str
    seconds: float
    warnings: tuple[str, ...] = ()


class TranscriberProvider(Protocol):
    """One provider of transcripts. Safe to call from many threads."""

    def knows(self, language: str, model: str) -> bool:
        """Whether it can be asked for that language; `auto` when it finds out by itself."""
        ...

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        """sound: FLAC, 16 kHz, mono. secret: of the connection. Raises ProviderError."""
        ...
