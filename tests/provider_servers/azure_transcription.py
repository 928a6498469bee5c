"""Azure's fast transcription, as documented:
https://learn.microsoft.com/azure/ai-services/speech-service/fast-transcription-create
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from provider_servers.listening import KEY, Heard, ListeningServer

PATH = "/speechtotext/transcriptions:transcribe"


def phrase(*words: tuple[str, int, int]) -> dict[str, Any]:
    timed = [
        {"text": text, "offsetMilliseconds": start, "durationMilliseconds": end - start}
        for text, start, end in words
    ]
    return {
        "offsetMilliseconds": words[0][1],
        "durationMilliseconds": words[-1][2] - words[0][1],
        "text": " ".join(text for text, _, _ in words),
        "words": timed,
        "locale": "en-US",
        "confidence": 0.93616915,
    }


class AzureServer(ListeningServer):
    def refusal(self, heard: Heard) -> tuple[int, Any] | None:
        if heard.headers.get("ocp-apim-subscription-key") != KEY:
            told = "Access denied due to invalid subscription key or wrong API endpoint."
            return 401, {"error": {"code": "401", "message": told}}
        parts = urlsplit(heard.path)
        if parts.path != PATH or parse_qs(parts.query).get("api-version") != ["2025-10-15"]:
            return 404, {"error": {"code": "404", "message": "Resource not found"}}
        audio, definition = heard.part("audio"), json.loads(heard.text("definition") or "null")
        if not audio or not audio.file or not audio.body.startswith(b"fLaC"):
            return 400, {"code": "InvalidRequest", "message": "audio is missing or not supported."}
        if not isinstance(definition, dict) or not _allowed(definition):
            return 400, {"code": "InvalidRequest", "message": "The definition is invalid."}
        return None

    def transcript(self) -> Any:
        return {
            "durationMilliseconds": 6250,
            "combinedPhrases": [{"text": "Save 20%, says Okonkwo. ¿Sí?"}],
            "phrases": [
                phrase(("Save", 270, 560), ("20%,", 560, 1220), ("says", 1220, 1330)),
                phrase(("Okonkwo.", 1330, 1950), ("¿Sí?", 1950, 2440)),
            ],
        }

    def silence(self) -> Any:
        return {"durationMilliseconds": 6250, "combinedPhrases": [], "phrases": []}


def _allowed(definition: dict[str, Any]) -> bool:
    names = {"locales", "profanityFilterMode", "channels", "diarization", "phraseList"}
    return definition.keys() <= names and all(
        "-" in locale for locale in definition.get("locales", ())
    )
