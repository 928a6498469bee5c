"""Bedrock's InvokeModel for models that make pictures, as AWS's user guides describe it.

Signatures are not recomputed; that each request is signed for the service is checked.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote

from provider_servers.generating import PICTURE, ProviderServer, Reply, Request

ACCESS_KEY = "AKIDEXAMPLE"
STABILITY = "stability.stable-image-core-v1:1"
NOVA = "amazon.nova-canvas-v1:0"
RATIOS = {"16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"}
BLOCKED = (
    "This request has been blocked by our content filters. Please adjust your text prompt to "
    "submit a new request."
)
NOT_SHOWN = "Our system automatically blocked images that violate Responsible AI policies."


def error(status: int, kind: str, message: str) -> Reply:
    return Reply(status, {"message": message}, {"x-amzn-ErrorType": kind})


class BedrockServer(ProviderServer):
    is_slow = False

    def answer(self, request: Request) -> Reply:
        signed = request.headers.get("authorization", "")
        if not signed.startswith(f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/"):
            words = "The security token included in the request is invalid."
            return error(403, "UnrecognizedClientException", words)
        assert "/bedrock/aws4_request" in signed
        _, model, _ = (unquote(part) for part in request.place.strip("/").split("/"))
        if model == STABILITY:
            return self._stability(request.fields())
        if model == NOVA:
            return self._nova(request.fields())
        return error(400, "ValidationException", "The provided model identifier is invalid.")

    def _stability(self, fields: Any) -> Reply:
        if strange := set(fields) - {"prompt", "aspect_ratio", "seed", "negative_prompt"}:
            words = f"Malformed input request: extraneous key [{min(strange)}] is not permitted"
            return error(400, "ValidationException", words)
        assert fields["aspect_ratio"] in RATIOS
        if about := {"moderated": "prompt", "nsfw": "output image"}.get(self.mode):
            return Reply(200, {"finish_reasons": [f"Filter reason: {about}"]})
        return Reply(200, {"seeds": [7], "finish_reasons": [None], "images": [picture()]})

    def _nova(self, fields: Any) -> Reply:
        assert fields["taskType"] == "TEXT_IMAGE"
        assert list(fields["textToImageParams"]) == ["text"]
        config = fields["imageGenerationConfig"]
        assert config["width"] % 16 == config["height"] % 16 == 0
        assert config["numberOfImages"] == 1
        if self.mode == "moderated":
            return error(400, "ValidationException", BLOCKED)
        if self.mode == "nsfw":
            return Reply(200, {"images": [], "error": NOT_SHOWN})
        return Reply(200, {"images": [picture()]})


def picture() -> str:
    return base64.b64encode(PICTURE).decode()
