"""ElevenLabs' speech to text, as documented:
https://elevenlabs.io/docs/api-reference/speech-to-text/convert
"""

from __future__ import annotations

from typing import Any

from provider_servers.listening import KEY, Heard, ListeningServer


def token(text: str, start: float, end: float, kind: str = "word") -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, "type": kind, "speaker_id": "speaker_0"}


class ElevenLabsServer(ListeningServer):
    def refusal(self, heard: Heard) -> tuple[int, Any] | None:
        if heard.headers.get("xi-api-key") != KEY:
            told = {"status": "invalid_api_key", "message": "Invalid API key"}
            return 401, {"detail": told}
        if heard.path != "/v1/speech-to-text":
            return 404, {"detail": "Not Found"}
        file, model = heard.part("file"), heard.text("model_id")
        if not file or not file.file or not file.body.startswith(b"fLaC"):
            return 422, {"detail": [{"loc": ["body", "file"], "msg": "Field required"}]}
        terms = heard.texts("keyterms")
        if model not in ("scribe_v1", "scribe_v2") or (terms and model == "scribe_v1"):
            return 400, {"detail": {"status": "invalid_model", "message": "not with this model"}}
        if len(terms) > 100 or any(len(term) >= 50 or len(term.split()) > 5 for term in terms):
            return 400, {"detail": {"status": "invalid_keyterms", "message": "keyterms too long"}}
        if heard.text("timestamps_granularity") not in ("none", "word", "character", None):
            return 422, {"detail": [{"loc": ["body"], "msg": "Input should be 'none' or 'word'"}]}
        return None

    def transcript(self) -> Any:
        return {
            "language_code": "eng",
            "language_probability": 0.98,
            "text": "Save 20%, says Okonkwo. ¿Sí?",
            "audio_duration_secs": 6.25,
            "words": [
                token("Save", 0.27, 0.56),
                token(" ", 0.56, 0.56, "spacing"),
                token("20%", 0.56, 1.22),
                token(",", 1.22, 1.22),
                token(" ", 1.22, 1.22, "spacing"),
                token("says", 1.22, 1.33),
                token("(laughter)", 1.33, 1.33, "audio_event"),
                token(" ", 1.33, 1.33, "spacing"),
                token("Okonkwo.", 1.33, 1.95),
                token("¿", 1.95, 1.95),
                token("Sí", 1.95, 2.44),
                token("?", 2.44, 2.44),
            ],
        }

    def silence(self) -> Any:
        said = {"language_code": "eng", "language_probability": 0.1, "text": "", "words": []}
        return {**said, "audio_duration_secs": 6.25}
