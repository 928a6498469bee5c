"""Aligners: when each word of a text that is known was said."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from resplice.core.words import Word


class Aligner(Protocol):
    """Finds the words of a text in the sound that says it. Safe to call from many threads."""

    def align(self, sound: Path, text: str, language: str) -> tuple[Word, ...] | None:
        """One Word for each word between the text's white space, as written there, in order.

        sound: FLAC, 16 kHz, mono. language: BCP-47. None when the language is not known here, or
        the text is not found in the sound. Raises ProviderBusy when there is no time to look.
        """
        ...
