"""Voices: text to sound, and when each word is said."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from resplice.core.words import Word
from resplice.frozen import frozen
from resplice.ports.connections import Secret


@frozen
class Utterance:
    """What is to be said.

    voice     the provider's own id of it
    model     the provider's own name; empty for its usual one
    language  BCP-47: `en-US`
    text      plain text; with ssml a whole `<speak>` document
    settings  JSON object, as text: the element's `model-settings`, which go to the provider
    options   (name, value) of the connection: `region`, `endpoint`
    """

    voice: str
    model: str
    language: str
    text: str
    ssml: bool = False
    settings: str = "{}"
    options: tuple[tuple[str, str], ...] = ()


@frozen
class Spoken:
    """A sound file, as the provider gave it.

    demuxer     FFmpeg's, that reads it: `mp3`, `wav`, `ogg`
    words       in order, with the text as it was given; times count from the file's start. A word
                is what lies between white space, with its marks; of a script that has none
                between words (Chinese, Japanese, Thai and their like), it is what the provider
                takes as one, so that subtitles can end a row behind it: joined, the words are the
                text without its white space. None when the provider does not say
    characters  what it bills for
    """

    demuxer: str
    words: tuple[Word, ...] | None
    characters: int


class VoiceProvider(Protocol):
    """One provider of voices. Safe to call from many threads."""

    max_characters: int
    """The longest text of one utterance."""
    takes_ssml: bool

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        """Say it, into the file; nothing is left there on failure. secret: of the connection.

        Raises ProviderError.
        """
        ...
