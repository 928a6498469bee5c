"""Replicate, as https://replicate.com/docs/reference/http describes it."""

from __future__ import annotations

from typing import Any

from provider_servers.generating import KEY, ProviderServer, Reply, Request

INPUTS = {
    "black-forest-labs/flux-schnell": {"prompt", "aspect_ratio", "num_outputs", "seed"},
    "wan-video/wan-2.5-t2v": {"prompt", "size", "duration", "seed"},
    "kwaivgi/kling-v1.6-standard": {"prompt", "aspect_ratio", "duration", "negative_prompt"},
    "google/nano-banana": {"prompt", "aspect_ratio", "image_input", "output_format"},
}
ID = "gm3qorzdhgbfurvjtvhg6dckhu"
ENDS: dict[str, dict[str, Any]] = {
    "failed": {"status": "failed", "error": "CUDA out of memory"},
    "moderated": {
        "status": "failed",
        "error": "The input or output was flagged as sensitive. Please try again (E005)",
    },
    "nsfw": {"status": "failed", "error": "NSFW content detected in all samples"},
    "canceled": {"status": "canceled"},
    "aborted": {"status": "aborted"},
    "removed": {"status": "succeeded", "output": None, "data_removed": True},
    "nothing": {"status": "succeeded", "output": []},
}


class ReplicateServer(ProviderServer):
    output: Any = None
    """Of what is made; None is a list of its address."""

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            words = "You did not pass a valid authentication token"
            return Reply(401, {"title": "Unauthenticated", "detail": words, "status": 401})
        if (request.method, request.path) == ("POST", "/v1/predictions"):
            return self._created(request)
        if (request.method, request.path) == ("GET", f"/v1/predictions/{ID}"):
            return Reply(200, self._prediction(**self._now()))
        return Reply(404, {"detail": "The requested resource could not be found.", "status": 404})

    def _created(self, request: Request) -> Reply:
        fields = request.fields()
        assert set(fields) == {"version", "input"}
        assert "prefer" not in request.headers
        known = INPUTS.get(fields["version"])
        if known is None:
            words = "The specified version does not exist (or perhaps you don't have permission?)"
            return Reply(422, {"title": "Invalid version", "detail": words, "status": 422})
        if strange := set(fields["input"]) - known:
            words = f"- input: Additional property {min(strange)} is not allowed"
            return Reply(422, {"title": "Input validation failed", "detail": words, "status": 422})
        return Reply(201, self._prediction(status="starting"))

    def _now(self) -> dict[str, Any]:
        if self.is_pending():
            return {"status": "processing"}
        made = [self.made] if self.output is None else self.output
        return ENDS.get(self.mode, {"status": "succeeded", "output": made})

    def _prediction(self, **now: Any) -> dict[str, Any]:
        urls = {"get": self.url(f"/v1/predictions/{ID}"), "cancel": self.url("/cancel")}
        return {"id": ID, "output": None, "error": None, "logs": "", "urls": urls, **now}
