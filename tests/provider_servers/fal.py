"""fal's queue, as https://fal.ai/docs/api-reference/inference-api describes it."""

from __future__ import annotations

from typing import Any

from provider_servers.generating import KEY, ProviderServer, Reply, Request

INPUTS = {
    "fal-ai/flux/schnell": {"prompt", "image_size", "num_images", "seed", "sync_mode"},
    "fal-ai/nano-banana": {"prompt", "aspect_ratio", "num_images", "output_format"},
    "fal-ai/kling-video/v1.6/standard/text-to-video": {"prompt", "aspect_ratio", "duration"},
    "workflows/someone/theirs": {"prompt", "image_size", "num_images"},
}
ID = "764cabcf-b745-4b3e-ae38-1200304cf45b"
FLAGGED = {
    "loc": ["body", "prompt"],
    "msg": "The content could not be processed because it contained material flagged by a "
    "content checker.",
    "type": "content_policy_violation",
}
BAD_SEED = {"loc": ["body", "seed"], "msg": "value is not a valid integer", "type": "int_parsing"}


class FalServer(ProviderServer):
    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Key {KEY}":
            return Reply(401, {"detail": "Authentication is required to access this application."})
        model, _, rest = request.path.strip("/").partition("/requests/")
        if request.method == "POST":
            return self._submitted(model, request)
        apps = {"/".join(name.split("/")[: 2 + name.startswith("workflows/")]) for name in INPUTS}
        if model not in apps:
            return Reply(405, {"detail": "Method Not Allowed"})
        if rest == f"{ID}/status":
            return self._status()
        if rest == ID:
            return self._result()
        return Reply(404, {"detail": "Request not found"})

    def _submitted(self, model: str, request: Request) -> Reply:
        if model not in INPUTS:
            return Reply(404, {"detail": f"Application '{model}' not found"})
        assert set(request.fields()) <= INPUTS[model], request.fields()
        self.at = self.url(f"/{model}/requests/{ID}")
        return Reply(200, {"request_id": ID, "status": "IN_QUEUE", "response_url": self.at})

    def _status(self) -> Reply:
        said: dict[str, Any] = {"request_id": ID, "status": "IN_PROGRESS"}
        if self.is_pending():
            return Reply(202, said)
        said["status"] = "COMPLETED"
        if self.mode == "failed":
            said |= {"error": "Runner disconnected", "error_type": "runner_disconnected"}
        return Reply(200, said)

    def _result(self) -> Reply:
        if self.mode == "moderated":
            return Reply(422, {"detail": [FLAGGED]})
        if self.mode == "invalid":
            return Reply(422, {"detail": [BAD_SEED]})
        if self.mode == "broken":
            return Reply(500, {"detail": "Internal Server Error"})
        if self.mode == "nothing":
            return Reply(200, {"images": [], "seed": 1})
        found = {"url": self.made, "content_type": "image/png"}
        if self.made.endswith(".mp4"):
            return Reply(200, {"video": found})
        return Reply(200, {"images": [found], "has_nsfw_concepts": [self.mode == "nsfw"]})
