"""OpenAI's images, as https://platform.openai.com/docs/api-reference/images/create has them."""

from __future__ import annotations

import base64

from provider_servers.generating import KEY, ProviderServer, Reply, Request

SIZES = {
    "gpt-image-2": {"1024x1024", "1536x1024", "1024x1536"},
    "dall-e-3": {"1024x1024", "1792x1024", "1024x1792"},
}
FIELDS = {"model", "prompt", "n", "size", "quality", "background"}


def refusal(status: int, message: str, code: str | None = None) -> Reply:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Reply(status, {"error": error})


class OpenAIServer(ProviderServer):
    is_slow = False

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            shown = request.headers.get("authorization", "").removeprefix("Bearer ")
            return refusal(401, f"Incorrect API key provided: {shown[:3]}***.", "invalid_api_key")
        if (request.method, request.path) != ("POST", "/v1/images/generations"):
            return refusal(404, f"Invalid URL ({request.method} {request.path})")
        return self._image(request)

    def _image(self, request: Request) -> Reply:
        fields = request.fields()
        if strange := set(fields) - FIELDS:
            return refusal(400, f"Unknown parameter: '{min(strange)}'.", "unknown_parameter")
        sizes = SIZES.get(fields["model"])
        if sizes is None:
            return refusal(404, f"The model '{fields['model']}' does not exist", "model_not_found")
        if fields["size"] not in sizes:
            return refusal(400, f"Invalid value: '{fields['size']}'.", "invalid_value")
        if self.mode == "moderated":
            words = "Your request was rejected by the safety system. safety_violations=[violence]."
            return refusal(400, words, "moderation_blocked")
        if fields["model"] == "dall-e-3":
            return Reply(200, {"created": 1, "data": [{"url": self.made}]})
        picture = base64.b64encode(self.picture).decode()
        return Reply(200, {"created": 1, "data": [{"b64_json": picture}]})
