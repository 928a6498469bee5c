"""Transcripts by PocketSphinx: English, offline, for nothing, and not to be trusted far.

It is never imported here: its 37 MB of model and the sound of others stay in a child process.
"""

from __future__ import annotations

from pathlib import Path

from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.pocketsphinx.built import installed
from resplice.adapters.processes.sound_child import SoundChild
from resplice.adapters.providers.heard_words import Unexpected, not_as_documented, words_of
from resplice.adapters.time_left import TimeLeft, endless
from resplice.core.transcribing import knows
from resplice.core.warned import warned
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript

TITLE = "PocketSphinx"
MOST_BYTES = 1 << 30
MOST_HOURS = 2
PATIENCE_SECONDS, PATIENCE_PER_SECOND = 60.0, 4.0
"""Clean speech takes a tenth to a sixth of its length, noise half of it, on a machine at rest."""
TRUST = warned(
    "rough-transcript",
    "PocketSphinx recognises clearly spoken English only, without punctuation, and gets names and "
    "noisy sound wrong",
)


def child(ffmpeg: Ffmpeg, module: str, left_s: TimeLeft = endless) -> SoundChild:
    """A program beside this file, with PocketSphinx's limits; none takes longer than that."""
    return SoundChild(
        ffmpeg,
        TITLE,
        f"{__package__}.{module}",
        most_bytes=MOST_BYTES,
        most_hours=MOST_HOURS,
        patience_s=lambda seconds: min(PATIENCE_SECONDS + PATIENCE_PER_SECOND * seconds, left_s()),
    )


class PocketSphinxTranscriber:
    """Implements ports.transcribers.TranscriberProvider. It needs no connection."""

    def __init__(self, ffmpeg: Ffmpeg) -> None:
        self._child = child(ffmpeg, "listen")

    def knows(self, language: str, model: str) -> bool:
        """`auto` too: then it is English, as the warning says."""
        return knows("pocketsphinx", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        if not self.knows(wanted.language, "default"):
            raise ProviderRefused(TITLE, "it knows English only")
        if not installed():
            raise ProviderRefused(TITLE, "the Python package `pocketsphinx` is not installed")
        heard, seconds = self._child.ask(sound, {})
        try:
            words = words_of(tuple(each) for each in heard)
        except (Unexpected, TypeError, ValueError):
            raise not_as_documented(TITLE) from None
        return Transcript(words, "en", seconds, (TRUST,))
