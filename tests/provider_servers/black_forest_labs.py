"""Black Forest Labs, as https://docs.bfl.ai describes it: a task is known at one address."""

from __future__ import annotations

from typing import Any

from provider_servers.generating import KEY, ProviderServer, Reply, Request

INPUTS = {
    "flux-dev": {"prompt", "width", "height", "seed", "steps"},
    "flux-pro-1.1": {"prompt", "width", "height", "seed", "safety_tolerance"},
    "flux-pro-1.1-ultra": {"prompt", "aspect_ratio", "seed"},
}
ID = "2f0f8b1c-6a0e-4d3c-9a58-0f1c3c1c1c1c"
ENDS: dict[str, dict[str, Any]] = {
    "moderated": {
        "status": "Request Moderated",
        "details": {"Moderation Reasons": ["Derivative Works Filter"]},
    },
    "nsfw": {"status": "Content Moderated", "details": {"Moderation Reasons": ["Safety Filter"]}},
    "failed": {"status": "Error", "details": {"error": "the worker died"}},
    "unknown": {"status": "Task not found"},
    "nothing": {"status": "Ready", "result": None},
}


class BlackForestLabsServer(ProviderServer):
    polling: str | None = None
    """An address that is said to be asked at, instead of the right one."""

    def answer(self, request: Request) -> Reply:
        if request.headers.get("x-key") != KEY:
            return Reply(403, {"detail": "Not authenticated - Invalid Authentication"})
        model = request.place.removeprefix("/v1/")
        if request.method == "POST" and model in INPUTS:
            return self._submitted(model, request)
        if request.path == f"/v1/get_result?id={ID}&cluster=eu4":
            return Reply(200, self._now())
        if request.place == "/v1/get_result":
            return Reply(200, {"id": "?", "status": "Task not found", "result": None})
        return Reply(404, {"detail": "Not Found"})

    def _submitted(self, model: str, request: Request) -> Reply:
        fields = request.fields()
        assert set(fields) <= INPUTS[model]
        sides = [fields[side] for side in ("width", "height") if side in fields]
        if any(side % 32 or not 256 <= side <= 1440 for side in sides):
            words = "Input should be a multiple of 32"
            return Reply(422, {"detail": [{"loc": ["body", "width"], "msg": words}]})
        right = self.url(f"/v1/get_result?id={ID}&cluster=eu4")
        return Reply(
            200, {"id": ID, "polling_url": right if self.polling is None else self.polling}
        )

    def _now(self) -> dict[str, Any]:
        if self.is_pending():
            return {"id": ID, "status": "Pending", "result": None}
        made = {"status": "Ready", "result": {"sample": self.made, "seed": 1}}
        return {"id": ID, "result": None, **ENDS.get(self.mode, made)}
