"""fal: models behind a queue, which is asked for a request until it is completed.

Requests are those of https://fal.ai/docs/api-reference/inference-api and
https://docs.fal.ai/documentation/model-apis/inference/queue; errors those of
https://fal.ai/docs/documentation/model-apis/errors and .../request-errors. Nothing documented
makes a submit safe to repeat. Inputs are those of https://fal.ai/models/<model>/llms.txt.
"""

from __future__ import annotations

from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from resplice.adapters.providers import generation
from resplice.adapters.providers.generation import Input
from resplice.adapters.providers.http import Asking
from resplice.core.models import RATIOS, served_as, whole_seconds
from resplice.errors import ProviderBusy
from resplice.frozen import frozen
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started

TITLE = "fal"
ENDPOINT = "https://queue.fal.run"
NAMESPACES = frozenset({"workflows", "comfy"})
"""What may stand before the owner in the name of a model."""
FAILED = frozenset({"FAILED", "CANCELED", "CANCELLED"})


@frozen
class Fal:
    """Implements ports.generators.GeneratorProvider. The secret's `key` is an API key.

    A model is `owner/app` or `owner/app/path`.
    """

    ask: Asking = field(default_factory=partial(Asking, TITLE))

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """The job is the request's id."""
        url = f"{generation.base_of(TITLE, wanted, ENDPOINT)}/{generation.model_of(TITLE, wanted)}"
        fields = generation.merged(TITLE, _input(wanted), wanted)
        answer = generation.posted(self.ask, TITLE, url, _headers(secret), fields)
        return Started(generation.named(TITLE, answer, "request_id")["request_id"])

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        headers = _headers(secret)
        url = _request(wanted, job)
        said = generation.looked_up(self.ask, TITLE, f"{url}/status", headers)
        status = generation.status_of(said)
        if said.get("error") or status in FAILED:
            raise generation.refusal(TITLE, said.get("error") or "the request failed")
        if status != "COMPLETED":
            return None
        result = self._result(url, headers)
        if _first(result.get("has_nsfw_concepts")) is True:
            raise generation.refusal(TITLE, "the result was marked as not safe (nsfw)")
        return generation.delivered(TITLE, _address(result), into)

    def _result(self, url: str, headers: dict[str, str]) -> Input:
        """In its place stands the error of a model that broke, for as long as results are kept."""
        try:
            return generation.looked_up(self.ask, TITLE, url, headers)
        except ProviderBusy as error:
            if error.reason.startswith("500"):
                raise generation.refusal(TITLE, error.reason) from None
            raise


def _request(wanted: Generation, job: str) -> str:
    """Where a request is asked for: under the owner and the app, without the rest of the model.

    Its addresses also come with the answer to the submit; ours are made, so that a key goes only
    to where the operator says.
    """
    parts = generation.model_of(TITLE, wanted).split("/")
    app = "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])
    return f"{generation.base_of(TITLE, wanted, ENDPOINT)}/{app}/requests/{quote(job, safe='')}"


def _headers(secret: Secret | None) -> dict[str, str]:
    return {"Authorization": f"Key {generation.key_of(TITLE, secret)}"}


def _input(wanted: Generation) -> Input:
    ours: Input = {"prompt": wanted.prompt}
    known = served_as("fal", wanted.model)
    if known.sizing == "ratio" if known else wanted.kind == "video":
        ours["aspect_ratio"] = RATIOS[wanted.shape]
    else:
        ours["image_size"] = {"width": wanted.width, "height": wanted.height}
    if wanted.kind == "image":
        ours["num_images"] = 1
    if length := whole_seconds("fal", wanted.model, wanted.seconds):
        ours["duration"] = str(length)
    return ours


def _first(value: Any) -> Any:
    return next(iter(value), None) if isinstance(value, list) else value


def _address(result: Input) -> Any:
    """Of the first picture or the clip in a result."""
    found = (_first(result.get(name)) for name in ("images", "image", "video", "videos"))
    return next((each.get("url") for each in found if isinstance(each, dict)), None)
