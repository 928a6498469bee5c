"""ElevenLabs: speech to text, with the time of each word.

The wire format: https://elevenlabs.io/docs/api-reference/speech-to-text/convert
Languages and limits: https://elevenlabs.io/docs/overview/capabilities/speech-to-text
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from urllib3.filepost import encode_multipart_formdata

from resplice.adapters.providers.flac_length import check_size
from resplice.adapters.providers.heard_words import (
    Token,
    Unexpected,
    member,
    milliseconds,
    not_as_documented,
    words_of,
)
from resplice.adapters.providers.http import Asking
from resplice.core import languages
from resplice.core.transcribing import CODES, knows
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript

TITLE = "ElevenLabs"
ENDPOINT = "https://api.elevenlabs.io"
MODEL, MODEL_WITH_KEYTERMS = "scribe_v1", "scribe_v2"
"""Only the second takes keyterms."""
MOST_MB, MOST_HOURS = 3000, 10
MOST_KEYTERMS, MOST_KEYTERM_CHARS, MOST_KEYTERM_WORDS = 100, 49, 5
"""With more of them, each request bills for 20 seconds or more."""
WAIT_PER_SECOND = 0.5
"""How much longer is waited for an answer, for each second of sound."""


class ElevenLabsTranscriber:
    """Implements ports.transcribers.TranscriberProvider. Options: `endpoint`."""

    def __init__(self, asking: Asking | None = None) -> None:
        self._asking = asking or Asking(TITLE)

    def knows(self, language: str, model: str) -> bool:
        return knows("elevenlabs", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        if not secret or not secret.get("key"):
            raise ProviderRefused(TITLE, "its connection has no key")
        seconds = check_size(sound, TITLE, most_mb=MOST_MB, most_hours=MOST_HOURS)
        code, warnings = languages.asked(wanted.language, CODES["elevenlabs"], TITLE)
        body, kind = encode_multipart_formdata(
            [
                *_fields(code, wanted.keywords),
                ("file", ("sound.flac", sound.read_bytes(), "audio/flac")),
            ]
        )
        endpoint = dict(wanted.options).get("endpoint", "").rstrip("/") or ENDPOINT
        headers = {"xi-api-key": secret["key"], "Content-Type": kind}
        asking = self._asking.patient(seconds * WAIT_PER_SECOND)
        answer = asking("POST", f"{endpoint}/v1/speech-to-text", headers=headers, body=body)
        try:
            return _transcript(answer.json(TITLE), code, seconds, warnings)
        except Unexpected:
            raise not_as_documented(TITLE) from None


def _fields(code: str | None, keywords: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    terms = [term for term in keywords if _taken(term)][:MOST_KEYTERMS]
    yield "model_id", MODEL_WITH_KEYTERMS if terms else MODEL
    yield "timestamps_granularity", "word"
    yield "tag_audio_events", "false"
    yield "diarize", "false"
    if code:
        yield "language_code", code
    yield from (("keyterms", term) for term in terms)


def _taken(term: str) -> bool:
    return 0 < len(term) <= MOST_KEYTERM_CHARS and len(term.split()) <= MOST_KEYTERM_WORDS


def _transcript(
    answer: Any, code: str | None, seconds: float, warnings: tuple[str, ...]
) -> Transcript:
    words = words_of(_tokens(member(answer, "words", list)), scale=1000)
    heard = languages.canonical(str(answer.get("language_code") or code or ""))
    billed = answer.get("audio_duration_secs")
    return Transcript(
        words,
        heard or languages.AUTO,
        milliseconds(billed, 1000) / 1000 if billed is not None else seconds,
        warnings,
    )


def _tokens(words: list[Any]) -> Iterator[Token]:
    """Without the space between words, and without laughter."""
    for word in words:
        if member(word, "type", str) == "word":
            yield word.get("text"), word.get("start"), word.get("end")
