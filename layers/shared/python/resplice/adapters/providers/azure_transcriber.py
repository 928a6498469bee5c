"""Azure Speech: fast transcription, which answers at once, with the time of each word.

The wire format: https://learn.microsoft.com/azure/ai-services/speech-service/fast-transcription-create
and, for keywords, https://learn.microsoft.com/azure/ai-services/speech-service/improve-accuracy-phrase-list
Languages: https://learn.microsoft.com/azure/ai-services/speech-service/language-support?tabs=stt
"""

from __future__ import annotations

import json
import re
from collections import Counter
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

TITLE = "Azure Speech"
API_VERSION = "2025-10-15"
MOST_MB, MOST_HOURS = 500, 5
"""Of the sound, as the page above has it."""
MOST_PHRASES = 500
NOBODY_SPEAKS = "No language was identified"
"""Its refusal (422, NoLanguageIdentified) of a silence of which it was to find out the language:
https://github.com/open-webui/open-webui/issues/20485
"""
WAIT_PER_SECOND = 0.5
"""How much longer is waited for an answer, for each second of sound."""
_REGION = re.compile(r"[a-z0-9]{2,40}")


class AzureTranscriber:
    """Implements ports.transcribers.TranscriberProvider. Options: `region`, or `endpoint`."""

    def __init__(self, asking: Asking | None = None) -> None:
        self._asking = asking or Asking(TITLE)

    def knows(self, language: str, model: str) -> bool:
        return knows("azure", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        seconds = check_size(sound, TITLE, most_mb=MOST_MB, most_hours=MOST_HOURS)
        locale, warnings = languages.asked(wanted.language, CODES["azure"], TITLE)
        body, kind = encode_multipart_formdata(
            {
                "audio": ("sound.flac", sound.read_bytes(), "audio/flac"),
                "definition": json.dumps(_definition(locale, wanted.keywords)),
            }
        )
        asking = self._asking.patient(seconds * WAIT_PER_SECOND)
        try:
            answer = asking("POST", _url(wanted), headers=_headers(secret, kind), body=body)
        except ProviderRefused as refused:
            if locale is None and NOBODY_SPEAKS in refused.reason:
                return Transcript((), languages.AUTO, seconds, warnings)
            raise
        try:
            return _transcript(answer.json(TITLE), locale, warnings)
        except Unexpected:
            raise not_as_documented(TITLE) from None


def _headers(secret: Secret | None, kind: str) -> dict[str, str]:
    if not secret or not secret.get("key"):
        raise ProviderRefused(TITLE, "its connection has no key")
    return {"Ocp-Apim-Subscription-Key": secret["key"], "Content-Type": kind}


def _url(wanted: Listening) -> str:
    options = dict(wanted.options)
    endpoint, region = options.get("endpoint", "").rstrip("/"), options.get("region", "")
    if not endpoint and not _REGION.fullmatch(region):
        raise ProviderRefused(TITLE, "its connection needs a region (`westeurope`) or an endpoint")
    base = endpoint or f"https://{region}.api.cognitive.microsoft.com"
    return f"{base}/speechtotext/transcriptions:transcribe?api-version={API_VERSION}"


def _definition(locale: str | None, keywords: tuple[str, ...]) -> dict[str, Any]:
    """Without a locale the service finds out; it masks swearing unless it is told not to."""
    said: dict[str, Any] = {"profanityFilterMode": "None"}
    if locale:
        said["locales"] = [locale]
    if keywords:
        said["phraseList"] = {"phrases": list(keywords[:MOST_PHRASES])}
    return said


def _transcript(answer: Any, locale: str | None, warnings: tuple[str, ...]) -> Transcript:
    phrases = member(answer, "phrases", list)
    return Transcript(
        words_of(token for phrase in phrases for token in _tokens(phrase)),
        _most_heard(phrases) or locale or languages.AUTO,
        milliseconds(member(answer, "durationMilliseconds", (int, float))) / 1000,
        warnings,
    )


def _most_heard(phrases: list[Any]) -> str | None:
    said = (phrase.get("locale") for phrase in phrases if isinstance(phrase, dict))
    heard = Counter(filter(None, (languages.canonical(str(each or "")) for each in said)))
    return heard.most_common(1)[0][0] if heard else None


def _tokens(phrase: Any) -> Iterator[Token]:
    """Its words; the phrase itself when it came without."""
    if not isinstance(phrase, dict):
        raise Unexpected
    words = phrase.get("words") or [phrase]
    if not isinstance(words, list):
        raise Unexpected
    for word in words:
        start = milliseconds(member(word, "offsetMilliseconds", (int, float)))
        lasts = milliseconds(member(word, "durationMilliseconds", (int, float)))
        yield word.get("text"), start, start + lasts
