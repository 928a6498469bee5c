"""ElevenLabs' speech with timing and its list of voices, as documented:
https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from provider_servers.speaking import Asked, Handler, SpeakingServer, tone

SECONDS_PER_CHARACTER = 0.05
RACHEL = "21m00Tcm4TlvDq8ikWAM"
CLONED = "aBcDeFgHiJkLmNoPqRsT"
MODELS = ("eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_v3")
_SPEECH = re.compile(
    r"/v1/text-to-speech/([A-Za-z0-9]{20})/with-timestamps\?output_format=mp3_44100_(?:128|192)"
)


def aligned(text: str) -> dict[str, Any]:
    """Every character takes as long."""
    times = [round(at * SECONDS_PER_CHARACTER, 3) for at in range(len(text) + 1)]
    return {
        "characters": list(text),
        "character_start_times_seconds": times[:-1],
        "character_end_times_seconds": times[1:],
    }


class ElevenLabsServer(SpeakingServer):
    """bodies: of each request that was spoken. alignment: of a text, to be replaced by tests."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.bodies: list[dict[str, Any]] = []
        self.voices = {RACHEL, CLONED}
        self.alignment: Callable[[str], Any] = aligned

    def answer(self, to: Handler, asked: Asked) -> None:
        if asked.headers.get("xi-api-key") != self.key:
            told = {"status": "invalid_api_key", "message": "Invalid API key"}
            return to.give_json(401, {"detail": told})
        if (asked.method, asked.path) == ("GET", "/v1/voices"):
            return to.give_json(
                200,
                {
                    "voices": [
                        {"voice_id": RACHEL, "name": "Rachel"},
                        {"voice_id": CLONED, "name": "Our Narrator - calm, from Leeds"},
                    ]
                },
            )
        spoken = _SPEECH.fullmatch(asked.path)
        if asked.method != "POST" or not spoken:
            return to.give_json(404, {"detail": "Not Found"})
        return self._speak(to, spoken[1], json.loads(asked.body))

    def _speak(self, to: Handler, voice: str, body: dict[str, Any]) -> None:
        if voice not in self.voices:
            told = {"status": "voice_not_found", "message": f"A voice for {voice} was not found."}
            return to.give_json(400, {"detail": told})
        if body.get("model_id") not in MODELS or not isinstance(body.get("text"), str):
            problem = {"loc": ["body", "model_id"], "msg": "field required", "type": "missing"}
            return to.give_json(422, {"detail": [problem]})
        self.bodies.append(body)
        self.characters += len(body["text"])
        alignment = self.alignment(body["text"])
        given = {
            "audio_base64": base64.b64encode(tone("mp3")).decode(),
            "alignment": alignment,
            "normalized_alignment": alignment,
        }
        return to.give_json(200, given, character_cost=str(len(body["text"])))
