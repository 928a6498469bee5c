"""Speaking with Kokoro: a text to pieces, pieces to sound, and the times of its words."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.speed import speed_in
from resplice.adapters.espeak.words import timed, words_of
from resplice.adapters.kokoro import program
from resplice.adapters.kokoro.clauses import Word, chinese_clauses, clauses, japanese_clauses
from resplice.adapters.kokoro.japanese_words import Token
from resplice.adapters.kokoro.pieces import Clause, Piece, pieces
from resplice.adapters.kokoro.sounds import READINGS, Reading, reading
from resplice.adapters.machine import machine
from resplice.adapters.processes.lines import Program
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance

TITLE = "Kokoro"
TIMEOUT_S = 120.0
TIMEOUT_S_PER_TOKEN = 1.0
"""A free core needs 0.03. Only a process that hangs is meant to be found, not a busy machine."""
REQUESTS_AT_ONCE = 4
"""More wait here, where their time does not run yet."""
MOST_THREADS = 8


class KokoroVoices:
    """The voices in a folder that layers/voices/assemble.py has made; a VoiceProvider.

    Nothing is started before the first text is spoken. One process then computes all, side by
    side, and is kept until close(). Equal utterances give equal files on a machine.
    """

    max_characters = 2000
    takes_ssml = False

    def __init__(self, folder: Path, espeak: EspeakLibrary, threads: int | None = None) -> None:
        """threads: that compute; None for as many as this process may use."""
        self._folder, self._espeak = folder, espeak
        at_work = min(threads or machine().processors, MOST_THREADS)
        command = (sys.executable, "-I", "-S", str(Path(program.__file__)))
        self._program = Program(
            TITLE,
            (*command, str(folder), str(at_work)),
            reads=(program.__file__, str(folder)),
        )
        self._turns = threading.BoundedSemaphore(REQUESTS_AT_ONCE)

    @property
    def pid(self) -> int | None:
        """Of the process that computes, while there is one."""
        return self._program.pid

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        speed = speed_in(utterance.settings, TITLE)
        texts, parts = self._pieces(utterance)
        request = {
            "voice": utterance.voice,
            "speed": speed,
            "pieces": [each.tokens for each in parts],
        }
        try:
            with self._turns:
                found = self._program.ask(request, _timeout_s(parts), into)
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        per_ms = program.RATE / 1000
        said = _times(parts, found["begins"], per_ms)
        words = timed(texts, said, found["samples"] / per_ms)
        return Spoken("wav", words, len(utterance.text))

    def close(self) -> None:
        self._program.close()

    def _pieces(self, utterance: Utterance) -> tuple[list[str], list[Piece]]:
        """(the words, what is computed of them).

        Raises ProviderRefused for a voice, a language or a text that it cannot speak.
        """
        how = self._reading(utterance)
        if utterance.ssml:
            raise ProviderRefused(TITLE, "it takes no SSML")
        if len(utterance.text) > self.max_characters:
            raise ProviderRefused(
                TITLE, f"the text is longer than {self.max_characters} characters"
            )
        texts, found = self._clauses(utterance.text, how)
        made = pieces(found, self._tokens)
        if not made:
            raise ProviderRefused(TITLE, "there is nothing to say in the text")
        return texts, made

    def _reading(self, utterance: Utterance) -> Reading:
        voice = utterance.voice
        if voice not in self._voices:
            raise ProviderRefused(TITLE, f"there is no such voice: {voice[:60]}")
        how = reading(voice, utterance.language)
        if how is None:
            raise ProviderRefused(TITLE, f"{voice} does not speak {utterance.language[:40]}")
        return how

    def _clauses(self, text: str, how: Reading) -> tuple[list[str], list[Clause]]:
        """(words, clauses that name them by place)."""
        if how is READINGS["z"]:
            return chinese_clauses(text, how, self._espeak, self._pinyin)
        if how is READINGS["j"]:
            return japanese_clauses(text, how, self._espeak, self._tokenized)
        return [word for _, _, word in words_of(text)], clauses(text, how, self._espeak)

    def _pinyin(self, texts: Sequence[str]) -> Sequence[Sequence[Word]]:
        found = self._program.ask({"chinese": list(texts)}, TIMEOUT_S)
        words: Sequence[Sequence[Word]] = found["words"]
        return words

    def _tokenized(self, text: str) -> list[Token]:
        found = self._program.ask({"japanese": text}, TIMEOUT_S)
        return [Token(*each) for each in found["tokens"]]

    @cached_property
    def _voices(self) -> frozenset[str]:
        return frozenset(path.stem for path in (self._folder / "voices").glob("*.bin"))

    @cached_property
    def _tokens(self) -> dict[str, int]:
        tokens: dict[str, int] = json.loads((self._folder / "tokens.json").read_text())
        return tokens


def _timeout_s(parts: Sequence[Piece]) -> float:
    return TIMEOUT_S + TIMEOUT_S_PER_TOKEN * sum(len(each.tokens) for each in parts)


def _times(
    parts: Sequence[Piece], begins: Sequence[Sequence[int]], per_ms: float
) -> dict[int, tuple[float, float]]:
    """[begin, end) in ms of each word that is heard, by its place."""
    said = dict[int, tuple[float, float]]()
    for piece, places in zip(parts, begins, strict=True):
        for at, owner in enumerate(piece.owners):
            if owner is not None:
                first = said[owner][0] if owner in said else places[at] / per_ms
                said[owner] = (first, places[at + 1] / per_ms)
    return said
