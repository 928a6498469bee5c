"""Azure Speech speaks, by its REST API. It gives no times of words there.

Requests, formats of sound, and that an answer holds no more than 10 minutes:
https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech
The markup: https://learn.microsoft.com/azure/ai-services/speech-service/speech-synthesis-markup
What is paid: https://learn.microsoft.com/azure/ai-services/speech-service/text-to-speech#pricing-note
Resources with a name of their own:
https://learn.microsoft.com/azure/ai-services/speech-service/speech-services-private-link
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from resplice.adapters.providers.http import READ_SECONDS, Asking
from resplice.adapters.providers.speech_markup import escaped, opened, within
from resplice.adapters.providers.voice_requests import (
    expect_known,
    keep_sound,
    key_of,
    number_or_text,
    sayable,
    settings_of,
)
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance

TITLE = "Azure Speech"
SOUND = "riff-48khz-16bit-mono-pcm"
BYTES_PER_SECOND = 96_000
LONGEST_SECONDS = 600
"""More is cut off without a word."""
STYLE = ("style", "styledegree", "role")
PROSODY = ("rate", "pitch", "volume", "range", "contour")
SETTINGS = ("speed", *PROSODY, *STYLE)
NAMESPACES = {
    "version": "1.0",
    "xmlns": "http://www.w3.org/2001/10/synthesis",
    "xmlns:mstts": "https://www.w3.org/2001/mstts",
}
_VOICED = re.compile(r"<voice\b")
_NOT_PAID = re.compile(r"<\?xml[^>]*>|</?(?:speak|voice)\b[^>]*>")
_PAID_TWICE = re.compile(
    "[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_REGION = re.compile(r"[a-z0-9]+")
_OF_A_REGION = re.compile(r"([a-z0-9]+)\.(?:api\.cognitive|tts\.speech)\.microsoft\.com")


class AzureVoices:
    """Implements ports.voices.VoiceProvider. The connection says `region` or `endpoint`.

    model-settings: `speed` (1 is usual) or what Azure's prosody and express-as take.
    """

    max_characters = 2000
    """Far from LONGEST_SECONDS also where a character takes long, and is spoken slowly."""
    takes_ssml = True

    def __init__(
        self, *, read_s: float = READ_SECONDS, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """read_s: how long Azure may say nothing."""
        self._ask = Asking(TITLE, read_s, sleep)

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        key, url = key_of(TITLE, secret), speech_url(dict(utterance.options))
        document = _document(utterance, settings_of(TITLE, utterance))
        headers = {
            "Ocp-Apim-Subscription-Key": key,
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": SOUND,
            "User-Agent": "Resplice",
        }
        sound = self._ask("POST", url, headers=headers, body=document.encode()).body
        if len(sound) >= LONGEST_SECONDS * BYTES_PER_SECOND:
            raise ProviderRefused(TITLE, "the text takes more than 10 minutes to say; it was cut")
        keep_sound(TITLE, sound, "wav", into)
        return Spoken("wav", None, paid_characters(document))


def paid_characters(document: str) -> int:
    """All but the tags of speak and voice; Chinese characters are two."""
    paid = _NOT_PAID.sub("", document)
    return len(paid) + len(_PAID_TWICE.findall(paid))


def speech_url(options: Mapping[str, str]) -> str:
    """Where a connection of that `region` or `endpoint` speaks. Raises ProviderRefused."""
    endpoint, region = options.get("endpoint", "").strip().rstrip("/"), options.get("region", "")
    try:
        host, path = urlsplit(endpoint).hostname or "", urlsplit(endpoint).path
    except ValueError:
        raise ProviderRefused(TITLE, "its endpoint is no address") from None
    named = _OF_A_REGION.fullmatch(host)
    if named or not endpoint:
        region = named[1] if named else region.strip().lower()
        if not _REGION.fullmatch(region):
            raise ProviderRefused(TITLE, "its connection names neither a region nor an endpoint")
        return f"https://{region}.tts.speech.microsoft.com/cognitiveservices/v1"
    if host.endswith(".cognitiveservices.azure.com") and not path:
        endpoint += "/tts"
    return f"{endpoint}/cognitiveservices/v1"


def _document(utterance: Utterance, settings: dict[str, Any]) -> str:
    """The user's own document; only a voice and settings that it does not name are put in."""
    text, attributes = sayable(utterance.text), ""
    if utterance.ssml:
        attributes, inner = opened(TITLE, text)
        if _VOICED.search(inner):
            expect_known(TITLE, settings, ())
            return text
    else:
        inner = escaped(text)
    voiced = within("voice", {"name": utterance.voice}, _as_set(inner, settings))
    language = utterance.language or "-".join(utterance.voice.split("-")[:2])
    usual = {**NAMESPACES, "xml:lang": language}
    missing = (
        f" {name}={quoteattr(it)}" for name, it in usual.items() if f"{name}=" not in attributes
    )
    return f"<speak{attributes}{''.join(missing)}>{voiced}</speak>"


def _as_set(inner: str, settings: dict[str, Any]) -> str:
    expect_known(TITLE, settings, SETTINGS)
    said = {name: number_or_text(TITLE, name, value) for name, value in settings.items()}
    if "speed" in said:
        said.setdefault("rate", said["speed"])
    prosody = {name: said[name] for name in PROSODY if name in said}
    style = {name: said[name] for name in STYLE if name in said}
    return within("mstts:express-as", style, within("prosody", prosody, inner))
