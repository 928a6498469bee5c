"""Replicate: models that run as predictions, which are asked for until they end.

Requests are those of https://replicate.com/docs/reference/http (predictions.create,
predictions.get) and https://replicate.com/docs/topics/predictions/lifecycle. No `Prefer: wait` is
sent, so that the id comes at once; no header makes a request safe to repeat. Inputs are those of
each model's page, https://replicate.com/<owner>/<name>/api.
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
from resplice.frozen import frozen
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started

TITLE = "Replicate"
ENDPOINT = "https://api.replicate.com"
MAX_DEPTH = 4
"""Of what is looked through in an output."""
FAILED = frozenset({"failed", "canceled", "aborted"})


@frozen
class Replicate:
    """Implements ports.generators.GeneratorProvider. The secret's `key` is an API token.

    A model is `owner/name`, `owner/name:version` or a version.
    """

    ask: Asking = field(default_factory=partial(Asking, TITLE))

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """The job is the prediction's id."""
        url = f"{generation.base_of(TITLE, wanted, ENDPOINT)}/v1/predictions"
        fields = {
            "version": generation.model_of(TITLE, wanted),
            "input": generation.merged(TITLE, _input(wanted), wanted),
        }
        answer = generation.posted(self.ask, TITLE, url, _headers(secret), fields)
        return Started(generation.named(TITLE, answer, "id")["id"])

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        place = generation.base_of(TITLE, wanted, ENDPOINT)
        url = f"{place}/v1/predictions/{quote(job, safe='')}"
        said = generation.looked_up(self.ask, TITLE, url, _headers(secret))
        status = generation.status_of(said)
        if status in FAILED:
            raise generation.refusal(TITLE, said.get("error") or f"the prediction was {status}")
        if status != "succeeded":
            return None
        if said.get("data_removed") is True:
            raise generation.refusal(TITLE, "it has removed the result, which it keeps for an hour")
        return generation.delivered(TITLE, _first(said.get("output")), into)


def _headers(secret: Secret | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {generation.key_of(TITLE, secret)}"}


def _input(wanted: Generation) -> Input:
    ours: Input = {"prompt": wanted.prompt}
    known = served_as("replicate", wanted.model)
    if known is not None and known.sizing == "starred":
        ours["size"] = f"{wanted.width}*{wanted.height}"
    else:
        ours["aspect_ratio"] = RATIOS[wanted.shape]
    if length := whole_seconds("replicate", wanted.model, wanted.seconds):
        ours["duration"] = length
    return ours


def _first(output: Any, deep: int = 0) -> str | None:
    """The first text in an output, which is an address, or a list or an object of them."""
    if isinstance(output, str):
        return output
    inside = output.values() if isinstance(output, dict) else output
    if not isinstance(output, dict | list) or deep > MAX_DEPTH:
        return None
    return next(filter(None, (_first(each, deep + 1) for each in inside)), None)
