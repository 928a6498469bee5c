"""OpenAI, and servers that speak as it does: audio transcriptions with the time of each word.

The wire format: https://platform.openai.com/docs/api-reference/audio/createTranscription
Its size limit and its languages: https://platform.openai.com/docs/guides/speech-to-text
Only `whisper-1` gives word times (`verbose_json` with `timestamp_granularities[]`).
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
    punctuated,
    words_of,
)
from resplice.adapters.providers.http import Asking
from resplice.core import languages
from resplice.core.transcribing import CODES, knows
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript

TITLE = "OpenAI"
ENDPOINT = "https://api.openai.com/v1"
MODEL = "whisper-1"
MOST_MB = 25
MOST_PROMPT_CHARS = 600
"""It reads the last 224 tokens of a prompt; a token is about four letters of English."""
WAIT_PER_SECOND = 0.5
"""How much longer is waited for an answer, for each second of sound."""


class OpenAiTranscriber:
    """Implements ports.transcribers.TranscriberProvider.

    Options: `endpoint`, with its version (`https://api.openai.com/v1`).
    """

    def __init__(self, asking: Asking | None = None) -> None:
        self._asking = asking or Asking(TITLE)

    def knows(self, language: str, model: str) -> bool:
        return knows("openai", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        if not secret or not secret.get("key"):
            raise ProviderRefused(TITLE, "its connection has no key")
        seconds = check_size(sound, TITLE, most_mb=MOST_MB)
        code, warnings = languages.asked(wanted.language, CODES["openai"], TITLE)
        body, kind = encode_multipart_formdata(
            [
                ("file", ("sound.flac", sound.read_bytes(), "audio/flac")),
                *_fields(code, wanted.keywords),
            ]
        )
        endpoint = dict(wanted.options).get("endpoint", "").rstrip("/") or ENDPOINT
        headers = {"Authorization": f"Bearer {secret['key']}", "Content-Type": kind}
        asking = self._asking.patient(seconds * WAIT_PER_SECOND)
        answer = asking("POST", f"{endpoint}/audio/transcriptions", headers=headers, body=body)
        try:
            return _transcript(answer.json(TITLE), code, seconds, warnings)
        except Unexpected:
            raise not_as_documented(TITLE) from None


def _fields(code: str | None, keywords: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield "model", MODEL
    yield "response_format", "verbose_json"
    yield "timestamp_granularities[]", "word"
    if code:
        yield "language", code
    if keywords:
        yield "prompt", ", ".join(keywords)[:MOST_PROMPT_CHARS]


def _transcript(
    answer: Any, code: str | None, seconds: float, warnings: tuple[str, ...]
) -> Transcript:
    text = member(answer, "text", str)
    heard = languages.named(str(answer.get("language") or "")) or languages.canonical(code or "")
    return Transcript(
        words_of(_tokens(answer, text), scale=1000),
        heard or languages.AUTO,
        _billed(answer, seconds),
        warnings,
    )


def _tokens(answer: Any, text: str) -> Iterator[Token]:
    """Its words are bare: punctuation stands in the text alone. A server that only speaks alike may
    give sentences instead, whose words are spread.
    """
    if not text.strip():
        return iter(())
    words = answer.get("words") or []
    name, parts = ("word", words) if words else ("text", member(answer, "segments", list))
    if not isinstance(parts, list):
        raise Unexpected
    tokens = [(member(part, name, str), part.get("start"), part.get("end")) for part in parts]
    return punctuated(tokens, text) if words else iter(tokens)


def _billed(answer: Any, seconds: float) -> float:
    """By its own count; a server that only speaks alike may have none."""
    usage = answer.get("usage")
    said = usage.get("seconds") if isinstance(usage, dict) else answer.get("duration")
    return milliseconds(said, 1000) / 1000 if said is not None else seconds
