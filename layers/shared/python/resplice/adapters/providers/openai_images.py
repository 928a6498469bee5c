"""Images of OpenAI, and of what speaks like it: one request that is answered with the picture.

The request is that of https://platform.openai.com/docs/api-reference/images/create. No
`response_format` is sent, which newer models refuse: a picture comes as base64 or as an address.
Nothing documented makes a request safe to repeat.
"""

from __future__ import annotations

from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from resplice.adapters.providers import generation
from resplice.adapters.providers.generation import Input
from resplice.adapters.providers.http import Asking
from resplice.errors import ProviderLost, ProviderRefused
from resplice.frozen import frozen
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started

TITLE = "OpenAI"
ENDPOINT = "https://api.openai.com/v1"
READ_SECONDS = 300
"""A picture of high quality takes minutes, in one answer."""
ADDRESS = "url:"
"""Before an address in a job."""


@frozen
class OpenAIImages:
    """Implements ports.generators.GeneratorProvider, for pictures. The secret's `key` is an API
    key. An endpoint is the base of the API: `http://localhost:8080/v1`, or without a path.
    """

    ask: Asking = field(default_factory=partial(Asking, TITLE, READ_SECONDS))

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """No job when the picture came; the job is its address when that came."""
        if wanted.kind != "image":
            raise ProviderRefused(TITLE, "it generates no videos")
        headers = {"Authorization": f"Bearer {generation.key_of(TITLE, secret)}"}
        model = generation.model_of(TITLE, wanted)
        fields = generation.merged(TITLE, _input(wanted), wanted) | {"model": model}
        answer = generation.posted(self.ask, TITLE, _url(wanted), headers, fields)
        picture = _picture(answer)
        if isinstance(url := picture.get("url"), str) and url and not picture.get("b64_json"):
            return Started(f"{ADDRESS}{_fit(url)}")
        generation.write(TITLE, picture.get("b64_json"), into)
        return Started()

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        """Asks nobody: what there is came with the start."""
        if not job.startswith(ADDRESS):
            raise ProviderRefused(TITLE, "it has no jobs that could be asked for")
        return generation.delivered(TITLE, job.removeprefix(ADDRESS), into)


def _url(wanted: Generation) -> str:
    place = generation.base_of(TITLE, wanted, ENDPOINT)
    return (
        f"{place}/images/generations" if urlsplit(place).path else f"{place}/v1/images/generations"
    )


def _fit(url: str) -> str:
    """An address that can be noted. Raises ProviderLost."""
    if not generation.notable(url, generation.MAX_ADDRESS_CHARS):
        raise ProviderLost(TITLE, "its answer names no usable address; it may have been paid for")
    return url


def _input(wanted: Generation) -> Input:
    return {"prompt": wanted.prompt, "n": 1, "size": f"{wanted.width}x{wanted.height}"}


def _picture(answer: Any) -> Input:
    pictures = answer.get("data") if isinstance(answer, dict) else None
    first = pictures[0] if isinstance(pictures, list) and pictures else None
    if not isinstance(first, dict):
        raise ProviderLost(TITLE, "its answer holds no picture; it may have been paid for")
    return first
