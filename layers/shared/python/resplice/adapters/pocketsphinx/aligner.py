"""When each word of a known English text was said, by PocketSphinx in a child process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.pocketsphinx.built import installed
from resplice.adapters.pocketsphinx.filled import filled
from resplice.adapters.pocketsphinx.transcriber import TITLE, child
from resplice.adapters.time_left import TimeLeft, endless
from resplice.core.languages import language_of
from resplice.core.words import Word
from resplice.errors import ProviderBusy, ProviderError

MOST_WORDS = 5000


class PocketSphinxAligner:
    """Implements ports.aligner.Aligner, for English."""

    def __init__(self, ffmpeg: Ffmpeg, left_s: TimeLeft = endless) -> None:
        self._child, self._left_s = child(ffmpeg, "find", left_s), left_s

    def align(self, sound: Path, text: str, language: str) -> tuple[Word, ...] | None:
        """A text without times can still be spread over its sound; but not for want of time, as
        what is stored would depend on that.
        """
        words = text.split()
        known = language_of(language) == "en" and installed()
        if not known or not 0 < len(words) <= MOST_WORDS:
            return None
        try:
            found, seconds = self._child.ask(sound, {"words": words})
            return _aligned(words, found, round(seconds * 1000))
        except (ProviderError, TypeError, ValueError):
            if not self._left_s():
                raise ProviderBusy(TITLE, "no time was left to find the words; try again") from None
            return None


def _aligned(words: list[str], found: Any, end_ms: int) -> tuple[Word, ...] | None:
    """found: (number of the word, start, end), of those that were found."""
    times = {int(n): (int(start), int(end)) for n, start, end in found or ()}
    return filled(words, times, end_ms) if times else None
