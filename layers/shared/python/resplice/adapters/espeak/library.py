"""The program around eSpeak NG, as functions: what sounds a text has, and speech of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from resplice.adapters.confined.programs import SPEAKER
from resplice.adapters.espeak import program
from resplice.adapters.processes.lines import Program
from resplice.frozen import frozen

TITLE = "eSpeak NG"
TIMEOUT_S = 120.0


@frozen
class Speech:
    """A WAV file that was made. words: (character, ms) as each begins; pauses: [begin, end) ms."""

    total_ms: float
    words: Sequence[tuple[int, int]]
    pauses: Sequence[tuple[int, int]]


class EspeakLibrary:
    """folder: has libespeak-ng and espeak-ng-data. Safe to use from many threads.

    Raises ProviderRefused for a voice that is not there, ProviderBusy for a program that died.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._program = Program(
            TITLE,
            (sys.executable, "-I", "-S", program.__file__, str(folder)),
            row=SPEAKER,
            reads=(program.__file__, str(folder)),
        )

    @property
    def pid(self) -> int | None:
        return self._program.pid

    def sounds(self, voice: str, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """The clauses of each text: characters [begin, end), and IPA with ties."""
        request = {"do": "phonemes", "voice": voice, "texts": list(texts)}
        found = self._program.ask(request, TIMEOUT_S)["texts"]
        return [[(begin, end, ipa) for begin, end, ipa in clauses] for clauses in found]

    def speak(self, voice: str, text: str, ssml: bool, speed: float, into: Path) -> Speech:
        request = {"do": "speech", "voice": voice, "text": text, "ssml": ssml, "speed": speed}
        found = self._program.ask(request, TIMEOUT_S, into)
        words = [(character, ms) for character, ms in found["words"]]
        pauses = [(begin, end) for begin, end in found["pauses"]]
        return Speech(found["samples"] / found["rate"] * 1000, words, pauses)

    def close(self) -> None:
        self._program.close()
