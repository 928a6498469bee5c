"""Words and when each is said: what speaking and transcribing bring, and subtitles show."""

from __future__ import annotations

from resplice.frozen import frozen


@frozen
class Word:
    """A word with its punctuation, as it is written; [start_ms, end_ms) of the sound it is in."""

    text: str
    start_ms: int
    end_ms: int
