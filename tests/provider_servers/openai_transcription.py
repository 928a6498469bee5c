"""OpenAI's audio transcriptions, as documented:
https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

from __future__ import annotations

from typing import Any

from provider_servers.listening import KEY, Heard, ListeningServer


class OpenAiServer(ListeningServer):
    def refusal(self, heard: Heard) -> tuple[int, Any] | None:
        given = heard.headers.get("authorization", "")
        if given != f"Bearer {KEY}":
            told = f"Incorrect API key provided: {given.removeprefix('Bearer ')}."
            return 401, _error(told, "invalid_api_key")
        if heard.path != "/v1/audio/transcriptions":
            return 404, _error(f"Invalid URL (POST {heard.path})", None)
        file = heard.part("file")
        if not file or not file.file.endswith(".flac") or not file.body.startswith(b"fLaC"):
            return 400, _error("Invalid file format.", None)
        if heard.text("model") != "whisper-1":
            return 404, _error("The model does not exist", "model_not_found")
        if heard.texts("timestamp_granularities[]") and (
            heard.text("response_format") != "verbose_json"
        ):
            return 400, _error("timestamp_granularities needs verbose_json", None)
        language = heard.text("language")
        if language is not None and len(language) != 2:
            return 400, _error(f"Invalid language '{language}'.", "invalid_language_format")
        return None

    def transcript(self) -> Any:
        words = [("Save", 0.27, 0.56), ("20", 0.56, 1.22), ("says", 1.22, 1.33)]
        words += [("Okonkwo", 1.33, 1.95), ("Sí", 1.95, 2.44)]
        return {
            "task": "transcribe",
            "language": "english",
            "duration": 6.25,
            "text": "Save 20%, says Okonkwo. ¿Sí?",
            "words": [{"word": word, "start": start, "end": end} for word, start, end in words],
            "usage": {"type": "duration", "seconds": 7},
        }

    def silence(self) -> Any:
        return {**self.transcript(), "text": "", "words": []}


def _error(message: str, code: str | None) -> Any:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}
