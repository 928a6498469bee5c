"""Speaking with eSpeak NG: plain, clear, and in more than a hundred languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from resplice.adapters.espeak.library import TITLE, EspeakLibrary, Speech
from resplice.adapters.espeak.speed import speed_in
from resplice.adapters.espeak.ssml import GLUE, BadSsml, Reader
from resplice.adapters.espeak.words import readable, timed, words_of
from resplice.core.words import Word
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance

_VOICE = re.compile(r"[A-Za-z0-9-]{2,40}(\+[A-Za-z0-9]{1,20})?")


class EspeakVoices:
    """A VoiceProvider. A voice is a language that eSpeak NG has, with a variant after a plus:
    `de`, `pt-br+f3`; without one, the utterance's language speaks.

    Equal utterances give equal files.
    """

    max_characters = 5000
    takes_ssml = True

    def __init__(self, library: EspeakLibrary) -> None:
        self._library = library

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        speed = speed_in(utterance.settings, TITLE)
        voice = utterance.voice or utterance.language
        if not _VOICE.fullmatch(voice):
            raise ProviderRefused(TITLE, f"there is no such voice: {voice[:60]}")
        if len(utterance.text) > self.max_characters:
            raise ProviderRefused(
                TITLE, f"the text is longer than {self.max_characters} characters"
            )
        text, spans = _said(utterance)
        if not spans:
            raise ProviderRefused(TITLE, "there is nothing to say in the text")
        try:
            speech = self._library.speak(voice, text, utterance.ssml, speed, into)
            if not speech.words:
                raise ProviderRefused(TITLE, "there is nothing to say in the text")
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        return Spoken("wav", _words(spans, speech), len(utterance.text))


Span = tuple[int, int, str]


def _said(utterance: Utterance) -> tuple[str, list[Span]]:
    """(what the library gets, where its words stand in that)."""
    if not utterance.ssml:
        return readable(utterance.text), words_of(utterance.text)
    try:
        reader = Reader(readable(utterance.text))
    except BadSsml as error:
        raise ProviderRefused(TITLE, str(error)) from None
    shown = words_of(reader.shown)
    spans = [(begin, end, word.replace(GLUE, "")) for begin, end, word in shown]
    return reader.document, [span for span in spans if span[2]]


def _words(spans: Sequence[Span], speech: Speech) -> tuple[Word, ...]:
    said = dict[int, tuple[float, float]]()
    place, events = 0, sorted(speech.words)
    for at, (character, ms) in enumerate(events):
        while place + 1 < len(spans) and spans[place + 1][0] <= character:
            place += 1
        end = events[at + 1][1] if at + 1 < len(events) else speech.total_ms
        begin = said[place][0] if place in said else ms
        said[place] = (begin, _before_pause(ms, end, speech.pauses))
    return timed([word for _, _, word in spans], said, speech.total_ms)


def _before_pause(begin: float, end: float, pauses: Sequence[tuple[int, int]]) -> float:
    """A word's end, when a pause comes before the next one begins."""
    return next((quiet for quiet, last in pauses if begin < quiet < end <= last + 1), end)
