"""Black Forest Labs: FLUX models, asked for at the address that each request is given.

Requests are those of https://docs.bfl.ai/quick_start/generating_images and
https://docs.bfl.ai/api-reference; statuses those of https://docs.bfl.ai/api_integration/errors. A
result lies at its address for ten minutes. Nothing documented makes a request safe to repeat.
"""

from __future__ import annotations

from dataclasses import field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from urllib3.util import parse_url

from resplice.adapters.providers import generation
from resplice.adapters.providers.generation import Input
from resplice.adapters.providers.http import Asking
from resplice.core.models import RATIOS
from resplice.errors import ProviderRefused
from resplice.frozen import frozen
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started

TITLE = "Black Forest Labs"
ENDPOINT = "https://api.bfl.ai"
OWN = (".bfl.ai", ".bfl.ml")
"""Hosts that requests to the one endpoint may be given to."""
MODERATED = frozenset({"Request Moderated", "Content Moderated"})
FAILED = frozenset({"Error", "Failed"})
BY_RATIO = ("flux-kontext", "flux-pro-1.1-ultra")


@frozen
class BlackForestLabs:
    """Implements ports.generators.GeneratorProvider, for pictures. The secret's `key` is that of
    the API. A model is the last part of its address: `flux-pro-1.1`.
    """

    ask: Asking = field(default_factory=partial(Asking, TITLE))

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """The job is the address to ask at, as only that one knows the request for sure; its id
        when the address is not the provider's own, so that nobody else is sent the key.
        """
        if wanted.kind != "image":
            raise ProviderRefused(TITLE, "it generates no videos")
        place = generation.base_of(TITLE, wanted, ENDPOINT)
        url = f"{place}/v1/{quote(generation.model_of(TITLE, wanted), safe='')}"
        fields = generation.merged(TITLE, _input(wanted), wanted)
        answer = generation.posted(self.ask, TITLE, url, _headers(secret), fields)
        job = str(generation.named(TITLE, answer, "id")["id"])
        polling = answer.get("polling_url")
        usable = isinstance(polling, str) and generation.notable(
            polling, generation.MAX_ADDRESS_CHARS
        )
        return Started(polling if usable and _is_own(polling, place) else job)

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        place = generation.base_of(TITLE, wanted, ENDPOINT)
        known = f"{place}/v1/get_result?id={quote(job, safe='')}"
        url = job if _is_own(job, place) else known
        said = generation.looked_up(self.ask, TITLE, url, _headers(secret))
        status = generation.status_of(said)
        if status in MODERATED:
            raise generation.refusal(TITLE, _reason(status, said.get("details")))
        if status in FAILED:
            raise generation.refusal(TITLE, said.get("details") or said.get("error") or status)
        if status == "Task not found":
            raise ProviderRefused(TITLE, "it does not know the task, or knows it no longer")
        if status != "Ready":
            return None
        result = said.get("result")
        found = result.get("sample") if isinstance(result, dict) else None
        return generation.delivered(TITLE, found, into)


def _headers(secret: Secret | None) -> dict[str, str]:
    return {"x-key": generation.key_of(TITLE, secret)}


def _input(wanted: Generation) -> Input:
    if wanted.model.startswith(BY_RATIO):
        return {"prompt": wanted.prompt, "aspect_ratio": RATIOS[wanted.shape]}
    return {"prompt": wanted.prompt, "width": wanted.width, "height": wanted.height}


def _is_own(url: str, place: str) -> bool:
    """Whether the address is at the endpoint, or at a host of the provider when that is it.

    It is read as by who connects: others see another host behind a backslash.
    """
    try:
        asked, ours = parse_url(url), parse_url(place)
    except ValueError:
        return False
    if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
        return asked.host is not None
    hosts = (asked.host or "", ours.host or "")
    return asked.scheme == "https" and asked.port is None and all(map(_of_theirs, hosts))


def _of_theirs(host: str) -> bool:
    return host.endswith(OWN)


def _reason(status: str, details: object) -> str:
    """Details are `{"Moderation Reasons": ["..."]}`."""
    reasons = details.get("Moderation Reasons") if isinstance(details, dict) else None
    said = filter(lambda each: isinstance(each, str), reasons if isinstance(reasons, list) else ())
    named = ", ".join(said)
    return f"{status} ({named})" if named else status
